import type { MarketView } from '../../services/market.ts';
import type { Row } from '../row.ts';
import type { Voice } from '../voice.ts';
import { age, grouped, line, timeOfDay } from '../words.ts';

export interface SummaryInput {
  readonly view: MarketView;
  readonly shown: number;
  readonly hiddenHosts: number;
  readonly now: number;
}

/**
 * `312 offers, 4 dropped · read at 14:03:20 · 40 GB disk`: what was read, how old it is, what the prices assume.
 * The line stands until the next reading, so an age would soon be wrong; it is told where it is too great.
 */
export function summaryRow({ view, shown, hiddenHosts, now }: SummaryInput, { t }: Voice): Row {
  const count = `${grouped(shown)}${view.more ? '+' : ''}`;
  const offers = shown === 1 && !view.more ? t('1 offer') : t('{0} offers', count);
  const label = line(
    view.dropped === 0 ? offers : t('{0}, {1} dropped', offers, grouped(view.dropped)),
    hiddenHosts === 1 ? t('1 host hidden') : hiddenHosts > 1 && t('{0} hosts hidden', hiddenHosts),
    view.readAt !== undefined && (view.stale ? t('read {0}', age(now - view.readAt, t)) : t('read at {0}', timeOfDay(view.readAt))),
    view.stale && t('not fresh'),
    t('{0} GB disk', view.filter.diskGb),
  );
  return { label, spoken: label, icon: view.stale ? { codicon: 'warning', color: 'list.warningForeground' } : { codicon: 'info' } };
}
