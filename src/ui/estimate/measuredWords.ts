import { formatRate } from '../../domain/money.ts';
import { allIn } from '../../domain/offer.ts';
import type { MeasuredRun } from '../../estimate/learn/measuredRun.ts';
import { remaining } from '../../estimate/learn/remaining.ts';
import type { OfferEstimate } from '../../estimate/result.ts';
import type { Workload } from '../../estimate/workload.ts';
import type { Translate } from '../voice.ts';
import { grouped } from '../words.ts';
import type { Estimates } from './estimator.ts';
import { about, aboutCost, machineName, seconds } from './figures.ts';

/** `Measured on RTX 4090: 1.8 s a step, 320 of 1,000 done. 21 m and ≈ $0.11 are left at $0.31/h.` */
export function measuredWords(measured: MeasuredRun, workload: Workload, estimates: Estimates, chosen: OfferEstimate | undefined, t: Translate): string {
  const { progress, gpuCount } = measured;
  const { step, totalSteps, secondsPerStep, unit } = progress;
  const machine = machineName({ offer: measured });
  const each = seconds(secondsPerStep, t);
  const done = totalSteps === undefined ? t('{0} done', grouped(step)) : t('{0} of {1} done', grouped(step), grouped(totalSteps));
  const rate = unit === 'batch' ? t('Measured on {0}: {1} a batch, {2}.', machine, each, done) : t('Measured on {0}: {1} a step, {2}.', machine, each, done);
  const same = ({ offer }: OfferEstimate): boolean => offer.gpu === measured.gpu && offer.gpuCount === gpuCount;
  const offer = (chosen !== undefined && same(chosen) ? chosen : estimates.ranked.find(same))?.offer;
  const price = offer && allIn(offer);
  const left = price === undefined ? undefined : remaining(progress, workload, price, gpuCount);
  if (left === undefined || price === undefined) return rate;
  return left.steps === 0 ? `${rate} ${t('The run has ended.')}` : `${rate} ${t('{0} and {1} are left at {2}.', about(left.hours, t), aboutCost(left.usd), formatRate(price))}`;
}
