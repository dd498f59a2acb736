import type { Offer } from '../../domain/offer.ts';
import { formatRate, usdPerHour } from '../../domain/money.ts';
import type { RangeView } from '../../webview/explorer/messages.ts';
import { plain } from '../escape.ts';
import type { Translate } from '../voice.ts';

/** What somebody found one GPU of a model to cost an hour, in dollars. */
export interface PriceRange {
  readonly seller: string;
  readonly min: number;
  readonly max: number;
  /** `2026-02-12`, or less of it. */
  readonly asOf: string;
}

export type RangesOf = (gpu: string, vramGb: number) => readonly PriceRange[];

/** Behind the prices of each model those of the newest article that has it, over all who rent such machines out. */
export function articleBands(offers: readonly Offer[], rangesOf: RangesOf, t: Translate): RangeView[] {
  const memories = new Map<string, Set<number>>();
  for (const { gpu, vramGb } of offers) memories.set(gpu, (memories.get(gpu) ?? new Set()).add(vramGb));
  return [...memories].flatMap(([gpu, sizes]) => [...sizes].map((vramGb) => ({ gpu, vramGb }))).flatMap(({ gpu, vramGb }) => {
    // Of the big clouds the articles tell one price, which is another market.
    const ranges = rangesOf(gpu, vramGb).filter(({ seller, min, max }) => seller !== 'aws' && min > 0 && max >= min);
    const asOf = ranges.map((range) => range.asOf).toSorted().at(-1);
    if (asOf === undefined) return [];
    const newest = ranges.filter((range) => range.asOf === asOf);
    const low = Math.min(...newest.map(({ min }) => min));
    const high = Math.max(...newest.map(({ max }) => max));
    return [{ gpu: plain(gpu, 60), vramGb, low, high, text: `${formatRate(usdPerHour(low))} – ${formatRate(usdPerHour(high))}`, about: t('Articles of {0}', asOf) }];
  });
}
