/** What a person does with runs: commands, the terminals that show their logs, and what a task does. */
import * as vscode from 'vscode';
import type { Disposable } from '../../domain/ports.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { pickFolder } from '../pickFolder.ts';
import { runCommands, type RunCommandDeps } from './runCommands.ts';
import { openFile, projectFolder, slashed } from './runPlaces.ts';
import { taskPty } from './taskPty.ts';
import { type RunPlace, wantedBy } from './runnable.ts';
import { RunTerminals } from './runTerminals.ts';

export interface RunAreaDeps extends Omit<RunCommandDeps, 'openFile' | 'projectFolder' | 'showLog' | 'saveAll' | 'trusted' | 'makeApart' | 'pickFolder'> {
  readonly report: (error: unknown) => void;
}

export interface RunDesk extends Disposable {
  readonly handlers: CommandHandlers & ReturnType<typeof runCommands>;
  /** What a task of tasks.json shows; `root` is where it says nothing of a folder. */
  task(definition: vscode.TaskDefinition, root: RunPlace | undefined): vscode.Pseudoterminal;
}

export function createRunDesk(base: RunAreaDeps): RunDesk {
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
  return {
    handlers: runCommands(deps),
    task: (definition, root) => taskPty(deps, wantedBy(definition, root)),
    dispose: () => terminals.dispose(),
  };
}

async function ignoreFolder(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  await vscode.workspace.fs.createDirectory(uri);
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(uri, '.gitignore'), new TextEncoder().encode('*\n'));
}
