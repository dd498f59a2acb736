/** What a person is told of a machine's guard, with the way on beside it. */
import { formatRate } from '../../domain/money.ts';
import type { WhyUnprotected } from '../../domain/protection.ts';
import type { FoundEnded } from '../../services/guardEnds.ts';
import type { GuardWarning, ProtectionLost, Unheard } from '../../services/protection.ts';
import type { Button, Note } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { duration, moment } from '../words.ts';
import { endWords, reasonWords, whyWords } from './guardWords.ts';
import { lacks } from './instanceContext.ts';
import { nameOf } from './instanceRow.ts';

export type ProtectionAnswer = 'keep' | 'extend' | 'raise' | 'stop' | 'start' | 'destroy' | 'instances';

export function lossNote({ instance, why }: ProtectionLost, now: number, voice: Voice): Note<ProtectionAnswer> {
  const { t } = voice;
  const [name, cost] = [nameOf(instance), formatRate(instance.burn)];
  const text = why === 'unreachable'
    ? t('{0} has not answered since {1}: whether its guard works is not known. It costs {2}.', name, moment(instance.guard?.missingSince ?? now, now, t), cost)
    : t('{0} is not protected: {1}. It costs {2}, and only this editor ends it.', name, wordsFor(instance, why, now, voice), cost);
  return {
    level: why === 'unreachable' ? 'warning' : 'error',
    text,
    buttons: [{ id: 'instances', label: t('Show instances') }, ...(lacks(instance, 'stop') ? [] : [{ id: 'stop' as const, label: t('Stop') }]), { id: 'destroy', label: t('Destroy') }],
  };
}

/** The instance may be older than what was found out about it. */
const wordsFor = ({ guard, ...instance }: ProtectionLost['instance'], why: WhyUnprotected, now: number, voice: Voice): string =>
  whyWords({ ...instance, guard: { missingSince: now, ...guard, protection: 'unprotected', why } }, now, voice);

export function graceNote({ instance, reason, leftMs }: GuardWarning, voice: Voice): Note<ProtectionAnswer> {
  const { t } = voice;
  const [name, left] = [nameOf(instance), duration(leftMs, t)];
  const why = instance.limits === undefined ? '' : reasonWords(reason, instance.limits, voice);
  const buttons = [wayOn(reason, voice), { id: 'stop', label: t('Stop now') }, { id: 'destroy', label: t('Destroy') }] as const;
  if (reason === 'run') return { level: 'warning', text: t('{0} is ended by its guard in {1}, as was chosen for its run, which has ended.', name, left), buttons };
  const destroys = instance.limits?.atLimit === 'destroy' || reason === 'unclaimed';
  return {
    level: 'warning',
    text: destroys ? t('{0} is destroyed by its guard in {1}: {2}.', name, left, why) : t('{0} is stopped by its guard in {1}: {2}.', name, left, why),
    buttons,
  };
}

/** Idleness is over when somebody says so; a limit that is reached must be moved. */
function wayOn(reason: GuardWarning['reason'], { t }: Voice): Button<ProtectionAnswer> {
  switch (reason) {
    case 'use':
    case 'deadline':
      return { id: 'extend', label: t('Extend lease') };
    case 'budget':
      return { id: 'raise', label: t('Raise budget') };
    case 'unclaimed':
    case 'idle':
    case 'longIdle':
    case 'run':
      return { id: 'keep', label: t('Keep it running') };
  }
}

export function foundNote({ name, end, limits, id }: FoundEnded, now: number, voice: Voice): Note<ProtectionAnswer> {
  const { t } = voice;
  const text = `${plain(name, 40) || plain(id, 40)}: ${endWords(end, limits, now, voice)}.`;
  if (end.how === 'gone') return { level: 'warning', text, buttons: [] };
  return { level: 'warning', text, buttons: [{ id: 'start', label: t('Start') }, { id: 'destroy', label: t('Destroy') }] };
}

export function unheardNote({ instance, why }: Unheard, now: number, voice: Voice): Note<ProtectionAnswer> {
  const { t } = voice;
  return {
    level: 'warning',
    text: t('The guard of {0} has not heard of its new limits: {1}. It is told again every minute, and goes by the old ones until then.', nameOf(instance), wordsFor(instance, why, now, voice)),
    buttons: [{ id: 'instances', label: t('Show instances') }],
  };
}

export function keptNote(instance: ProtectionLost['instance'], told: string, { t }: Voice): Note<ProtectionAnswer> {
  return told === 'heard'
    ? { level: 'info', text: t('{0} goes on.', nameOf(instance)), buttons: [] }
    : { level: 'error', text: t('The guard of {0} could not be told: it goes on to end the machine.', nameOf(instance)), buttons: [{ id: 'instances', label: t('Show instances') }] };
}
