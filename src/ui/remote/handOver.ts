/** Opens a machine that answers: by Remote-SSH, or by ourselves where that is not. */
import { join } from 'node:path';
import { isRentError } from '../../domain/errors.ts';
import type { Ready } from '../../services/readiness.ts';
import { plain } from '../escape.ts';
import { openFiles, type OpenPodDeps } from '../pod/openPod.ts';
import { reportError, type ReportDeps } from '../report.ts';
import type { RemoteEditor, SshFacts } from './remoteEditor.ts';
import { presetRemote } from './remoteSettings.ts';
import { findRemoteSsh } from './remoteSsh.ts';

export interface HandOverDeps extends ReportDeps, OpenPodDeps {
  readonly remote: RemoteEditor;
  readonly ssh: SshFacts;
  /** SSH aliases of the machines that exist. */
  readonly liveAliases: () => readonly string[];
}

export async function openWorkspace(deps: HandOverDeps, ready: Ready): Promise<void> {
  const { remote, settings, log } = deps;
  if (findRemoteSsh((id) => remote.isInstalled(id)) === undefined) return openFiles(deps, ready);
  await presetRemote(remote, ready.alias, deps.liveAliases(), log);
  if (!(await hostIsKnown(deps))) return;
  await remote.openFolder(`ssh-remote+${ready.alias}`, ready.report.folder, settings.openIn === 'newWindow');
}

/** Remote-SSH reads the user's configuration and nothing else, so our hosts must be included there. */
async function hostIsKnown(deps: HandOverDeps): Promise<boolean> {
  const { remote, ssh } = deps;
  const named = remote.setting('remote.SSH.configFile');
  const own = typeof named === 'string' && named !== '' ? expandHome(named, remote.home) : undefined;
  if (own === ssh.hostFile) return true;
  const path = own ?? join(remote.home, '.ssh', 'config');
  try {
    await ssh.connectUserConfig(path);
    return true;
  } catch (error) {
    if (!isRentError(error, 'sshConfig')) {
      await reportError(deps, error);
      return false;
    }
    deps.log.warn('the Include could not be written', error);
    return askAnotherWay(deps, path, own === undefined);
  }
}

async function askAnotherWay({ dialogs, editor, remote, ssh, voice }: HandOverDeps, path: string, mayPoint: boolean): Promise<boolean> {
  const { t } = voice;
  const answer = await dialogs.confirm({
    title: t('{0} cannot be changed.', plain(path, 200)),
    detail: [
      t('Remote-SSH finds the machine when this line stands at the top of that file: {0}', ssh.includeLine),
      ...(mayPoint ? [t('Remote-SSH can also be told to read the file of GPU Rental alone; your other SSH hosts are then missing from its list.')] : []),
    ].join('\n\n'),
    buttons: [
      { id: 'copy', label: t('Copy line') },
      ...(mayPoint ? [{ id: 'point' as const, label: t('Use that file') }] : []),
    ],
    grave: true,
  });
  if (answer === 'copy') await editor.copy(ssh.includeLine);
  if (answer !== 'point') return false;
  await remote.updateSetting('remote.SSH.configFile', ssh.hostFile);
  return true;
}

/** Settings may say `~`, which nothing but a shell expands. */
export const expandHome = (path: string, home: string): string => (/^~(?=$|[/\\])/.test(path) ? join(home, path.slice(1)) : path);
