import { groupOffers } from '../../domain/filter.ts';
import type { Offer } from '../../domain/offer.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import type { Voice } from '../voice.ts';
import { groupRow } from './groupRow.ts';
import { offerRow } from './offerRow.ts';

/** More lines than this are not read by anybody. */
const mostShown = 200;

/** Renting without the sidebar: first the model, then the offer; the cheapest stand first. */
export async function chooseOffer(dialogs: Dialogs, offers: readonly Offer[], voice: Voice): Promise<Offer | undefined> {
  const { t } = voice;
  const groups = groupOffers(offers, 'price');
  if (groups.length === 0) {
    await dialogs.notify({ level: 'info', text: t('No offer matches the filter.'), buttons: [] });
    return undefined;
  }
  for (;;) {
    const group = await dialogs.pick({
      title: t('Rent a GPU'),
      placeholder: t('Which model?'),
      choices: groups.map((value) => choice(groupRow(value, voice), value)),
    });
    if (group === undefined || group === goBack) return undefined;
    const offer = await dialogs.pick({
      title: groupRow(group, voice).label,
      placeholder: t('Which offer? The price is asked again before anything is rented'),
      choices: group.offers.slice(0, mostShown).map((value) => choice(offerRow(value, voice), value)),
      withBack: true,
    });
    if (offer !== goBack) return offer;
  }
}

const choice = <T>({ label, description }: { label: string; description?: string }, value: T) => ({
  label,
  ...(description === undefined ? {} : { description }),
  value,
});
