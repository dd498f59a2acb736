import type { ContextKeys } from '../contextKeys.ts';
import type { Voice } from '../voice.ts';
import { filterWords, sortWords } from './filterWords.ts';
import type { OffersModel } from './offersModel.ts';

/** Which text stands where the list is empty. */
export function offersState({ input, roots }: OffersModel): ContextKeys['gpuRental.offers'] {
  const { view } = input;
  if (roots.length > 0) return 'some';
  if (view.loading) return 'loading';
  if (view.errors.length > 0) return 'failed';
  return view.readAt === undefined ? 'loading' : 'empty';
}

/** Beside the view's title: what narrows the list, and how it is sorted when not by price. */
export function offersDescription({ input }: OffersModel, practice: boolean, voice: Voice): string {
  const parts = [
    practice && voice.t('practice money'),
    input.limited && voice.t('sensitive work'),
    filterWords(input.view.filter, voice),
    input.sort !== 'price' && sortWords(input.sort, voice),
  ];
  return parts.filter((part) => part).join(' · ');
}
