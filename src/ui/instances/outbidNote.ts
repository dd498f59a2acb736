import { formatRate } from '../../domain/money.ts';
import type { Marks } from '../../domain/store.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { countOutbid } from '../../services/outbidHistory.ts';
import type { CommandId } from '../commandIds.ts';
import type { Dialogs, Note } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Voice } from '../voice.ts';
import { rateAndMonth } from '../words.ts';
import { nameOf } from './instanceRow.ts';

export type OutbidAnswer = 'bid' | 'move' | 'wait';

const commandOf: Readonly<Record<Exclude<OutbidAnswer, 'wait'>, CommandId>> = { bid: 'gpuRental.instance.changeBid', move: 'gpuRental.instance.move' };

/** Whoever turns away from it waits as well. */
export function outbidNote(instance: FleetInstance, { t }: Voice): Note<OutbidAnswer> {
  const { burn, rates } = instance;
  return {
    level: 'warning',
    text: t('{0} was outbid, and what ran on it has stopped. Its disk goes on costing {1}. It starts again by itself, for {2}, when its bid is enough.', nameOf(instance), rateAndMonth(burn, t), formatRate(rates.running)),
    buttons: [{ id: 'bid', label: t('Raise the bid…') }, { id: 'move', label: t('Move the work…') }, { id: 'wait', label: t('Wait') }],
  };
}

export interface TellOutbidDeps {
  readonly marks: Marks;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly voice: Voice;
}

/** Counts it, and offers the three ways on. */
export async function tellOutbid({ marks, dialogs, editor, voice }: TellOutbidDeps, instance: FleetInstance): Promise<void> {
  countOutbid(marks, instance.alias ?? '');
  const answer = await dialogs.notify(outbidNote(instance, voice));
  if (answer !== undefined && answer !== 'wait') await editor.run(commandOf[answer], instance.id);
}
