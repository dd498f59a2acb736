import type { OfferEstimate } from '../../estimate/result.ts';
import type { Translate } from '../voice.ts';
import { about, aboutCost } from './figures.ts';

export function interruptionWords(estimate: OfferEstimate, t: Translate): string | undefined {
  const { interruption } = estimate;
  if (interruption === undefined) return undefined;
  const { intervalMinutes, meanHoursBetween, extraUsd } = interruption;
  return t(
    'This offer can be taken away, about every {0}. A checkpoint every {1} costs least; interruptions add {2}, which is counted.',
    about(meanHoursBetween, t), about(intervalMinutes / 60, t), aboutCost(extraUsd),
  );
}
