/** A run as a task shows it: the task lasts as long as the run, and the run as long as it likes. */
import * as vscode from 'vscode';
import { isAbort } from '../../domain/errors.ts';
import { launchRun, prepareRun, type RunFlowDeps, type WantedRun } from './runFlow.ts';
import { RunScreen } from './runScreen.ts';

export interface TaskDeps extends RunFlowDeps {
  readonly report: (error: unknown) => void;
}

export function taskPty(deps: TaskDeps, wanted: WantedRun | undefined): vscode.Pseudoterminal {
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
