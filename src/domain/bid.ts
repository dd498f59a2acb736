/** What is bid for an interruptible machine. It is paid whole while the bid holds, so a quote at a bid is an offer at that price. */
import type { Rates } from './instance.ts';
import { sumRates, timesRate, type UsdPerHour } from './money.ts';
import type { Offer } from './offer.ts';

export interface TypicalBid {
  /** For as many GPUs as were asked about, without a disk. */
  readonly rate: UsdPerHour;
  /** How many machines it is the median of. */
  readonly of: number;
}

/** A median of fewer says more about one host than about the market. */
const fewest = 3;

/**
 * What holds a machine of this model now: the median of the floors on show, and a bid at the floor of one machine is the
 * least that wins there. No provider publishes what others bid.
 */
export function typicalBid(offers: readonly Offer[], { gpu, vramGb, gpuCount, provider }: Pick<Offer, 'gpu' | 'vramGb' | 'gpuCount' | 'provider'>): TypicalBid | undefined {
  const perGpu = offers
    .filter((offer) => offer.kind === 'interruptible' && offer.provider === provider && offer.gpu === gpu && offer.vramGb >= vramGb)
    .map((offer) => offer.price.gpu / offer.gpuCount)
    .toSorted((a, b) => a - b);
  if (perGpu.length < fewest) return undefined;
  const [low = 0, high = 0] = [perGpu[(perGpu.length - 1) >> 1], perGpu[perGpu.length >> 1]];
  return { rate: timesRate(((low + high) / 2) as UsdPerHour, gpuCount), of: perGpu.length };
}

/** The offer at what is bid for it; a bid below what it costs now would lose it at once, so that is the least. */
export const atBid = (offer: Offer, bid: UsdPerHour | undefined): Offer =>
  offer.kind === 'interruptible' && bid !== undefined && bid > offer.price.gpu ? { ...offer, price: { ...offer.price, gpu: bid } } : offer;

/** Only Vast takes bids, and there a disk costs the same whether its machine runs or not. */
export const ratesAtBid = (rates: Rates, bid: UsdPerHour): Rates => ({ ...rates, running: sumRates([bid, rates.stopped]) });
export const bidIn = ({ running, stopped }: Rates): UsdPerHour => (running - stopped) as UsdPerHour;

/** What an installation has lived through with interruptible machines. */
export interface OutbidHistory {
  readonly hours: number;
  readonly times: number;
}

/** Hours between two times of being outbid; undefined while there are too few of them to be called a rate. */
export const ownOutbidHours = ({ hours, times }: OutbidHistory): number | undefined => (times < fewest ? undefined : hours / times);
