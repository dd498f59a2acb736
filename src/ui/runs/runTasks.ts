/** Runs as tasks, for tasks.json and keybindings: the task lasts as long as the run, and the run as long as it likes. */
import * as vscode from 'vscode';
import { isAbort } from '../../domain/errors.ts';
import { launchRun, prepareRun, type RunFlowDeps, type WantedRun } from './runFlow.ts';
import { type RunPlace, wantedBy } from './runnable.ts';
import { placeOfFolder } from './runPlaces.ts';
import { RunScreen } from './runScreen.ts';

export const taskType = 'gpuRental';

export interface TaskDeps extends RunFlowDeps {
  readonly report: (error: unknown) => void;
  readonly projectFolder: () => RunPlace | undefined;
}

export const registerRunTasks = (deps: TaskDeps): vscode.Disposable => vscode.tasks.registerTaskProvider(taskType, {
  provideTasks: () => {
    const folder = deps.projectFolder();
    const file = vscode.window.activeTextEditor?.document;
    if (folder === undefined || file?.languageId !== 'python' || placeOfFolder(file.uri) === undefined) return [];
    const script = vscode.workspace.asRelativePath(file.uri, false);
    return [taskFor(deps, { type: taskType, command: `python3 '${script.replaceAll("'", `'\\''`)}'` }, vscode.TaskScope.Workspace, script)];
  },
  resolveTask: (task) => taskFor(deps, task.definition, task.scope ?? vscode.TaskScope.Workspace, task.name),
});

function taskFor(deps: TaskDeps, definition: vscode.TaskDefinition, scope: vscode.WorkspaceFolder | vscode.TaskScope, name: string): vscode.Task {
  const root = typeof scope === 'object' ? placeOfFolder(scope.uri) : deps.projectFolder();
  // The editor hands over the definition again, with its variables filled in.
  const execution = new vscode.CustomExecution((resolved) => Promise.resolve(taskPty(deps, wantedBy(resolved, root))));
  const task = new vscode.Task(definition, scope, name, 'GPU Rental', execution, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated };
  return task;
}

function taskPty(deps: TaskDeps, wanted: WantedRun | undefined): vscode.Pseudoterminal {
  const { voice: { t }, report } = deps;
  const [written, closed] = [new vscode.EventEmitter<string>(), new vscode.EventEmitter<number>()];
  const stopped = new AbortController();
  const say = (text: string): void => written.fire(`\x1b[2m${text}\x1b[0m\r\n`);
  let screen: RunScreen | undefined;

  const run = async (): Promise<number> => {
    if (wanted === undefined) {
      say(t('This task names no command, or there is no folder to send.'));
      return 1;
    }
    const ready = await prepareRun(deps, wanted);
    if (ready === undefined) return 1;
    const shown = await launchRun(deps, ready, say, stopped.signal);
    screen = new RunScreen(deps, shown, (text) => written.fire(text));
    return (await screen.show()) ?? 1;
  };
  return {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open: () => void run().then((code) => closed.fire(code), (error: unknown) => {
      if (!isAbort(error)) {
        say(error instanceof Error ? error.message : String(error));
        report(error);
      }
      closed.fire(1);
    }),
    handleInput: (keys) => {
      if (screen !== undefined) void screen.input(keys).then((left) => left && closed.fire(0), report);
      else if (keys.includes('\x03')) stopped.abort();
    },
    // Ending the task leaves the run alone: it is ended by its own command, or by an interrupt here.
    close: () => {
      stopped.abort();
      screen?.close();
    },
  };
}
