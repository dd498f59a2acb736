/** How an estimate's figures are written: never more digits than it knows. */
import { formatUsd, toDollars } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Band } from '../../estimate/band.ts';
import type { OfferEstimate } from '../../estimate/result.ts';
import type { BandView } from '../../webview/estimate/messages.ts';
import type { Translate } from '../voice.ts';
import { gpus, grouped } from '../words.ts';
import { plain } from '../escape.ts';

type Cost = NonNullable<OfferEstimate['usd']>;

/** `40 s`, `24 m`, `2.0 h`, `34 h`, `3.5 d`, `12 d`. */
export function about(hours: number, t: Translate): string {
  const minutes = hours * 60;
  if (minutes < 0.995) return t('{0} s', Math.max(1, Math.round(hours * 3600)));
  if (minutes < 59.5) return t('{0} m', Math.round(minutes));
  if (hours < 9.95) return t('{0} h', hours.toFixed(1));
  if (hours < 71.5) return t('{0} h', Math.round(hours));
  const days = hours / 24;
  return t('{0} d', days < 9.95 ? days.toFixed(1) : grouped(Math.round(days)));
}

const belowCent = 5_000;
/** A job is never free: what rounds to nothing is said to be under a cent. */
export const costText = (usd: Cost['likely']): string => (usd > 0 && usd < belowCent ? '< $0.01' : formatUsd(usd));

/** `≈ $1.04`; what is less than a cent is not about that. */
export const aboutCost = (usd: Cost['likely']): string => (usd > 0 && usd < belowCent ? costText(usd) : `≈ ${costText(usd)}`);

export const range = (low: string, high: string): string => (low === high ? low : `${low} – ${high}`);

export const costBand = ({ low, likely, high }: Cost): BandView => ({
  likely: costText(likely),
  range: range(costText(low), costText(high)),
  low: toDollars(low), mid: toDollars(likely), high: toDollars(high),
});

export const hoursBand = ({ low, likely, high }: Band, t: Translate): BandView => ({
  likely: about(likely, t),
  range: range(about(low, t), about(high, t)),
  low, mid: likely, high,
});

export const gigabytes = (size: number): string => (size < 9.95 ? size.toFixed(1) : String(Math.round(size)));

/** `0.21 s`, `3.4 s`, `48 s`, `4 m`: times that are shorter than `about` tells apart. */
export function seconds(time: number, t: Translate): string {
  if (time >= 59.5) return about(time / 3600, t);
  return t('{0} s', time < 0.95 ? time.toFixed(2) : time < 9.95 ? time.toFixed(1) : Math.round(time));
}

export const secondsBand = ({ low, likely, high }: Band, t: Translate): BandView =>
  ({ likely: seconds(likely, t), range: range(seconds(low, t), seconds(high, t)), low, mid: likely, high });

export const speedText = (tokensPerSecond: number, t: Translate): string =>
  t('{0} tokens/s', tokensPerSecond < 9.95 ? tokensPerSecond.toFixed(1) : grouped(Math.round(tokensPerSecond)));

/** One GPU needs no count: `RTX 4090`, `2× RTX 4090`. */
export const machineName = ({ offer: { gpu, gpuCount } }: { readonly offer: Pick<Offer, 'gpu' | 'gpuCount'> }): string => (gpuCount === 1 ? plain(gpu) : gpus(gpuCount, plain(gpu)));
