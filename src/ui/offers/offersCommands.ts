import type { Offer } from '../../domain/offer.ts';
import type { Market } from '../../services/market.ts';
import type { CommandHandlers } from '../commandIds.ts';
import type { AdviseDeps } from '../advice/adviseFlow.ts';
import { advise } from '../advice/adviseFlow.ts';
import type { Editor } from '../editor.ts';
import { consoleUrl } from '../links.ts';
import type { Knowing } from '../market/knowing.ts';
import type { Wish } from '../rent/terms.ts';
import { chooseOffer } from './chooseOffer.ts';
import { chooseFilter, chooseSort } from './filterFlow.ts';
import { hostOf } from './hiddenHosts.ts';
import type { OffersList } from './offersList.ts';
import { offerOfNode } from './offersModel.ts';
import { offerText } from './offerText.ts';
import { untilRead } from './untilRead.ts';
import type { OfferPreferences } from './preferences.ts';

export interface OffersCommandDeps extends Omit<AdviseDeps, 'offers' | 'rent' | 'preferences' | 'editor'> {
  readonly market: Pick<Market, 'view' | 'refresh' | 'onDidChange'>;
  readonly list: OffersList;
  readonly preferences: OfferPreferences;
  readonly editor: Editor;
  readonly knowing: Pick<Knowing, 'use'>;
  readonly rent: (offer: Offer, limits?: Wish) => Promise<void>;
}

export function offersCommands(deps: OffersCommandDeps) {
  const { market, list, preferences, dialogs, editor, voice, now, rent, namedJob, knowing } = deps;
  const filterDeps = { dialogs, preferences, voice, hasJob: () => namedJob.figures !== undefined, seen: (diskGb: number) => list.seen(diskGb, now()) };

  /** Offers may never have been read when somebody begins at the command palette. */
  const readOnce = async (): Promise<void> => {
    if (market.view.offers.length > 0 || (market.view.readAt !== undefined && !market.view.loading)) return;
    await dialogs.progress(voice.t('Reading offers'), true, (_, signal) => untilRead(market, preferences.filter, signal));
  };

  const offerOf = async (argument: unknown): Promise<Offer | undefined> => {
    if (argument !== undefined) return offerOfNode(list.model, argument);
    await readOnce();
    return chooseOffer(dialogs, list.model.offers, voice);
  };

  const withOffer = (act: (offer: Offer) => Promise<void>) => async (argument?: unknown): Promise<void> => {
    const offer = await offerOf(argument);
    if (offer) await act(offer);
  };

  return {
    'gpuRental.offers.refresh': () => market.refresh(preferences.filter),
    'gpuRental.offers.filter': async () => {
      await readOnce();
      await chooseFilter(filterDeps);
    },
    'gpuRental.offers.sort': () => chooseSort(filterDeps),
    'gpuRental.offers.advise': async () => {
      await Promise.all([readOnce(), knowing.use()]);
      await advise({ ...deps, offers: () => list.model.offers });
    },
    'gpuRental.offers.clearFilter': () => preferences.clearFilter(),
    'gpuRental.offers.showHidden': () => preferences.showHidden(),
    'gpuRental.offer.rent': withOffer((offer) => rent(offer)),
    'gpuRental.offer.copy': withOffer((offer) => editor.copy(offerText(offer, voice))),
    'gpuRental.offer.openConsole': withOffer((offer) => editor.openExternal(consoleUrl[offer.provider].offers)),
    'gpuRental.offer.hideHost': withOffer(async (offer) => {
      const host = hostOf(offer);
      if (host !== undefined) await preferences.hide(host);
    }),
  } satisfies CommandHandlers;
}
