/** What "run on GPU" means for a file that is open. */
import { posix } from 'node:path';
import { afterwardsKinds } from '../../domain/run.ts';
import type { WantedRun } from './runFlow.ts';

export interface OpenFile {
  /** Of this computer, with slashes. */
  readonly path: string;
  /** The workspace folder that it lies in. */
  readonly folder?: string;
}

/** A script goes with its whole project, because it imports from it; without a project, with the folder that it lies in. */
export function runnableOf({ path, folder = posix.dirname(path) }: OpenFile): WantedRun {
  const script = posix.relative(folder, path);
  return { words: wordsFor(script), from: folder, folderName: posix.basename(folder) || 'project', ...(script.endsWith('.py') ? { script: [script] } : {}) };
}

function wordsFor(script: string): readonly string[] {
  if (script.endsWith('.ipynb')) return ['python3', '-m', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', script];
  if (script.endsWith('.sh')) return ['sh', script];
  return ['python3', script];
}

/** A line that a person typed goes to a shell as it is. */
export const typedCommand = (text: string): readonly string[] => ['sh', '-c', text];

/** What a task in tasks.json asks for; undefined where that is nothing that could be run. */
export function wantedBy(definition: Readonly<Record<string, unknown>>, root: string | undefined): WantedRun | undefined {
  const { command, folder, then, machine } = definition;
  const from = typeof folder === 'string' && folder !== '' ? folder : root;
  if (typeof command !== 'string' || command.trim() === '' || from === undefined) return undefined;
  const afterwards = afterwardsKinds.find((kind) => kind === then);
  return {
    ...runnableOf({ path: `${from}/-`, folder: from }), words: typedCommand(command),
    ...(afterwards === undefined ? {} : { afterwards }), ...(typeof machine === 'string' && machine !== '' ? { machine } : {}),
  };
}
