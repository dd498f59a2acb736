import { createEmitter } from '../domain/emitter.ts';
import { isAbort } from '../domain/errors.ts';
import type { GuardReason, LimitAction } from '../domain/guard.ts';
import { explainEnd, guardSaid } from '../domain/guardEnd.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Launch, Limits } from '../domain/launch.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { GuardEnd, GuardMemory } from '../domain/protection.ts';
import type { Provider } from '../domain/provider.ts';
import type { Journal } from '../domain/store.ts';
import type { Fleet } from './fleet.ts';
import { launchName } from './fleetInstance.ts';

export interface GuardEndsDeps {
  readonly fleet: Pick<Fleet, 'instances' | 'find' | 'announce'>;
  readonly journal: Pick<Journal, 'launches'>;
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly memory: GuardMemory;
  /** What a run on that launch's machine was to do to it, when it was last known to go on. */
  readonly afterRun?: (launchId: string) => LimitAction | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this window is the one that polls that provider; every one is, unless said. */
  readonly acts?: (provider: ProviderId) => boolean;
}

/** A machine of ours was found stopped or gone, and we did not do it. */
export interface FoundEnded {
  readonly id: InstanceId;
  readonly name: string;
  readonly provider: ProviderId;
  readonly limits: Limits;
  readonly end: GuardEnd;
}

/** What ended longer ago than this is of no interest any more. */
const explainMs = 7 * 24 * 3_600_000;

/** Explains, once in all windows and lives, what the guards did while nobody looked. */
export class GuardEnds {
  readonly #found = createEmitter<FoundEnded>();
  readonly onDidFind = this.#found.event;
  readonly #deps: GuardEndsDeps;
  readonly #busy = new Set<string>();

  constructor(deps: GuardEndsDeps) {
    this.#deps = deps;
  }

  /** To be called before we stop or destroy a machine, so that nobody takes it for its guard's doing. */
  ownEnd(launchId: string): void {
    const { memory, clock } = this.#deps;
    this.#keep(() => memory.keep(launchId, { ...memory.record(launchId), ownEndAt: clock.now() }));
  }

  async check(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#unexplained().map((launch) => this.#explain(launch, signal)));
  }

  get pending(): boolean {
    return this.#unexplained().length > 0;
  }

  /** Without a record nothing was ever promised, and nothing can be explained. */
  #unexplained(): Launch[] {
    const { fleet, journal, memory, clock, acts = () => true } = this.#deps;
    const stopped = fleet.instances.flatMap(({ state, outbid, launch }) => (state === 'stopped' && !outbid && launch ? [launch] : []));
    const gone = journal.launches(['gone']).filter(({ changedAt }) => clock.now() - changedAt < explainMs);
    return [...stopped, ...gone].filter(({ id, instanceId, provider }) => {
      if (!acts(provider)) return false;
      const record = memory.record(id);
      return instanceId !== undefined && record !== undefined && record.ended === undefined && record.ownEndAt === undefined;
    });
  }

  async #explain(launch: Launch, signal: AbortSignal): Promise<void> {
    const { memory, fleet } = this.#deps;
    const { id: label, instanceId: id, provider } = launch;
    if (id === undefined || this.#busy.has(label)) return;
    this.#busy.add(label);
    try {
      const guess = this.#guess(launch, id);
      // A machine that is gone has taken its log with it.
      const said = guess.sure || guess.how === 'gone' ? undefined : await this.#reasonInLog(launch, id, signal);
      const end: GuardEnd = said === undefined ? guess : { ...guess, reason: said, sure: true };
      // Reading a log takes a while: another window may have told it, or the machine runs again.
      if (!this.#unexplained().some((one) => one.id === label)) return;
      this.#keep(() => memory.keep(label, { ...memory.record(label), ended: end }));
      this.#found.fire({ id, name: launchName(launch), provider, limits: launch.quote.limits, end });
      fleet.announce();
    } finally {
      this.#busy.delete(label);
    }
  }

  #guess({ id: label, provider, state, quote, createdAt }: Launch, id: InstanceId): GuardEnd {
    const { memory, fleet, clock, afterRun, providers } = this.#deps;
    const how = state === 'gone' ? 'gone' : 'stopped';
    // Whatever ended it, no guard of ours did.
    if (providers.get(provider)?.traits.carriesGuard(quote.image) !== true) return { how, sure: false, at: clock.now() };
    return explainEnd({
      how,
      heard: memory.record(label)?.heard,
      afterRun: afterRun?.(label),
      limits: quote.limits,
      rate: fleet.find(id)?.rates.running ?? quote.rates.running,
      createdAt,
      foundAt: clock.now(),
    });
  }

  async #reasonInLog({ id: label, provider }: Launch, id: InstanceId, signal: AbortSignal): Promise<GuardReason | undefined> {
    try {
      const text = await this.#deps.providers.get(provider)?.logs?.(id.slice(provider.length + 1), signal);
      return guardSaid(text ?? '', label);
    } catch (error) {
      if (isAbort(error) && signal.aborted) throw error;
      this.#deps.log.warn(`the log of ${id} cannot be read`, error);
      return undefined;
    }
  }

  /** A full disk must not keep a machine from being ended or an end from being told. */
  #keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#deps.log.warn('what became of a machine could not be kept', error);
    }
  }
}
