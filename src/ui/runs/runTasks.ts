/** Runs as tasks, for tasks.json and keybindings. What they do is read when the first of them is started. */
import * as vscode from 'vscode';
import type { RunDesk } from './runArea.ts';
import { placeOfFolder } from './runPlaces.ts';
import type { RunPlace } from './runnable.ts';

export const taskType = 'gpuRental';

export const registerRunTasks = (desk: () => Promise<RunDesk>): vscode.Disposable => vscode.tasks.registerTaskProvider(taskType, {
  provideTasks: () => {
    const file = vscode.window.activeTextEditor?.document;
    if (folderHere() === undefined || file?.languageId !== 'python' || placeOfFolder(file.uri) === undefined) return [];
    const script = vscode.workspace.asRelativePath(file.uri, false);
    return [taskFor(desk, { type: taskType, command: `python3 '${script.replaceAll("'", `'\\''`)}'` }, vscode.TaskScope.Workspace, script)];
  },
  resolveTask: (task) => taskFor(desk, task.definition, task.scope ?? vscode.TaskScope.Workspace, task.name),
});

function taskFor(desk: () => Promise<RunDesk>, definition: vscode.TaskDefinition, scope: vscode.WorkspaceFolder | vscode.TaskScope, name: string): vscode.Task {
  const root = typeof scope === 'object' ? placeOfFolder(scope.uri) : folderHere();
  // The editor hands over the definition again, with its variables filled in.
  const execution = new vscode.CustomExecution(async (resolved) => (await desk()).task(resolved, root));
  const task = new vscode.Task(definition, scope, name, 'GPU Rental', execution, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated };
  return task;
}

const folderHere = (): RunPlace | undefined => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder && placeOfFolder(folder.uri);
};
