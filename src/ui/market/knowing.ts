/** What the interface is told of the market's past, of hosts and of alerts. */
import type { AlertMemory } from '../../domain/alert.ts';
import type { HostHistory } from '../../domain/hostMemory.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { AlertWatch, Appeared } from '../../services/alertWatch.ts';
import type { MarketMemory } from '../../services/marketMemory.ts';

export interface Knowledge {
  readonly memory: MarketMemory;
  readonly history: HostHistory;
  readonly wishes: AlertMemory;
  readonly alerts: AlertWatch;
}

export interface Knowing {
  /** Reads it, the first time. */
  use(): Promise<Knowledge>;
  /** Undefined until somebody has used it, or the market was read. */
  readonly made: Knowledge | undefined;
  /** A reading was taken in: standings may have changed. */
  readonly onDidChange: (listener: () => void) => Disposable;
  readonly onDidAppear: (listener: (appeared: Appeared) => void) => Disposable;
  /** Whether there is an alert to look for. */
  pending(): boolean;
  check(signal: AbortSignal): Promise<void>;
}
