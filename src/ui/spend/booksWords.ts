import { providerIds, providerOf, type ProviderId } from '../../domain/offer.ts';
import type { Books } from '../../domain/spend.ts';
import type { Voice } from '../voice.ts';
import { moment } from '../words.ts';

/** They tell no charges. */
const silent: readonly ProviderId[] = ['lambda'];

/** How far the figures are the providers' own, for each provider at which anything ran. */
export function booksWords({ intervals, settled, now }: Pick<Books, 'intervals' | 'settled' | 'now'>, { t, nameOf }: Voice): string[] {
  const used = new Set(intervals.map(({ instanceId }) => providerOf(instanceId)));
  const providers = providerIds.filter((provider) => used.has(provider));
  if (providers.filter((provider) => !silent.includes(provider)).length > 1 && settled.length === 0) return [t('Nothing is reconciled with the providers’ books yet: all figures are metered here.')];
  return providers.map((provider) => {
    if (silent.includes(provider)) return t('{0} tells no charges: its figures are metered here.', nameOf(provider));
    const charges = settled.filter(({ instanceId }) => providerOf(instanceId) === provider);
    return charges.length === 0
      ? t('Nothing is reconciled with the books of {0} yet: its figures are metered here.', nameOf(provider))
      : t('Up to {0} the figures of {1} are its own charges; after that, they are metered here.', moment(charges.reduce((most, { to }) => Math.max(most, to), 0), now, t), nameOf(provider));
  });
}
