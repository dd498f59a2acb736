/** JupyterLab and TensorBoard on a machine: the one that runs there, or one that is started and goes on without us. */
import type { Listener } from '../domain/listening.ts';
import { logFolders, type LogFolder } from '../domain/logFolders.ts';
import type { MachineLink } from '../domain/machineLink.ts';
import type { Clock } from '../domain/ports.ts';
import type { WebServer } from '../domain/webTool.ts';
import { awaitJupyter, findJupyter, installJupyter, readJupyter, startJupyter } from '../scripts/jupyter.ts';
import { listeningScript, parseListening } from '../scripts/listening.ts';
import { awaitTensorboard, eventFilesScript, findTensorboard, installTensorboard, readEventFolders, readTensorboard, startTensorboard } from '../scripts/tensorboard.ts';
import { readGone, readStarted } from '../scripts/webTool.ts';

export interface WebTool<Where> {
  readonly name: string;
  /** What installing it takes with all that it brings, as measured with the version named: mebibytes to download, and on the disk. */
  readonly size: { readonly download: number; readonly disk: number };
  readonly find: string;
  readonly install: string;
  readonly read: (printed: string) => WebServer[];
  /** The script that starts it there. */
  readonly start: (where: Where) => string;
  readonly wait: (pid: number) => string;
}

/** In the first of the folders that is there. */
export const jupyter: WebTool<readonly string[]> = {
  name: 'JupyterLab',
  size: { download: 50, disk: 220 }, // 4.6
  find: findJupyter, install: installJupyter, read: readJupyter, start: startJupyter, wait: awaitJupyter,
};
/** Shows the runs in a folder. */
export const tensorboard: WebTool<string> = {
  name: 'TensorBoard',
  size: { download: 45, disk: 150 }, // 2.21
  find: findTensorboard, install: installTensorboard, read: readTensorboard, start: startTensorboard, wait: awaitTensorboard,
};

/** `failed` with what it said last. */
export type Opened = { readonly is: 'open'; readonly server: WebServer } | { readonly is: 'missing' } | { readonly is: 'failed'; readonly log: string };

const patienceMs = 90_000;
const everyMs = 500;

export async function running<W>(link: MachineLink, tool: WebTool<W>, signal: AbortSignal): Promise<WebServer[]> {
  return tool.read((await link.run(tool.find, { signal, repeatable: true })).stdout);
}

/** Resolves when it has said where it listens, or has ended, or says nothing for too long. */
export async function start<W>(link: MachineLink, tool: WebTool<W>, where: W, clock: Clock, signal: AbortSignal): Promise<Opened> {
  const { stdout, stderr } = await link.run(tool.start(where), { signal });
  const started = readStarted(stdout);
  if (started.is === 'missing') return started;
  if (started.is === 'unknown') return { is: 'failed', log: stderr };
  const from = clock.elapsed();
  for (;;) {
    const printed = (await link.run(tool.wait(started.pid), { signal, repeatable: true })).stdout;
    const server = tool.read(printed).find(({ pid }) => pid === started.pid);
    if (server !== undefined) return { is: 'open', server };
    const log = readGone(printed);
    if (log !== undefined || clock.elapsed() - from > patienceMs) return { is: 'failed', log: log ?? '' };
    await clock.sleep(everyMs, signal);
  }
}

/** Undefined when it is there now, else what was said. */
export async function install<W>(link: MachineLink, tool: WebTool<W>, signal: AbortSignal): Promise<string | undefined> {
  const { stdout, stderr, code } = await link.run(tool.install, { signal });
  return code === 0 ? undefined : `${stdout}\n${stderr}`;
}

/** Undefined when the machine cannot tell. */
export async function listening(link: MachineLink, signal: AbortSignal): Promise<readonly Listener[] | undefined> {
  return parseListening((await link.run(listeningScript, { signal, repeatable: true })).stdout);
}

export async function runFolders(link: MachineLink, folders: readonly string[], signal: AbortSignal): Promise<LogFolder[]> {
  return logFolders(readEventFolders((await link.run(eventFilesScript(folders), { signal })).stdout));
}
