/** What was waited for is there: it is said, and what the person then wants is done. */
import type { Offer } from '../../domain/offer.ts';
import type { Appeared } from '../../services/alertWatch.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { OfferPreferences } from '../offers/preferences.ts';
import type { Voice } from '../voice.ts';
import { appearedNote } from './alertWords.ts';
import type { Knowing } from './knowing.ts';

export interface AppearedDeps {
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly preferences: Pick<OfferPreferences, 'setFilter'>;
  readonly knowing: Pick<Knowing, 'use'>;
  readonly voice: Voice;
  /** With everything that is asked before money is spent. */
  readonly rent: (offer: Offer) => Promise<void>;
}

export async function tellAppeared({ dialogs, editor, preferences, knowing, voice, rent }: AppearedDeps, appeared: Appeared): Promise<void> {
  const { memory, wishes } = await knowing.use();
  const answer = await dialogs.notify(appearedNote(appeared, memory.standingOf(appeared.offer), voice));
  if (answer === 'rent') return rent(appeared.offer);
  if (answer === 'remove') return wishes.remove(appeared.alert.id);
  if (answer !== 'offers') return;
  await preferences.setFilter(appeared.alert.filter);
  await editor.showView('gpuRental.offers');
}
