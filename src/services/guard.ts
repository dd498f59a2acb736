import { judgements, stepReached, type BudgetStep, type Judgement } from '../domain/budget.ts';
import { capUses, type Caps, type CapUse } from '../domain/caps.ts';
import { createEmitter } from '../domain/emitter.ts';
import { allows, type InstanceId } from '../domain/instance.ts';
import { zeroUsd, type Usd } from '../domain/money.ts';
import type { Log } from '../domain/ports.ts';
import { countedBetween, type Books } from '../domain/spend.ts';
import type { Fleet } from './fleet.ts';
import type { FleetInstance } from './fleetInstance.ts';
import type { Meter } from './meter.ts';
import type { Once } from './once.ts';

export interface GuardEvent {
  readonly instance: FleetInstance;
  readonly judgement: Judgement;
  /** What its budget is held to: the larger of our figure and the provider's. */
  readonly counted: Usd;
}

/** A cap on all machines together has come to a step of it. */
export interface CapEvent {
  readonly use: CapUse;
  readonly step: BudgetStep;
  /** What was stopped because of it just now. */
  readonly stopped: readonly FleetInstance[];
  /** What should have been stopped, and is not yet: it is asked again and again. */
  readonly failed: readonly FleetInstance[];
}

export interface GuardDeps {
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly once: Once;
  /** As they are set now; none unless said. */
  readonly caps?: () => Caps;
  readonly log: Log;
  /** Stops keep the disk, where there are stops: a limit destroys nobody's work who did not agree to that. */
  readonly stop: (id: InstanceId) => Promise<void>;
}

const noCaps: Caps = { session: zeroUsd, month: zeroUsd };
/** Holds every machine that we rented to its lease and budget, and all together to the caps, for as long as a window is open. */
export class Guard {
  readonly #warned = createEmitter<GuardEvent>();
  readonly #ended = createEmitter<GuardEvent>();
  readonly #capped = createEmitter<CapEvent>();
  readonly onDidWarn = this.#warned.event;
  readonly onDidEnd = this.#ended.event;
  readonly onDidNearCap = this.#capped.event;
  readonly #deps: GuardDeps;
  readonly #stopping = new Set<InstanceId>();

  constructor(deps: GuardDeps) {
    this.#deps = deps;
  }

  async check(): Promise<void> {
    const books = this.#deps.meter.books();
    await Promise.all(this.#running().map((instance) => this.#checkOne(instance, books)));
    if (this.#acts()) for (const use of this.capUses()) await this.#checkCap(use);
  }

  /** How far each cap that is set is used. */
  capUses(): CapUse[] {
    return capUses(this.#deps.meter.books(), this.#deps.caps?.() ?? noCaps);
  }

  async #checkOne(instance: FleetInstance, books: Books): Promise<void> {
    const { id, limits } = instance;
    if (limits === undefined) return;
    const counted = countedOn(id, books);
    for (const judgement of judgements(limits, counted, this.#now())) {
      const event = { instance, judgement, counted };
      if (judgement.verdict === 'end') return this.#end(event);
      const { because = 'budget', step } = judgement;
      if (this.#deps.once.first(limitName(instance, because), step)) this.#warned.fire(event);
    }
  }

  async #end(event: GuardEvent): Promise<void> {
    const { instance, judgement } = event;
    const { because = 'budget' } = judgement;
    // Whoever is told that it ended needs no word that it neared its end.
    this.#deps.once.first(limitName(instance, because), 100);
    const stopped = await this.#stop(instance, because);
    if (stopped === 'stopped') this.#ended.fire(event);
    if (stopped === 'failed' && this.#deps.once.first(`${limitName(instance, because)}/stuck`)) this.#warned.fire(event);
  }

  async #checkCap(use: CapUse): Promise<void> {
    const step = stepReached(use.limit, use.counted);
    if (step === undefined) return;
    const name = `cap/${use.kind}/${use.since}/${use.limit}`;
    if (step < 100) {
      if (this.#deps.once.first(name, step)) this.#capped.fire({ use, step, stopped: [], failed: [] });
      return;
    }
    const running = this.#running();
    const outcomes = await Promise.all(running.map((instance) => this.#stop(instance, `${use.kind} cap`)));
    const stopped = running.filter((_, i) => outcomes[i] === 'stopped');
    const failed = running.filter((_, i) => outcomes[i] === 'failed');
    const first = this.#deps.once.first(name, step);
    const stuck = failed.length > 0 && this.#deps.once.first(`${name}/stuck`);
    if (first || stopped.length > 0 || stuck) this.#capped.fire({ use, step, stopped, failed });
  }

  /**
   * What is ours to stop, where this window is the one that acts: what we did not rent is nobody's to end here, and
   * what is stopped costs no more than its disk. A stop that was asked for and not carried out is asked for again. A
   * machine in a state that nobody can read may be a container that crashed, its guard with it, and bills.
   */
  #running(): FleetInstance[] {
    return this.#deps.fleet.instances.filter(({ ours, provider, state, launch }) => ours && this.#deps.fleet.acts(provider) &&
      (allows(state, 'stop') || state === 'failed' || (state === 'unknown' && launch?.instanceId !== undefined) || launch?.state === 'stopping'));
  }

  #acts(): boolean {
    return this.#deps.fleet.instances.some(({ provider }) => this.#deps.fleet.acts(provider));
  }

  async #stop(instance: FleetInstance, because: string): Promise<'stopped' | 'failed' | 'underway'> {
    if (this.#stopping.has(instance.id)) return 'underway';
    this.#stopping.add(instance.id);
    try {
      await this.#deps.stop(instance.id);
      return 'stopped';
    } catch (error) {
      this.#deps.log.error(`${instance.id} is past its ${because} and could not be stopped; trying again`, error);
      return 'failed';
    } finally {
      this.#stopping.delete(instance.id);
    }
  }

  #now(): number {
    return this.#deps.meter.providerNow();
  }
}

function countedOn(id: InstanceId, { intervals, settled }: Books): Usd {
  const own = <T extends { readonly instanceId: InstanceId }>(rows: readonly T[]): T[] => rows.filter(({ instanceId }) => instanceId === id);
  return countedBetween(own(intervals), own(settled), 0, Infinity);
}

/** A renewed lease or a raised budget is a new limit, worth its own warnings. */
const limitName = ({ id, limits }: FleetInstance, because: 'budget' | 'lease'): string =>
  [id, because, because === 'lease' ? limits?.leaseEndsAt : limits?.budget].join('/');
