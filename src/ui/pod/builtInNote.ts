import type { Once } from '../../services/once.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { RemoteEditor } from '../remote/remoteEditor.ts';
import { findRemoteSsh, remoteSshFor } from '../remote/remoteSsh.ts';
import type { Voice } from '../voice.ts';

export interface BuiltInNoteDeps {
  readonly once: Once;
  readonly dialogs: Dialogs;
  readonly editor: Pick<Editor, 'run'>;
  readonly voice: Voice;
  readonly remote: Pick<RemoteEditor, 'isInstalled' | 'install' | 'isWeb' | 'uriScheme'>;
}

/** Said once: what such a workspace cannot do, and what does it instead. */
export async function explainBuiltIn({ once, dialogs, editor, voice, remote }: BuiltInNoteDeps, name: string): Promise<void> {
  const { t } = voice;
  if (!once.first('builtInWorkspace')) return;
  // A browser cannot open an SSH window, whatever is installed.
  const canInstall = !remote.isWeb && findRemoteSsh((id) => remote.isInstalled(id)) === undefined;
  const answer = await dialogs.notify({
    level: 'info',
    text: t('This window works on {0} over SSH alone. Open files and unfolded folders are looked at every few seconds, the editor’s own search does not reach them, and language servers want Remote-SSH.', name),
    buttons: [{ id: 'search', label: t('Search on the machine') }, ...(canInstall ? [{ id: 'install' as const, label: t('Install Remote-SSH') }] : [])],
  });
  if (answer === 'search') await editor.run('gpuRental.instance.search');
  if (answer === 'install') await remote.install(remoteSshFor(remote.uriScheme));
}
