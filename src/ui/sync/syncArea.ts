/** Folders to machines and back: two commands. */
import * as vscode from 'vscode';
import type { MachineLinks } from '../../domain/machineLink.ts';
import type { Clock } from '../../domain/ports.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { goBack } from '../dialogs.ts';
import { chooseInstance, type ChooseDeps } from '../instances/chooseInstance.ts';
import type { Drawer } from '../offers/preferences.ts';
import { pickFolder } from '../pickFolder.ts';
import type { PodEditor } from '../pod/podEditor.ts';
import type { Settings } from '../settings.ts';
import { Pairs } from './pairs.ts';
import { download, type TransferDeps, upload } from './transfer.ts';

export interface SyncAreaDeps extends ChooseDeps, Omit<TransferDeps, 'pairs'> {
  readonly machines: MachineLinks;
  readonly memory: Drawer;
  readonly settings: Pick<Settings, 'syncOnSave'>;
  readonly clock: Clock;
  readonly pod: Pick<PodEditor, 'folders'>;
  readonly report: (error: unknown) => void;
}

export function syncCommands(deps: SyncAreaDeps) {
  const transfers = { ...deps, pairs: new Pairs(deps.memory) };
  return {
    'gpuRental.sync.upload': async (argument?: unknown) => {
      // A stranger's ignore files would decide what leaves.
      if (!vscode.workspace.isTrusted) return void (await deps.dialogs.notify({ level: 'warning', text: deps.voice.t('Files are sent only from folders that you trust.'), buttons: [] }));
      const instance = await chooseInstance(deps, typeof argument === 'string' ? argument : undefined, 'open');
      const folder = instance && (localFolder(argument) ?? (await whichFolder(deps)));
      if (instance && folder !== undefined) await upload(transfers, instance, folder);
    },
    'gpuRental.sync.download': async (argument?: unknown) => {
      const instance = await chooseInstance(deps, typeof argument === 'string' ? argument : undefined, 'open');
      const [first] = vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === 'file') ?? [];
      const pair = first && transfers.pairs.of(first.uri.fsPath);
      const shown = instance && deps.pod.folders.find(({ alias }) => alias === instance.alias)?.path;
      const usual = pair !== undefined && pair.alias === instance?.alias ? pair.remoteFolder : (shown ?? first?.name ?? '');
      if (instance) await download(transfers, instance, usual, openFolder);
    },
  } satisfies CommandHandlers;
}

/** The explorer hands over what was clicked. */
const localFolder = (argument: unknown): string | undefined => (argument instanceof vscode.Uri && argument.scheme === 'file' ? argument.fsPath : undefined);

async function whichFolder({ dialogs, voice: { t } }: SyncAreaDeps): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === 'file') ?? [];
  if (folders.length === 0) return openFolder(t('Upload this folder'));
  const other = Symbol('other');
  const chosen = await dialogs.pick<string | typeof other>({
    title: t('Upload'),
    placeholder: t('Which folder?'),
    choices: [...folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, value: uri.fsPath })), { label: t('Another folder'), value: other }],
  });
  if (chosen === undefined || chosen === goBack) return undefined;
  return typeof chosen === 'string' ? chosen : openFolder(t('Upload this folder'));
}

const openFolder = async (label: string): Promise<string | undefined> => (await pickFolder(label))?.fsPath;
