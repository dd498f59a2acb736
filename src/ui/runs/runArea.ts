/** Runs in the editor: commands, terminals, tasks and what is told when one has ended. */
import * as vscode from 'vscode';
import type { Disposable } from '../../domain/ports.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { all } from '../disposables.ts';
import type { OpenFile } from './runnable.ts';
import { runCommands, type RunCommandDeps } from './runCommands.ts';
import { listenToRuns } from './runListener.ts';
import { registerRunTasks } from './runTasks.ts';
import { RunTerminals } from './runTerminals.ts';

export interface RunAreaDeps extends Omit<RunCommandDeps, 'openFile' | 'projectFolder' | 'showLog' | 'saveAll' | 'trusted' | 'makeApart'> {
  readonly report: (error: unknown) => void;
}

export function registerRuns(base: RunAreaDeps): Disposable & { readonly handlers: CommandHandlers & ReturnType<typeof runCommands> } {
  const terminals = new RunTerminals(base);
  const deps = {
    ...base,
    openFile,
    projectFolder,
    makeApart: ignoreFolder,
    showLog: (...shown: Parameters<RunTerminals['show']>) => terminals.show(...shown),
    saveAll: async () => void await vscode.workspace.saveAll(false),
    trusted: () => vscode.workspace.isTrusted,
  };
  return { handlers: runCommands(deps), ...all([terminals, registerRunTasks(deps), listenToRuns(deps)]) };
}

/** With slashes on every system. */
const pathOf = (uri: vscode.Uri): string => uri.fsPath.replaceAll('\\', '/');

function projectFolder(): string | undefined {
  const { activeTextEditor } = vscode.window;
  const own = activeTextEditor && vscode.workspace.getWorkspaceFolder(activeTextEditor.document.uri);
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' ? pathOf(folder.uri) : undefined;
}

/** A menu hands over the file it was opened on, a notebook's toolbar an object that names it. */
function openFile(argument: unknown): OpenFile | undefined {
  const given = argument instanceof vscode.Uri ? argument : (argument as { notebookEditor?: { notebookUri?: vscode.Uri } } | undefined)?.notebookEditor?.notebookUri;
  const uri = given ?? vscode.window.activeNotebookEditor?.notebook.uri ?? vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file' || !/\.(py|ipynb|sh)$/.test(uri.path)) return undefined;
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  // Paths in a notebook are meant from where it lies.
  return { path: pathOf(uri), ...(folder === undefined || uri.path.endsWith('.ipynb') ? {} : { folder: pathOf(folder) }) };
}

async function ignoreFolder(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  await vscode.workspace.fs.createDirectory(uri);
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(uri, '.gitignore'), new TextEncoder().encode('*\n'));
}
