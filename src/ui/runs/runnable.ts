/** What "run on GPU" means for a file that is open. */
import { posix } from 'node:path';
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
  if (script.endsWith('.ipynb')) return ['jupyter', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', script];
  if (script.endsWith('.sh')) return ['sh', script];
  return ['python3', script];
}

/** A line that a person typed goes to a shell as it is. */
export const typedCommand = (text: string): readonly string[] => ['sh', '-c', text];
