import { isAbort, isRentError, RentError } from '../domain/errors.ts';
import { createEmitter } from '../domain/emitter.ts';
import { type InstanceId, type SeenInstance } from '../domain/instance.ts';
import { isOurLabel, mayBill, type Launch } from '../domain/launch.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { InstanceListing, Provider } from '../domain/provider.ts';
import { reconcile, type Decision } from '../domain/reconcile.ts';
import type { Journal } from '../domain/store.ts';
import { launchName, toFleetInstance, type FleetInstance } from './fleetInstance.ts';
import type { ProviderProblem } from './market.ts';
import type { Meter } from './meter.ts';

interface Sighting {
  readonly seen: SeenInstance;
  readonly at: number;
}

export interface FleetDeps {
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly signedIn: (provider: ProviderId) => boolean;
  readonly journal: Journal;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: Log;
}

/** Launches settled longer ago than this are not held against the list any more. */
const rememberMs = 24 * 3_600_000;

/**
 * Every machine that may cost money: what the providers list, and what the journal says may exist.
 * A refresh lays both side by side, carries out what follows, and feeds the meter.
 */
export class Fleet {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #deps: FleetDeps;
  readonly #sightings = new Map<InstanceId, Sighting>();
  readonly #absences = new Map<string, number>();
  readonly #busy = new Set<string>();
  readonly #problems = new Map<ProviderId, RentError>();
  readonly #heard = new Set<ProviderId>();

  constructor(deps: FleetDeps) {
    this.#deps = deps;
  }

