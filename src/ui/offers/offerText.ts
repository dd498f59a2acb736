import { allIn, type Offer } from '../../domain/offer.ts';
import { formatRate } from '../../domain/money.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { gpus, line, timeOfDay } from '../words.ts';
import { offerRow } from './offerRow.ts';

/** One line to paste into a chat or a note. */
export const offerText = (offer: Offer, voice: Voice): string =>
  line(
    gpus(offer.gpuCount, plain(offer.gpu)),
    voice.t('{0} all in, with {1} GB of disk', formatRate(allIn(offer)), offer.diskGb),
    offerRow(offer, voice).description,
    plain(offer.id),
    voice.t('read at {0}', timeOfDay(offer.readAt)),
  );
