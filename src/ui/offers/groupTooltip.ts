import { formatRate } from '../../domain/money.ts';
import type { DayLow } from '../../domain/standing.ts';
import { markdown, plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { date, gb } from '../words.ts';
import { groupRow } from './groupRow.ts';
import type { OfferNode } from './offersModel.ts';
import { sparkline } from './sparkline.ts';

/** The line in full, and what the model cost at least on each of the last days on which somebody looked. */
export function groupTooltip({ group, standing }: Extract<OfferNode, { is: 'group' }>, days: readonly DayLow[], voice: Voice): string {
  const { t } = voice;
  const about = markdown(`${plain(group.gpu)}, ${gb(group.vramGb)}: ${groupRow(group, voice, standing).description ?? ''}`);
  const [first] = days;
  if (first === undefined || days.length < 2) return about;
  const lows = days.map(({ low }) => low);
  const [least, most] = [Math.min(...lows), Math.max(...lows)].map((low) => lows.find((one) => one === low) ?? first.low);
  const range = t(
    'The lowest price of one GPU on demand, without a disk, on {0} days since {1}: {2} to {3}, {4} on the last. Only what was seen from here counts.',
    days.length, date(first.day), formatRate(least ?? first.low), formatRate(most ?? first.low), formatRate(lows.at(-1) ?? first.low),
  );
  return [about, sparkline(lows), markdown(range, 400)].join('\n\n');
}
