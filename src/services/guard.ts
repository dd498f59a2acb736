import { judge, type Judgement } from '../domain/budget.ts';
import { createEmitter } from '../domain/emitter.ts';
import { allows, type InstanceId } from '../domain/instance.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Fleet } from './fleet.ts';
import type { FleetInstance } from './fleetInstance.ts';
import type { Meter } from './meter.ts';

export interface GuardEvent {
  readonly instance: FleetInstance;
  readonly judgement: Judgement;
}

export interface GuardDeps {
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: Log;
  /** Stops keep the disk: a limit never destroys anybody's work. */
  readonly stop: (id: InstanceId) => Promise<void>;
}

/** Holds every machine that we rented to its lease and budget, for as long as a window is open. */
export class Guard {
  readonly #warned = createEmitter<GuardEvent>();
  readonly #ended = createEmitter<GuardEvent>();
  readonly onDidWarn = this.#warned.event;
  readonly onDidEnd = this.#ended.event;
  readonly #deps: GuardDeps;
  readonly #told = new Set<string>();
  readonly #stopping = new Set<InstanceId>();

  constructor(deps: GuardDeps) {
    this.#deps = deps;
  }

  async check(): Promise<void> {
    await Promise.all(this.#deps.fleet.instances.map((instance) => this.#checkOne(instance)));
  }

  async #checkOne(instance: FleetInstance): Promise<void> {
    if (!this.#deps.fleet.acts(instance.provider)) return;
    const judgement = this.judgementOf(instance);
    if (judgement === undefined || judgement.verdict === 'fine') return;
    if (judgement.verdict === 'warn') return this.#tellOnce(instance, judgement);
    if (this.#stopping.has(instance.id)) return;
    this.#stopping.add(instance.id);
    try {
      await this.#deps.stop(instance.id);
      this.#ended.fire({ instance, judgement });
    } catch (error) {
      this.#deps.log.error(`${instance.id} is past its ${judgement.because ?? 'limit'} and could not be stopped; trying again`, error);
      this.#tellOnce(instance, judgement);
    } finally {
      this.#stopping.delete(instance.id);
    }
  }

  /** Undefined for what has no limits of ours, or costs no more than its disk. */
  judgementOf(instance: FleetInstance): Judgement | undefined {
    // A stop that was asked for and not carried out yet is asked for again.
    const mayStop = allows(instance.state, 'stop') || instance.launch?.state === 'stopping';
    if (instance.limits === undefined || !mayStop) return undefined;
    const now = this.#deps.meter.providerNow();
    return judge(instance.limits, instance.spent, instance.burn, now, now);
  }

  #tellOnce(instance: FleetInstance, judgement: Judgement): void {
    // A renewed lease or a raised budget is a new limit, worth its own warning.
    const key = [instance.id, judgement.verdict, judgement.because, instance.limits?.leaseEndsAt, instance.limits?.budget].join();
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#warned.fire({ instance, judgement });
  }
}
