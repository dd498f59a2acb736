import { isAbort, isRentError, RentError } from '../domain/errors.ts';
import { createEmitter } from '../domain/emitter.ts';
import { offerMatcher, type OfferFilter } from '../domain/filter.ts';
import { allIn, isSellable, type Offer, type OfferId, type OfferKind, type ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import type { MarketRead } from '../domain/sample.ts';

export interface ProviderProblem {
  readonly provider: ProviderId;
  readonly error: RentError;
}

export interface MarketView {
  readonly filter: OfferFilter;
  /** Those that match the filter, in no order. */
  readonly offers: readonly Offer[];
  /** Rows that could not be read, or that nobody can mean. */
  readonly dropped: number;
  /** A provider has more than was read: a narrower filter would show it. */
  readonly more: boolean;
  readonly loading: boolean;
  readonly readAt: number | undefined;
  /** Some of what is shown is older than it should be. */
  readonly stale: boolean;
  readonly errors: readonly ProviderProblem[];
}

/** As much of a provider as sells. */
export type Seller = Pick<Provider, 'id' | 'search'>;

/** What one provider last said. */
interface Slot {
  offers: Map<OfferId, Offer>;
  dropped: number;
  more: boolean;
  readAt: number | undefined;
  error: RentError | undefined;
}

const staleAfterMs = 5 * 60_000;
/**
 * Rows that a reading which was cut short did not come to: dearer than the dearest it saw of their kind, and not
 * old yet. Searches are rationed, so without them the list would shrink and grow from minute to minute.
 */
function beyond(seen: ReadonlyMap<OfferId, Offer>, before: ReadonlyMap<OfferId, Offer>): [OfferId, Offer][] {
  const newest = Math.max(...[...seen.values()].map(({ readAt }) => readAt));
  const reach = new Map<OfferKind, number>();
  for (const offer of seen.values()) reach.set(offer.kind, Math.max(reach.get(offer.kind) ?? 0, allIn(offer)));
  return [...before].filter(([, offer]) => allIn(offer) > (reach.get(offer.kind) ?? Infinity) && newest - offer.readAt <= staleAfterMs);
}

const emptySlot = (): Slot => ({ offers: new Map(), dropped: 0, more: false, readAt: undefined, error: undefined });

/**
 * The offers of all providers. A refresh replaces a provider's rows only by rows, never by a
 * failure: what was read before stays, marked stale.
 */
export class Market {
  readonly #changed = createEmitter<MarketView>();
  readonly onDidChange = this.#changed.event;
  readonly #read = createEmitter<MarketRead>();
  /** With everything that one provider answered to one search, once it has answered to the end. */
  readonly onDidRead = this.#read.event;
  readonly #slots = new Map<ProviderId, Slot>();
  readonly #providers: ReadonlyMap<ProviderId, Seller>;
  readonly #clock: Clock;
  readonly #log: Log;
  #filter: OfferFilter;
  #running: AbortController | undefined;
  #view: MarketView | undefined;

  constructor(providers: ReadonlyMap<ProviderId, Seller>, filter: OfferFilter, clock: Clock, log: Log) {
    this.#providers = providers;
    this.#filter = filter;
    this.#clock = clock;
    this.#log = log;
    for (const id of providers.keys()) this.#slots.set(id, emptySlot());
  }

  get view(): MarketView {
    return (this.#view ??= this.#compute());
  }

  find(id: OfferId): Offer | undefined {
    for (const slot of this.#slots.values()) {
      const offer = slot.offers.get(id);
      if (offer) return offer;
    }
    return undefined;
  }

  /** Searches every provider for `filter`; a newer refresh takes over from an older one. */
  async refresh(filter: OfferFilter = this.#filter, signal?: AbortSignal): Promise<void> {
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    // Another disk is another price: rows priced for the old one must not be shown for the new.
    if (filter.diskGb !== this.#filter.diskGb) for (const id of this.#slots.keys()) this.#slots.set(id, emptySlot());
    this.#filter = filter;
    this.#emit();
    const stop = signal ? AbortSignal.any([mine.signal, signal]) : mine.signal;
    const asked = [...this.#providers.values()].filter((p) => filter.provider === undefined || p.id === filter.provider);
    await Promise.all(asked.map((provider) => this.#search(provider, filter, stop)));
    if (this.#running === mine) {
      this.#running = undefined;
      this.#emit();
    }
  }

  async #search(provider: Seller, filter: OfferFilter, signal: AbortSignal): Promise<void> {
    const before = this.#slots.get(provider.id) ?? emptySlot();
    const seen = emptySlot();
    try {
      for await (const page of provider.search(filter, signal)) {
        if (signal.aborted) return;
        const sellable = page.offers.filter(isSellable);
        for (const offer of sellable) seen.offers.set(offer.id, offer);
        seen.dropped += page.dropped + page.offers.length - sellable.length;
        seen.more = page.more;
        seen.readAt = this.#clock.now();
        // While pages are still coming, rows not seen again yet stay, so that the list does not jump.
        this.#put(provider.id, { ...seen, offers: new Map([...before.offers, ...seen.offers]) });
      }
      if (signal.aborted) return;
      const offers = seen.more ? new Map([...beyond(seen.offers, before.offers), ...seen.offers]) : seen.offers;
      const at = this.#clock.now();
      this.#put(provider.id, { ...seen, offers, readAt: at });
      this.#read.fire({ provider: provider.id, filter, offers: [...seen.offers.values()], more: seen.more, at });
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.#log.warn(`search at ${provider.id} failed`, error);
      const problem = isRentError(error) ? error : new RentError('badResponse', { cause: error });
      const kept = seen.readAt === undefined ? before : { ...seen, offers: new Map([...before.offers, ...seen.offers]) };
      this.#put(provider.id, { ...kept, error: problem });
    }
  }

  #put(provider: ProviderId, slot: Slot): void {
    this.#slots.set(provider, slot);
    this.#emit();
  }

  #emit(): void {
    this.#view = this.#compute();
    this.#changed.fire(this.#view);
  }

  #compute(): MarketView {
    const slots = [...this.#slots].filter(([id]) => this.#filter.provider === undefined || id === this.#filter.provider);
    const reads = slots.map(([, slot]) => slot.readAt).filter((at) => at !== undefined);
    const now = this.#clock.now();
    const isWanted = offerMatcher(this.#filter);
    let offers: readonly Offer[] | undefined;
    return {
      filter: this.#filter,
      // A reading shows itself after every page, and hardly anybody looks each time.
      get offers() {
        return (offers ??= slots.flatMap(([, slot]) => [...slot.offers.values()].filter(isWanted)));
      },
      dropped: slots.reduce((sum, [, slot]) => sum + slot.dropped, 0),
      more: slots.some(([, slot]) => slot.more),
      loading: this.#running !== undefined,
      readAt: reads.length === 0 ? undefined : Math.min(...reads),
      stale: slots.some(([, slot]) => slot.readAt !== undefined && (slot.error !== undefined || now - slot.readAt > staleAfterMs)),
      errors: slots.flatMap(([provider, slot]) => (slot.error ? [{ provider, error: slot.error }] : [])),
    };
  }
}
