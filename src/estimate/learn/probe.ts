/**
 * Trying a job on an offer for some minutes before renting it for hours: the measured step replaces the prediction,
 * and leaves about five percent of doubt.
 */
import { chargeFor, sumUsd, type Usd } from '../../domain/money.ts';
import { allIn } from '../../domain/offer.ts';
import type { OfferEstimate } from '../result.ts';
import { settledAfter } from './progress.ts';

export interface Probe {
  /** Minutes of training, beyond the setup that has to be paid as well. */
  readonly minutes: number;
  readonly hours: number;
  readonly usd: Usd;
  /** Steps that likely fit into it; a probe of fewer than thirty says little. */
  readonly steps: number;
}

const leastMinutes = 2;
const usualMinutes = 3;

/**
 * What a probe costs: setup, download and traffic as for the whole job, and two to three minutes of steps, longer
 * where thirty steps take longer. Undefined where the estimate has no times.
 */
export function probe({ offer, parts, time }: OfferEstimate, samplesPerStep: number): Probe | undefined {
  if (parts === undefined || time === undefined || !(samplesPerStep > 0)) return undefined;
  const stepSeconds = time.secondsPerSample.likely * samplesPerStep;
  const needed = (settledAfter * stepSeconds) / 60;
  const minutes = needed <= leastMinutes ? leastMinutes : Math.max(usualMinutes, needed);
  const hours = parts.setupHours.likely + parts.downloadHours.likely + minutes / 60;
  return {
    minutes, hours, steps: Math.floor((minutes * 60) / stepSeconds),
    usd: sumUsd([chargeFor(allIn(offer), hours * 3_600_000), parts.trafficUsd]),
  };
}
