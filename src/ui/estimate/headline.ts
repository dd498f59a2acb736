import type { OfferEstimate } from '../../estimate/result.ts';
import { fitWords } from '../../estimate/wordsFit.ts';
import { plain } from '../escape.ts';
import type { Translate } from '../voice.ts';
import { grouped, line } from '../words.ts';
import type { Estimates } from './estimator.ts';
import { about, aboutCost, machineName } from './figures.ts';

/** `≈ $1.04 · 2.0 h on RTX 4090 · 61 offers fit`; without figures it says nothing, and no figure of what does not fit. */
export function headline(estimate: OfferEstimate, { ranked }: Pick<Estimates, 'ranked'>, t: Translate): string {
  const { usd, hours, fit } = estimate;
  const fits = ranked.filter(({ fit }) => fit.verdict === 'fits').length;
  if (fit.verdict === 'no') return plain(line(t('{0}: {1}', machineName(estimate), fitWords(fit, t)), fitCount(fits, t)), 160);
  if (usd === undefined || hours === undefined) return '';
  return plain(line(aboutCost(usd.likely), t('{0} on {1}', about(hours.likely, t), machineName(estimate)), fit.verdict === 'risky' && fitWords(fit, t), fitCount(fits, t)), 160);
}

export const fitCount = (count: number, t: Translate): string => (count === 1 ? t('1 offer fits') : t('{0} offers fit', grouped(count)));
