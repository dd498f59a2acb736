import type { OfferEstimate } from '../../estimate/result.ts';
import { plain } from '../escape.ts';
import type { Translate } from '../voice.ts';
import { grouped, line } from '../words.ts';
import type { Estimates } from './estimator.ts';
import { about, costText, machineName } from './figures.ts';

/** `≈ $1.04 · 2.0 h on RTX 4090 · 61 offers fit`; without figures it says nothing. */
export function headline(estimate: OfferEstimate, { ranked }: Pick<Estimates, 'ranked'>, t: Translate): string {
  const { usd, hours } = estimate;
  if (usd === undefined || hours === undefined) return '';
  const fits = ranked.filter(({ fit }) => fit.verdict === 'fits').length;
  return plain(line(`≈ ${costText(usd.likely)}`, t('{0} on {1}', about(hours.likely, t), machineName(estimate)), fitCount(fits, t)), 160);
}

export const fitCount = (count: number, t: Translate): string => (count === 1 ? t('1 offer fits') : t('{0} offers fit', grouped(count)));
