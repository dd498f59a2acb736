import type { OfferKind, ProviderId } from './offer.ts';
import { zeroRate, type UsdPerHour } from './money.ts';
import type { Workers } from './serverless.ts';

export type InstanceId = `${ProviderId}:${string}`;

/**
 * `unknown` is honest: the provider was not heard, or said something we cannot read.
 * `ending` lasts until the provider has stopped listing the machine, because until then it bills.
 */
export type InstanceState = 'starting' | 'ready' | 'stopping' | 'stopped' | 'ending' | 'failed' | 'unknown';

/** What a starting machine is doing, as far as the provider says. */
export type StartStage = 'scheduling' | 'pulling' | 'booting' | 'waitingForSsh';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** A provider's relay: slower, and it answers before the machine does. */
  readonly viaProxy: boolean;
}

export interface Rates {
  readonly running: UsdPerHour;
  /** While it starts, where the provider charges less then; else the full rate counts from the first second. */
  readonly starting?: UsdPerHour;
  /** When it failed, where the provider charges less then; else a broken machine costs what a working one does. */
  readonly failed?: UsdPerHour;
  readonly stopped: UsdPerHour;
}

/** An instance as the provider shows it at one moment. */
export interface SeenInstance {
  readonly id: InstanceId;
  readonly provider: ProviderId;
  /** The key within the provider, without its prefix. */
  readonly key: string;
  /** Our launch id on what we rented; anything else is somebody else's. */
  readonly label: string;
  readonly gpu: string;
  readonly gpuCount: number;
  readonly vramGb: number;
  readonly place: string;
  readonly kind: OfferKind;
  readonly diskGb: number;
  readonly state: InstanceState;
  readonly stage?: StartStage;
  /** Stopped by the market, not by us: an interruptible instance that was outbid. */
  readonly outbid: boolean;
  /** The least bid that holds it now, for its GPUs alone, where the provider says so. */
  readonly floor?: UsdPerHour;
  /** Only of an endpoint: it has no machine of its own, and nobody can work on it. */
  readonly workers?: Workers;
  readonly rates: Rates;
  /** Best first. Empty until the machine can be reached. */
  readonly endpoints: readonly Endpoint[];
  /** Provider's clock, epoch milliseconds. */
  readonly createdAt?: number;
  readonly startedAt?: number;
  /** Read-only text of the provider about this state, for the tooltip and the log. */
  readonly statusText: string;
  readonly image?: string;
}

/** What it costs now. When unsure the higher rate counts: the providers' charges mend a figure that is too high. */
export function burnOf(instance: Pick<SeenInstance, 'state' | 'rates'>): UsdPerHour {
  switch (instance.state) {
    case 'starting':
      return instance.rates.starting ?? instance.rates.running;
    case 'ready':
    case 'stopping':
    case 'ending':
    case 'unknown':
      return instance.rates.running;
    case 'failed':
      return instance.rates.failed ?? instance.rates.running;
    case 'stopped':
      return instance.rates.stopped;
  }
}

/** It costs no more than its disk: there is nothing left to stop. */
export const isAtRest = ({ state, rates }: Pick<SeenInstance, 'state' | 'rates'>): boolean =>
  state === 'stopped' || (state === 'failed' && rates.failed !== undefined);

export const noRates: Rates = { running: zeroRate, stopped: zeroRate };

/** Which actions a state allows; the interface and the services ask the same table. */
const allowed: Readonly<Record<InstanceAction, readonly InstanceState[]>> = {
  open: ['ready'],
  stop: ['ready', 'starting'],
  start: ['stopped'],
  reboot: ['ready'],
  destroy: ['starting', 'ready', 'stopping', 'stopped', 'failed', 'unknown', 'ending'],
};
export type InstanceAction = 'open' | 'stop' | 'start' | 'reboot' | 'destroy';
export const allows = (state: InstanceState, action: InstanceAction): boolean => allowed[action].includes(state);