  get instances(): readonly FleetInstance[] {
    const { journal, meter } = this.#deps;
    const launches = journal.launches(mayBill);
    const byInstance = new Map(launches.map((launch) => [launch.instanceId, launch]));
    const listed = [...this.#sightings.values()].map(({ seen }) =>
      toFleetInstance({ seen, launch: byInstance.get(seen.id), ours: this.isOurs(seen), meter }),
    );
    const unseen = launches.filter((launch) => launch.instanceId === undefined || !this.#sightings.has(launch.instanceId));
    return [...unseen.map((launch) => toFleetInstance({ launch, ours: true, meter })), ...listed];
  }

  get errors(): readonly ProviderProblem[] {
    return [...this.#problems].map(([provider, error]) => ({ provider, error }));
  }

  /** True once every signed-in provider has answered at least once. */
  get loaded(): boolean {
    return this.#signedIn().every((provider) => this.#heard.has(provider.id));
  }

  get anythingBilling(): boolean {
    return this.#sightings.size > 0 || this.#deps.journal.launches(mayBill).length > 0;
  }

  find(id: InstanceId): FleetInstance | undefined {
    return this.instances.find((instance) => instance.id === id);
  }

  nameOf(id: InstanceId): string {
    const launch = this.#deps.journal.launchOf(id);
    return launch ? launchName(launch) : id;
  }

  /** Also of a machine that is gone. */
  launchOf(id: InstanceId): Launch | undefined {
    return this.#deps.journal.launchOf(id);
  }

  isOurs(seen: SeenInstance): boolean {
    const { journal } = this.#deps;
    return isOurLabel(seen.label, journal.install) || journal.launchOf(seen.id) !== undefined;
  }

  /** Keeps reconciliation off a launch that a task is looking after. */
  claim(launchId: string): { dispose(): void } {
    this.#busy.add(launchId);
    return { dispose: () => this.#busy.delete(launchId) };
  }

  /** One fresh look at one machine, wherever it came from. */
  see(seen: SeenInstance, at: number): void {
    this.#sightings.set(seen.id, { seen, at });
    this.#deps.meter.observe(seen, at, this.isOurs(seen) ? Math.min(seen.createdAt ?? at, at) : at);
    this.#changed.fire();
  }

  /** The machine does not exist any more, and that is certain. */
  forget(id: InstanceId, at: number): void {
    const launch = this.#deps.journal.launchOf(id);
    if (launch) this.#deps.journal.mark(launch.id, 'gone');
    this.#sightings.delete(id);
    this.#deps.meter.ended(id, at);
    this.#changed.fire();
  }

  announce(): void {
    this.#changed.fire();
  }

  async refresh(signal: AbortSignal = new AbortController().signal): Promise<void> {
    for (const id of this.#problems.keys()) if (!this.#deps.signedIn(id)) this.#problems.delete(id);
    await Promise.all(this.#signedIn().map((provider) => this.#refreshOne(provider, signal)));
    this.#changed.fire();
  }

  #signedIn(): Provider[] {
    return [...this.#deps.providers.values()].filter((provider) => this.#deps.signedIn(provider.id));
  }

  async #refreshOne(provider: Provider, signal: AbortSignal): Promise<void> {
    let listing: InstanceListing;
    try {
      listing = await provider.list(signal);
    } catch (error) {
      if (isAbort(error)) return;
      // Not heard is not gone: everything stays as it was last seen.
      this.#problems.set(provider.id, isRentError(error) ? error : new RentError('badResponse', { cause: error }));
      this.#deps.log.warn(`list of ${provider.id} failed`, error);
      return;
    }
    this.#problems.delete(provider.id);
    this.#heard.add(provider.id);
    for (const seen of listing.instances) this.see(seen, listing.at);
    await this.#carryOut(provider, listing);
    if (listing.complete) this.#dropVanished(provider.id, listing);
  }

  async #carryOut(provider: Provider, listing: InstanceListing): Promise<void> {
    const { journal, clock } = this.#deps;
    const now = clock.now();
    const launches = journal.launches().filter((launch) => launch.provider === provider.id &&
      (mayBill.includes(launch.state) || launch.state === 'intent' || now - launch.changedAt < rememberMs));
    this.#countAbsences(launches, listing);
    const decisions = reconcile({
      install: journal.install, launches, listing, busy: this.#busy, now,
      absences: (id) => this.#absences.get(id) ?? 0,
    });
    for (const decision of decisions) await this.#apply(provider, decision, listing.at);
  }

  #countAbsences(launches: readonly Launch[], listing: InstanceListing): void {
    const labels = new Set(listing.instances.map((seen) => seen.label));
    const ids = new Set<string>(listing.instances.map((seen) => seen.id));
    for (const launch of launches) {
      const present = labels.has(launch.id) || (launch.instanceId !== undefined && ids.has(launch.instanceId));
      if (present) this.#absences.delete(launch.id);
      else if (listing.complete) this.#absences.set(launch.id, (this.#absences.get(launch.id) ?? 0) + 1);
    }
  }

  async #apply(provider: Provider, decision: Decision, at: number): Promise<void> {
    const { journal, log } = this.#deps;
    log.info(`reconcile ${provider.id}: ${decision.do}`, 'launch' in decision ? decision.launch?.id : undefined);
    switch (decision.do) {
      case 'adopt':
        return journal.mark(decision.launch.id, 'created', decision.instanceId);
      case 'uncertain':
        return journal.mark(decision.launch.id, 'uncertain');
      case 'notCreated':
        return journal.mark(decision.launch.id, 'notCreated');
      case 'gone':
        if (decision.launch.instanceId) this.forget(decision.launch.instanceId, at);
        return;
      case 'end':
        if (decision.launch) journal.mark(decision.launch.id, 'ending', decision.instanceId);
        try {
          await provider.destroy(decision.instanceId.slice(provider.id.length + 1));
          this.#deps.meter.turned(decision.instanceId, this.#deps.meter.providerNow());
        } catch (error) {
          log.warn(`could not end ${decision.instanceId}, will try again`, error);
        }
    }
  }

  /** Others' machines leave the list when the provider stops naming them; ours only by decision. */
  #dropVanished(provider: ProviderId, listing: InstanceListing): void {
    const listed = new Set(listing.instances.map((seen) => seen.id));
    for (const [id, { seen }] of this.#sightings) {
      if (seen.provider === provider && !listed.has(id) && !this.isOurs(seen)) {
        this.#sightings.delete(id);
        this.#deps.meter.ended(id, listing.at);
      }
    }
  }
}
