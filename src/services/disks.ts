/**
 * The account's disks. They cost money with or without a machine, so what is shown is always the provider's own list.
 * Nothing about them is journalled: a disk that was made is in that list for whoever looks, under the name it was given.
 */
import { createEmitter } from '../domain/emitter.ts';
import { isAbort, isDefiniteRefusal, isRentError, RentError } from '../domain/errors.ts';
import type { Offer, ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import type { Volume, VolumeCalls, VolumeOrder, VolumeSite } from '../domain/volume.ts';
import type { ProviderProblem } from './market.ts';

export interface DisksDeps {
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly signedIn: (provider: ProviderId) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often a disk of a lost answer is looked for, and at which distance. */
const looks = 6;
const betweenMs = 5_000;
/** Disks change when somebody changes them, and that is seldom. */
const freshMs = 600_000;

export class Disks {
  readonly #deps: DisksDeps;
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #known = new Map<ProviderId, readonly Volume[]>();
  readonly #problems = new Map<ProviderId, ProviderProblem>();
  readonly #heardAt = new Map<ProviderId, number>();

  constructor(deps: DisksDeps) {
    this.#deps = deps;
  }

  /** As they were heard last; what could not be heard again stays. */
  get volumes(): readonly Volume[] {
    return [...this.#known.values()].flat();
  }

  get problems(): readonly ProviderProblem[] {
    return [...this.#problems.values()];
  }

  /** Asks every provider that one is signed in to. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { providers, signedIn } = this.#deps;
    await Promise.all([...providers.keys()].map(async (id) => (signedIn(id) ? this.#hear(id, signal) : this.#forget(id))));
    this.#changed.fire();
  }

  sites(provider: ProviderId, machines: readonly string[], signal: AbortSignal): Promise<readonly VolumeSite[]> {
    return this.#calls(provider).sites(machines, signal);
  }

  /** Where a machine of that provider finds its volume. */
  folder(provider: ProviderId): string {
    return this.#calls(provider).folder;
  }

  /** Whether the offer can be rented with that disk. */
  fits(offer: Offer, volume: Volume): boolean {
    return this.#deps.providers.get(offer.provider)?.volumes?.attach(offer, volume) !== undefined;
  }

  /** Asks again where nothing was heard for a while. Costs nothing to call often. */
  async glance(signal: AbortSignal): Promise<void> {
    const { providers, signedIn, clock } = this.#deps;
    const stale = [...providers.keys()].some((id) => signedIn(id) !== this.#heardAt.has(id) || clock.now() - (this.#heardAt.get(id) ?? Infinity) > freshMs);
    if (stale) await this.refresh(signal);
  }

  /**
   * Makes the disk that was agreed to. The request leaves once: its name is made sure to be new first, so that after a
   * lost answer the name alone says whether there is a disk.
   */
  async create(order: VolumeOrder, signal: AbortSignal): Promise<Volume> {
    const { provider } = order.site;
    const calls = this.#calls(provider);
    const before = await calls.list(signal);
    if (!before.complete) throw new RentError('badResponse', { detail: 'the list of disks is not whole, so a new one could not be told from the old' });
    if (before.volumes.some(({ name }) => name === order.name)) throw new RentError('notAllowed', { detail: `there is a disk ${order.name} already` });
    signal.throwIfAborted();
    let key: string | undefined;
    let failure: unknown;
    try {
      key = await calls.create(order);
    } catch (error) {
      if (isDefiniteRefusal(error) || isRentError(error, 'notAllowed')) throw error;
      failure = error;
      this.#deps.log.warn(`no clear answer about the disk ${order.name}: looking for it by its name`, error);
    }
    // It exists from here on, or may: nothing is cut short any more.
    const made = await this.#find(calls, (volume) => (key === undefined ? volume.name === order.name : volume.key === key));
    if (made === 'none') throw new RentError(key === undefined ? 'notCreated' : 'uncertain', { cause: failure });
    if (made === 'unknown') throw new RentError('uncertain', { cause: failure });
    this.#known.set(provider, [...(this.#known.get(provider) ?? []).filter(({ id }) => id !== made.id), made]);
    this.#changed.fire();
    return made;
  }

  /** Resolves when the provider has stopped listing it, because until then it costs. */
  async remove(volume: Volume): Promise<void> {
    const calls = this.#calls(volume.provider);
    await calls.remove(volume.key);
    const still = await this.#find(calls, ({ key }) => key === volume.key, 'gone');
    if (still !== 'none') throw new RentError('uncertain', { detail: `${volume.id} is still listed` });
    this.#known.set(volume.provider, (this.#known.get(volume.provider) ?? []).filter(({ id }) => id !== volume.id));
    this.#changed.fire();
  }

  /** Looks until it is there, or until it is gone; `none` only when a whole list said so at the end. */
  async #find(calls: VolumeCalls, is: (volume: Volume) => boolean, until: 'there' | 'gone' = 'there'): Promise<Volume | 'none' | 'unknown'> {
    const { clock, log } = this.#deps;
    let last: Volume | 'none' | 'unknown' = 'unknown';
    for (let look = 0; look < looks; look++) {
      if (look > 0) await clock.sleep(betweenMs);
      try {
        const { volumes, complete } = await calls.list(new AbortController().signal);
        last = volumes.find(is) ?? (complete ? 'none' : 'unknown');
      } catch (error) {
        last = 'unknown';
        log.warn('the disks could not be listed', error);
      }
      if (until === 'there' ? typeof last === 'object' : last === 'none') return last;
    }
    return last;
  }

  async #hear(id: ProviderId, signal: AbortSignal): Promise<void> {
    const calls = this.#deps.providers.get(id)?.volumes;
    if (calls === undefined) return;
    this.#heardAt.set(id, this.#deps.clock.now());
    try {
      const { volumes, complete } = await calls.list(signal);
      this.#known.set(id, volumes);
      this.#problems.delete(id);
      if (!complete) this.#problems.set(id, { provider: id, error: new RentError('badResponse', { detail: 'a disk could not be read' }) });
    } catch (error) {
      if (isAbort(error)) throw error;
      this.#problems.set(id, { provider: id, error: isRentError(error) ? error : new RentError('badResponse', { cause: error }) });
      this.#deps.log.warn(`the disks at ${id} could not be listed`, error);
    }
  }

  #forget(id: ProviderId): void {
    this.#known.delete(id);
    this.#problems.delete(id);
    this.#heardAt.delete(id);
  }

  #calls(id: ProviderId): VolumeCalls {
    const calls = this.#deps.providers.get(id)?.volumes;
    if (calls === undefined) throw new RentError('badRequest', { detail: `no disks at ${id}` });
    return calls;
  }
}
