import { RentError, type ErrorCode } from '../domain/errors.ts';
import { createEmitter } from '../domain/emitter.ts';
import { guardGraceMs, guardHookMs, guardTickMs } from '../domain/guard.ts';
import type { InstanceId, SeenInstance } from '../domain/instance.ts';
import { isOurLabel, mayBill, type Launch } from '../domain/launch.ts';
import { providerOf, type ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { GuardView } from '../domain/protection.ts';
import { lacksOf, type Lack, type Provider } from '../domain/provider.ts';
import type { Errand, Sighting, Store } from '../domain/store.ts';
import { launchName, toFleetInstance, type FleetInstance } from './fleetInstance.ts';
import type { ProviderProblem } from './market.ts';
import type { Meter } from './meter.ts';
import { lookAfter } from './reconciler.ts';

export interface FleetDeps {
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly signedIn: (provider: ProviderId) => boolean;
  readonly store: Store;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: Log;
  readonly guardOf?: (launch: Launch) => GuardView;
  /** This window, among all that share the store. */
  readonly owner: string;
}

/** What may still turn up after it was thought gone or never made is looked for this long. */
const watchMs = 60 * 60_000;
/** A hearing older than this is of another day: the list may have changed since. */
const freshMs = 2 * 60_000;

/**
 * Every machine that may cost money: what the providers listed last, and what the journal says may exist.
 * Both lie in the store, so that every window shows the same.
 */
export class Fleet {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #deps: FleetDeps;
  #shown: { readonly basis: readonly unknown[]; readonly instances: readonly FleetInstance[] } | undefined;

  constructor(deps: FleetDeps) {
    this.#deps = deps;
    deps.meter.sync();
  }

  /** The same array as before while the store holds the same and no time has passed: many ask in one turn. */
  get instances(): readonly FleetInstance[] {
    const { store, clock } = this.#deps;
    const [launches, sightings, errands] = [store.launches(mayBill), store.sightings(), store.errands()];
    const basis = [launches, sightings, errands, clock.elapsed()];
    if (this.#shown?.basis.every((part, index) => part === basis[index]) !== true) {
      this.#shown = { basis, instances: this.#join(launches, sightings, errands) };
    }
    return this.#shown.instances;
  }

  #join(launches: readonly Launch[], sightings: readonly Sighting[], errands: readonly Errand[]): readonly FleetInstance[] {
    const { meter } = this.#deps;
    const byInstance = new Map(launches.map((launch) => [launch.instanceId, launch]));
    const wishes = new Map(errands.map(({ instanceId, wish }) => [instanceId, wish]));
    const seenIds = new Set(sightings.map(({ seen }) => seen.id));
    const listed = sightings.map(({ seen }) => {
      const launch = byInstance.get(seen.id);
      const guard = launch && this.#deps.guardOf?.(launch);
      return toFleetInstance({ seen, launch, wish: wishes.get(seen.id), ours: this.isOurs(seen), meter, guard, lacks: this.#lacks(seen.provider) });
    });
    const unseen = launches.filter(({ instanceId }) => instanceId === undefined || !seenIds.has(instanceId));
    return [...unseen.map((launch) => toFleetInstance({ launch, ours: true, meter, lacks: this.#lacks(launch.provider) })), ...listed];
  }

  #lacks(id: ProviderId): readonly Lack[] | undefined {
    const provider = this.#deps.providers.get(id);
    return provider && lacksOf(provider);
  }

  get errors(): readonly ProviderProblem[] {
    return this.#deps.store.hearings().flatMap(({ provider, problem }) =>
      problem !== undefined && this.#deps.signedIn(provider) ? [{ provider, error: new RentError(problem as ErrorCode) }] : [],
    );
  }

  /** True once every signed-in provider has answered, whichever window asked it. */
  get loaded(): boolean {
    const { store, clock } = this.#deps;
    const fresh = new Set(store.hearings().filter(({ at }) => Math.abs(clock.now() - at) < freshMs).map(({ provider }) => provider));
    return this.#signedIn().every((provider) => fresh.has(provider.id));
  }

  get anythingBilling(): boolean {
    return this.#deps.store.anythingLive();
  }

  /** Nothing bills as far as is known, but what ended a while ago might still show up. */
  get mayReappear(): boolean {
    const { store, clock } = this.#deps;
    return store.launches(['gone', 'notCreated', 'refused']).some((launch) => Math.abs(clock.now() - launch.changedAt) < watchMs);
  }

  find(id: InstanceId): FleetInstance | undefined {
    return this.instances.find((instance) => instance.id === id);
  }

  nameOf(id: InstanceId): string {
    const launch = this.#deps.store.launchOf(id);
    return launch ? launchName(launch) : id;
  }

  /** Also of a machine that is gone. */
  launchOf(id: InstanceId): Launch | undefined {
    return this.#deps.store.launchOf(id);
  }

  /** Rented by this installation, also what is gone and what a create made twice. */
  wasOurs(id: InstanceId): boolean {
    const { store } = this.#deps;
    return store.launchOf(id) !== undefined || isOurLabel(store.labelOf(id) ?? '', store.install);
  }

  isOurs(seen: SeenInstance): boolean {
    const { store } = this.#deps;
    return isOurLabel(seen.label, store.install) || store.launchOf(seen.id) !== undefined;
  }

  /** This window, among all that share the store. */
  get owner(): string {
    return this.#deps.owner;
  }

  /** Whether this window is the one that polls the provider's account and acts on limits. */
  acts(provider: ProviderId): boolean {
    const { store, owner } = this.#deps;
    return store.holder(provider) === owner;
  }

  /** Becomes the window that asks this provider, unless another one is. */
  takeTurn(provider: ProviderId): boolean {
    const { store, owner, log } = this.#deps;
    try {
      return store.hold(provider, owner, false) !== undefined;
    } catch (error) {
      log.warn('the store cannot say who acts', error);
      return false;
    }
  }

  /** One fresh look at one machine, wherever it came from. */
  see(seen: SeenInstance, at: number): void {
    const { store, meter, log } = this.#deps;
    const before = store.sightings().find((sighting) => sighting.seen.id === seen.id)?.seen;
    try {
      store.atomically(() => {
        if (!store.keep({ seen, at })) return;
        const launch = store.launchOf(seen.id);
        const missing = store.absence(launch?.id ?? seen.id);
        if (missing !== undefined && missing.last < at) store.setAbsence(launch?.id ?? seen.id, undefined);
        meter.observe(seen, at, this.isOurs(seen) ? Math.min(seen.createdAt ?? at, at) : at, launch && this.#endedBy(launch));
      });
    } catch (error) {
      // A full disk must not keep anybody from ending what was seen.
      log.error(`what was seen of ${seen.id} could not be kept`, error);
    }
    // Somebody looks every few seconds, and most looks show the same.
    if (JSON.stringify(before) === JSON.stringify(seen)) meter.sync();
    else this.announce();
  }

  /**
   * The machine does not exist any more, and that is certain; it ended at `at` at the latest. Whatever was true before
   * `lookedAt`, when it was last looked for, and is heard later does not bring it back.
   */
  forget(id: InstanceId, at: number, lookedAt = at): void {
    const { store, meter } = this.#deps;
    store.atomically(() => {
      const launch = store.launchOf(id);
      if (launch) {
        store.mark(launch.id, 'gone');
        store.setAbsence(launch.id, undefined);
      }
      const provider = providerOf(id);
      meter.ended(id, at, launch && this.#endedBy(launch), provider && this.#deps.providers.get(provider)?.traits.billedEveryMs);
      store.depart(id, lookedAt);
      store.setErrand(id, undefined);
    });
    this.announce();
  }

  /** By when a guard that was heard must have ended it. Nobody watched while the laptop slept, and its night is not billed. */
  #endedBy(launch: Launch): number | undefined {
    if (this.#deps.guardOf?.(launch)?.status === undefined) return undefined;
    return launch.quote.limits.leaseEndsAt + guardGraceMs + guardTickMs + guardHookMs + guardTickMs;
  }

  announce(): void {
    this.#deps.meter.sync();
    this.#shown = undefined;
    this.#changed.fire();
  }

  /** Shows what other windows wrote. */
  catchUp(): void {
    if (this.#deps.store.changedElsewhere()) this.announce();
  }

  /**
   * Asks the providers, where this window is the one that does. `insist`: a person asked in this
   * window, so it becomes the one.
   */
  async refresh(signal: AbortSignal = new AbortController().signal, insist = false): Promise<void> {
    await Promise.all(this.#signedIn().map((provider) => lookAfter({ ...this.#deps, fleet: this }, provider, insist, signal)));
    this.announce();
  }

  #signedIn(): Provider[] {
    return [...this.#deps.providers.values()].filter((provider) => this.#deps.signedIn(provider.id));
  }
}
