import type { KeptShell } from '../../services/pod/keptShells.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';

/** A new shell, or one that goes on there without anybody. Undefined when the person turned away. */
export async function chooseShell(
  { dialogs, voice }: { readonly dialogs: Dialogs; readonly voice: Voice },
  name: string,
  left: readonly KeptShell[],
): Promise<{ readonly shell: string | undefined } | undefined> {
  const { t } = voice;
  if (left.length === 0) return { shell: undefined };
  const chosen = await dialogs.pick<{ readonly shell: string | undefined }>({
    title: t('Terminal on {0}', name),
    placeholder: t('A new one, or one that was left open there'),
    choices: [
      { label: t('New terminal'), value: { shell: undefined } },
      ...left.map(({ name: shell, running, idle }) => ({
        label: idle ? t('A shell that waits') : t('{0} runs', plain(running, 60) || t('Something')),
        description: shell,
        value: { shell },
      })),
    ],
  });
  return chosen === goBack ? undefined : chosen;
}
