import type { ServingEstimate, ServingEstimates } from '../../estimate/offers/serving.ts';
import { plain } from '../escape.ts';
import type { Translate } from '../voice.ts';
import { line } from '../words.ts';
import { costText, machineName, speedText } from './figures.ts';
import { fitCount } from './headline.ts';

/** `≈ $0.21 a million tokens · 410 tokens/s on RTX 4090 · 61 offers fit` */
export function servingHeadline(estimate: ServingEstimate, { ranked }: ServingEstimates, t: Translate): string {
  const { usdPerMillion, speed } = estimate;
  if (usdPerMillion === undefined || speed?.tokensPerSecond === undefined) return speed === undefined ? '' : plain(line(t('{0}: {1}', machineName(estimate), t('does not fit')), fitCount(ranked.length, t)), 160);
  return plain(line(t('≈ {0} a million tokens', costText(usdPerMillion.likely)), t('{0} on {1}', speedText(speed.tokensPerSecond.likely, t), machineName(estimate)), fitCount(ranked.length, t)), 160);
}
