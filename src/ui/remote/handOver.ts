/** Opens a machine that answers: as a workspace over SSH, or as a terminal where that cannot be. */
import { join } from 'node:path';
import { isRentError } from '../../domain/errors.ts';
import type { Ready } from '../../services/readiness.ts';
import { fileName, plain } from '../escape.ts';
import { reportError, type ReportDeps } from '../report.ts';
import type { Settings } from '../settings.ts';
import type { RemoteEditor, SshFacts } from './remoteEditor.ts';
import { presetRemote } from './remoteSettings.ts';
import { findRemoteSsh, remoteSshFor } from './remoteSsh.ts';

export interface HandOverDeps extends ReportDeps {
  readonly remote: RemoteEditor;
  readonly ssh: SshFacts;
  readonly settings: Pick<Settings, 'openIn'>;
  /** SSH aliases of the machines that exist. */
  readonly liveAliases: () => readonly string[];
}

export async function openWorkspace(deps: HandOverDeps, ready: Ready): Promise<void> {
  const { remote, settings, log } = deps;
  if (findRemoteSsh((id) => remote.isInstalled(id)) === undefined) return withoutRemoteSsh(deps, ready);
  await presetRemote(remote, ready.alias, deps.liveAliases(), log);
  if (!(await hostIsKnown(deps))) return;
  await remote.openFolder(`ssh-remote+${ready.alias}`, ready.report.folder, settings.openIn === 'newWindow');
}

export function openTerminal({ remote, ssh }: HandOverDeps, { alias, launch }: Ready): void {
  const ownSsh = remote.setting('remote.SSH.path');
  remote.openTerminal({
    name: fileName(launch.quote.name) || alias,
    shellPath: typeof ownSsh === 'string' && ownSsh !== '' ? ownSsh : 'ssh',
    shellArgs: ['-F', ssh.hostFile, alias],
  });
}

async function withoutRemoteSsh(deps: HandOverDeps, ready: Ready): Promise<void> {
  const { dialogs, remote, voice } = deps;
  const { t } = voice;
  openTerminal(deps, ready);
  const why = remote.isWeb
    ? t('A browser cannot open a workspace over SSH; a terminal on the machine is open instead.')
    : t('No Remote-SSH extension is installed; a terminal on the machine is open instead.');
  const answer = await dialogs.notify({
    level: 'info',
    text: why,
    buttons: remote.isWeb ? [] : [{ id: 'install', label: t('Install Remote-SSH') }],
  });
  if (answer !== 'install') return;
  await remote.install(remoteSshFor(remote.uriScheme));
  if (findRemoteSsh((id) => remote.isInstalled(id)) !== undefined) return openWorkspace(deps, ready);
  await dialogs.notify({ level: 'info', text: t('Remote-SSH is installed; open the workspace again when the window has loaded it.'), buttons: [] });
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
