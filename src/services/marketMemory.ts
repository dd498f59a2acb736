/** What the market has shown to this computer, and what that says of a price. */
import { hostKey } from '../domain/hostMemory.ts';
import type { Standing } from '../domain/insight.ts';
import type { Offer } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { hostPricesOf, hourMs, samplesOf, seriesKey, type HostPrice, type MarketRead, type PriceSample, type Series } from '../domain/sample.ts';
import { hoursOfWeek, lowsByDay, lowStanding, offerStanding, usualOf, type DayLow, type HourSeen, type Usual } from '../domain/standing.ts';
import type { Samples } from '../domain/store.ts';

export interface MarketMemoryDeps {
  readonly samples: Samples;
  readonly clock: Clock;
  readonly log: Log;
}

/** More changes than these of one reading wait for the next: a write must not hold up whoever is renting. */
const mostPrices = 500;

export class MarketMemory {
  readonly #deps: MarketMemoryDeps;
  /** What is usual in each series, by model; and when that was worked out. */
  readonly #usual = new Map<string, { readonly at: number; readonly series: ReadonlyMap<string, Usual> }>();
  #thinned = -Infinity;
  #turn = 0;

  constructor(deps: MarketMemoryDeps) {
    this.#deps = deps;
  }

  /** Never throws: what cannot be kept is lost, and nothing else. */
  take(read: MarketRead): void {
    const { samples, clock, log } = this.#deps;
    const prices = hostPricesOf(read);
    // Another part of them each time, so that in the end all are kept.
    const from = prices.length > mostPrices ? (this.#turn++ * mostPrices) % prices.length : 0;
    try {
      const seen = samplesOf(read);
      if (seen.length > 0 || prices.length > 0) samples.keep(seen, prices.slice(from, from + mostPrices));
      // Nothing is seen while the clock is wrong, and then everything would look old.
      if (seen.length === 0 || clock.elapsed() - this.#thinned < hourMs) return;
      this.#thinned = clock.elapsed();
      samples.thin(clock.now());
    } catch (error) {
      log.warn('what the market showed could not be kept', error);
    }
  }

  /** Works out what is usual of every model in that reading, one after the other: nobody waits for it. */
  async learn({ offers }: MarketRead): Promise<void> {
    const { clock } = this.#deps;
    for (const [model, [first]] of Map.groupBy(offers, modelKey)) {
      if (first === undefined || clock.elapsed() - (this.#usual.get(model)?.at ?? -Infinity) < hourMs) continue;
      this.#usual.set(model, { at: clock.elapsed(), series: this.#usualOf(first) });
      await clock.sleep(0);
    }
  }

  /** Against single machines of its kind, once these were learned; nothing is said of larger ones. */
  standingOf(offer: Offer): Standing | undefined {
    const usual = offer.gpuCount === 1 ? this.#usualFor(offer) : undefined;
    return usual && offerStanding(usual, offer.price.gpu);
  }

  /** Of a model, by the cheapest of its single machines on demand. */
  standingOfModel(offers: readonly Offer[]): Standing | undefined {
    const single = offers.filter(({ gpuCount, kind }) => gpuCount === 1 && kind === 'on-demand');
    const cheapest = single.reduce<Offer | undefined>((least, offer) => (least === undefined || offer.price.gpu < least.price.gpu ? offer : least), undefined);
    const usual = cheapest && this.#usualFor(cheapest);
    return usual && lowStanding(usual, cheapest.price.gpu);
  }

  /** The lowest price of each of the last days on which it was seen, on demand. */
  days(gpu: string, vramGb: number, count = 14): readonly DayLow[] {
    return lowsByDay(this.#onDemand(gpu, vramGb), this.#deps.clock.now(), count);
  }

  /** By the hours of the week, of the series that was seen in most of them; by nothing but what was seen from here. */
  hoursSeen(gpu: string, vramGb: number): readonly HourSeen[] {
    const series = [...Map.groupBy(this.#onDemand(gpu, vramGb), seriesKey).values()];
    const seen = series.map((rows) => hoursOfWeek(rows, this.#deps.clock.now()));
    return seen.reduce<readonly HourSeen[]>((most, one) => (weight(one) > weight(most) ? one : most), []);
  }

  /** What this machine asked for the same before it asked what it asks now. */
  askedBefore(offer: Offer): HostPrice | undefined {
    const host = hostKey(offer);
    if (host === undefined || offer.kind !== 'on-demand') return undefined;
    const { samples, clock } = this.#deps;
    return this.#read(() => samples.pricesOf(host, offer.gpuCount).find(({ at, rate }) => at <= clock.now() && rate !== offer.price.gpu));
  }

  #onDemand(gpu: string, vramGb: number): readonly PriceSample[] {
    return this.#read(() => this.#deps.samples.samplesOf(gpu, vramGb).filter(({ kind }) => kind === 'on-demand')) ?? [];
  }

  #usualFor(series: Series): Usual | undefined {
    return this.#usual.get(modelKey(series))?.series.get(seriesKey(series));
  }

  #usualOf({ gpu, vramGb }: Series): ReadonlyMap<string, Usual> {
    const rows = this.#read(() => this.#deps.samples.samplesOf(gpu, vramGb)) ?? [];
    return new Map([...Map.groupBy(rows, seriesKey)].flatMap(([key, own]) => {
      const usual = usualOf(own, this.#deps.clock.now());
      return usual === undefined ? [] : [[key, usual]];
    }));
  }

  #read<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#deps.log.warn('what the market showed could not be read', error);
      return undefined;
    }
  }
}

const modelKey = ({ gpu, vramGb }: Pick<Series, 'gpu' | 'vramGb'>): string => `${gpu}|${vramGb}`;
const weight = (hours: readonly HourSeen[]): number => hours.reduce((sum, { seen }) => sum + seen, 0);
