/** What a person who works on a machine is told when it goes, with the way on beside it. */
import type { PresenceChange } from '../../services/pod/presence.ts';
import type { Note } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';

export type PresenceAnswer = 'reconnect' | 'start' | 'instances';

/** Undefined where there is nothing to tell: a machine that comes back shows it, and one that was asked to go did as it was told. */
export function presenceNote({ name: given, now, instance }: Pick<PresenceChange, 'name' | 'now' | 'instance'>, { t }: Voice): Note<PresenceAnswer> | undefined {
  if (instance?.state === 'ending' || instance?.state === 'stopping') return undefined;
  const name = plain(given, 40);
  const instances = { id: 'instances', label: t('Show instances') } as const;
  switch (now) {
    case 'here':
    case 'starting':
      return undefined;
    case 'lost':
      if (isBeingEnded(instance)) return undefined;
      return {
        level: 'warning',
        text: t('{0} does not answer. What runs there goes on, and it bills; files and terminals come back by themselves when it answers.', name),
        buttons: [{ id: 'reconnect', label: t('Reconnect') }, instances],
      };
    case 'away':
      return {
        level: 'info',
        text: t('{0} does not run, so its files cannot be reached.', name),
        buttons: [...(instance?.state === 'stopped' ? [{ id: 'start', label: t('Start') } as const] : []), instances],
      };
    case 'gone':
      return { level: 'warning', text: t('{0} does not exist any more, and its files went with it.', name), buttons: [instances] };
  }
}

/** Its guard said so and was about to; what came of that is told as soon as its provider knows. */
function isBeingEnded(instance: PresenceChange['instance']): boolean {
  const { status, checkedMs = 0 } = instance?.guard ?? {};
  return status?.phase === 'acting' || (status?.phase === 'grace' && (status.graceLeftMs ?? Infinity) - checkedMs < aboutToMs);
}

/** The guard is asked once a minute. */
const aboutToMs = 75_000;
