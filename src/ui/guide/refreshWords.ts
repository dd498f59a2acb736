/** How reading the price lists anew ended, cloud by cloud. */
import { isRentError } from '../../domain/errors.ts';
import type { Refreshed } from '../../services/cloudPrices.ts';
import type { Translate } from '../voice.ts';
import { grouped } from '../words.ts';
import { cloudName } from '../cloudName.ts';

export const refreshWords = (ended: readonly Refreshed[], t: Translate): readonly string[] => ended.map((one) => {
  const name = cloudName(one.cloud);
  if ('error' in one) return isRentError(one.error, 'network', 'serverError', 'rateLimited') ? t('{0}: its list could not be reached, so its prices stay as they were.', name) : t('{0}: its list did not come whole, so its prices stay as they were.', name);
  return [
    t('{0}: {1} prices were read.', name, grouped(one.read)),
    ...(one.refused === 0 ? [] : [one.refused === 1 ? t('1 was refused, because it moved too far or is in another unit.') : t('{0} were refused, because they moved too far or are in another unit.', grouped(one.refused))]),
    ...(one.missing === 0 ? [] : [one.missing === 1 ? t('1 machine is not in it any more; its last price stays.') : t('{0} machines are not in it any more; their last prices stay.', grouped(one.missing))]),
  ].join(' ');
});
