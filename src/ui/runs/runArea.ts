/** Runs in the editor: commands, terminals, tasks and what is told when one has ended. */
import * as vscode from 'vscode';
import type { Disposable } from '../../domain/ports.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { all } from '../disposables.ts';
import { pickFolder } from '../pickFolder.ts';
import { runCommands, type RunCommandDeps } from './runCommands.ts';
import { listenToRuns } from './runListener.ts';
import { openFile, projectFolder, slashed } from './runPlaces.ts';
import { registerRunTasks } from './runTasks.ts';
import { RunTerminals } from './runTerminals.ts';

export interface RunAreaDeps extends Omit<RunCommandDeps, 'openFile' | 'projectFolder' | 'showLog' | 'saveAll' | 'trusted' | 'makeApart' | 'pickFolder'> {
  readonly report: (error: unknown) => void;
}

export function registerRuns(base: RunAreaDeps): Disposable & { readonly handlers: CommandHandlers & ReturnType<typeof runCommands> } {
  const terminals = new RunTerminals(base);
  const deps = {
    ...base,
    openFile,
    projectFolder,
    makeApart: ignoreFolder,
    pickFolder: async (label: string) => {
      const uri = await pickFolder(label);
      return uri && slashed(uri);
    },
    showLog: (...shown: Parameters<RunTerminals['show']>) => terminals.show(...shown),
    saveAll: async () => void await vscode.workspace.saveAll(false),
    trusted: () => vscode.workspace.isTrusted,
  };
  return { handlers: runCommands(deps), ...all([terminals, registerRunTasks(deps), listenToRuns(deps)]) };
}

async function ignoreFolder(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  await vscode.workspace.fs.createDirectory(uri);
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(uri, '.gitignore'), new TextEncoder().encode('*\n'));
}
