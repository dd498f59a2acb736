import { addressOf } from '../../domain/dataStore.ts';
import { formatRate } from '../../domain/money.ts';
import type { Checkpoints, Move } from '../../domain/move.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { MoveStage } from '../../services/mover.ts';
import type { Note } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { paragraphs, type Consent } from '../rent/consent.ts';
import { commandText } from '../runs/runWords.ts';
import type { Voice } from '../voice.ts';
import { age, rateAndMonth } from '../words.ts';
import { nameOf } from './instanceRow.ts';

/** Where the work would go on from, in one line, and since when that lies there. */
export function checkpointsWords(checkpoints: Checkpoints, now: number, { t }: Voice): { readonly label: string; readonly detail?: string } {
  const detail = 'at' in checkpoints && checkpoints.at !== undefined ? { detail: t('copied {0}', age(now - checkpoints.at, t)) } : {};
  switch (checkpoints.kind) {
    case 'here':
      return { label: t('From the copies on this computer'), detail: [detail.detail, plain(checkpoints.localFolder, 120)].filter((part) => part).join(' · ') };
    case 'bucket':
      return { label: t('From {0}', plain(addressOf(checkpoints.place), 80)), ...detail };
    case 'none':
      return { label: t('From the beginning'), detail: t('With what the project’s folder here holds.') };
  }
}

export function moveConsent(instance: FleetInstance, { work, checkpoints }: Pick<Move, 'work' | 'checkpoints'>, now: number, voice: Voice): Consent {
  const { t } = voice;
  const { label, detail } = checkpointsWords(checkpoints, now, voice);
  const name = nameOf(instance);
  return {
    title: t('Move the work of {0} to another machine?', name),
    detail: paragraphs(
      t('{0} waits no more for its bid, so that never two machines run for one work. Then the next best machine is rented, after you have agreed to its price.', name),
      t('There {0} goes on: {1}.', commandText(work, 40), [label.charAt(0).toLowerCase() + label.slice(1), detail].filter((part) => part).join(', ')),
      t('The disk of {0} stays, for {1}, until you agree to destroy it: asked once the work goes on. It cannot be read while {0} is stopped.', name, rateAndMonth(instance.rates.stopped, t)),
    ),
  };
}

export function moveStageWords(stage: MoveStage, { t }: Voice): string {
  switch (stage) {
    case 'folder':
      return t('looking at the machine');
    case 'files':
      return t('sending the project');
    case 'checkpoints':
      return t('restoring checkpoints');
    case 'starting':
      return t('starting the work');
  }
}

export function goesOnNote(old: FleetInstance, fresh: string, { t }: Voice): Note<'destroy' | 'keep'> {
  return {
    level: 'info',
    text: t('{0} goes on with the work of {1}. The disk of {1} goes on costing {2}.', fresh, nameOf(old), rateAndMonth(old.rates.stopped, t)),
    buttons: [{ id: 'destroy', label: t('Destroy {0}…', nameOf(old)) }, { id: 'keep', label: t('Keep it') }],
  };
}

/** The old machine was made to wait no more, and nothing took its place. */
export const notMovedText = (old: FleetInstance, { t }: Voice): string =>
  t('{0} was not moved, and it does not start by itself any more. Its disk goes on costing {1} until you start or destroy it.', nameOf(old), rateAndMonth(old.rates.stopped, t));

export const halfMovedText = (old: FleetInstance, fresh: FleetInstance | undefined, { t }: Voice): string =>
  fresh === undefined
    ? t('The work of {0} has not moved yet: its new machine is not known to be ready.', nameOf(old))
    : t('The work of {0} has not moved yet. {1} costs {2} meanwhile.', nameOf(old), nameOf(fresh), formatRate(fresh.burn));
