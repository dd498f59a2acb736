import { createEmitter } from '../domain/emitter.ts';
import type { LimitAction } from '../domain/guard.ts';
import { chargeFor, type Usd } from '../domain/money.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { isLive, type RunId, type RunMemory, type RunProgress, type RunRecord, type RunSeen } from '../domain/run.ts';
import type { Look } from '../estimate/learn/progress.ts';
import type { FleetInstance } from './fleetInstance.ts';
import type { Once } from './once.ts';
import type { lookAtProgress as LookAtProgress } from './runProgress.ts';

/** A machine of ours that can be asked. */
export type Machine = FleetInstance & { readonly alias: string };

export interface RunEnded {
  readonly instance: FleetInstance;
  readonly run: RunSeen;
  /** What the machine cost while it ran. */
  readonly cost: Usd;
}

export interface RunBookParts {
  readonly memory: RunMemory;
  readonly once: Once;
  readonly clock: Clock;
  readonly log: Log;
}

/** What machines said of their runs, which is still known when they are gone. */
export class RunBook {
  readonly #ended = createEmitter<RunEnded>();
  readonly onDidEnd = this.#ended.event;
  readonly #parts: RunBookParts;
  readonly #firstLooks = new Map<RunId, Look>();

  constructor(parts: RunBookParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  of(launchId: string): readonly RunRecord[] {
    return this.#parts.memory.of(launchId);
  }

  anyLive(launchId: string): boolean {
    return this.of(launchId).some(({ run }) => isLive(run));
  }

  /** All that a machine knows of now. An end is told once, in all windows and lives. */
  takeIn(machine: Machine, seen: readonly RunSeen[], lookAtProgress: typeof LookAtProgress): void {
    const before = new Map(this.of(machine.alias).map((record) => [record.run.id, record]));
    for (const run of seen) {
      const known = before.get(run.id);
      if (known !== undefined && !isLive(known.run) && known.run.afterwards === run.afterwards) continue;
      // What we started ourselves is what we remember of it, whatever the machine says.
      const about = known?.run.about ?? run.about;
      this.keep(machine.alias, { ...run, about }, this.#progressOf(run, known, lookAtProgress), known?.from);
      if (!isLive(run) && known !== undefined && isLive(known.run)) this.#tellEnd(machine, { ...run, about });
    }
  }

  /** A full disk here must not stop anybody from seeing a run. */
  keep(launchId: string, run: RunSeen, progress: RunProgress, from: string | undefined): void {
    const { memory, clock, log } = this.#parts;
    try {
      memory.keep({ launchId, run, progress, at: clock.now(), ...(from === undefined ? {} : { from }) });
    } catch (error) {
      log.warn('what a run did could not be kept', error);
    }
  }

  /** What the last lines do not say any more is kept. */
  #progressOf(run: RunSeen, known: RunRecord | undefined, lookAtProgress: typeof LookAtProgress): RunProgress {
    const { progress, look } = lookAtProgress(run.tail, run.startedAt + run.ranMs, this.#firstLooks.get(run.id));
    if (look !== undefined && !this.#firstLooks.has(run.id)) this.#firstLooks.set(run.id, look);
    const { leftMs: _, ...before } = known?.progress ?? {};
    return { ...before, ...progress };
  }

  #tellEnd(instance: Machine, run: RunSeen): void {
    if (!this.#parts.once.first(`run/${instance.alias}/${run.id}`)) return;
    this.#ended.fire({ instance, run, cost: chargeFor(instance.rates.running, run.ranMs) });
  }
}

/** What the newest run that went on when a launch's machine was last asked was to do to it. */
export function afterLastRun(memory: RunMemory, launchId: string): LimitAction | undefined {
  const after = memory.of(launchId).find(({ run }) => isLive(run))?.run.afterwards;
  return after === 'keep' ? undefined : after;
}
