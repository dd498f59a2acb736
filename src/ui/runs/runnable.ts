/** What "run on GPU" means for a file that is open. */
import { posix } from 'node:path';
import { afterwardsKinds } from '../../domain/run.ts';
import type { WantedRun } from './runFlow.ts';

/** Of this computer, or of a machine. */
export interface RunPlace {
  /** With slashes. */
  readonly folder: string;
  /** The machine that it is a folder of. */
  readonly alias?: string;
}

export interface OpenFile extends Partial<RunPlace> {
  /** With slashes. */
  readonly path: string;
  /** The workspace folder that it lies in. */
  readonly folder?: string;
}

/** A script goes with its whole project, because it imports from it; without a project, with the folder that it lies in. */
export function runnableOf({ path, folder = posix.dirname(path), alias }: OpenFile): WantedRun {
  const script = posix.relative(folder, path);
  return { words: wordsFor(script), ...runPlace({ folder, ...(alias === undefined ? {} : { alias }) }), ...(script.endsWith('.py') ? { script: [script] } : {}) };
}

/** What is on a machine runs there, where it lies. */
export const runPlace = ({ folder, alias }: RunPlace): Pick<WantedRun, 'from' | 'folder' | 'machine'> =>
  alias === undefined ? { from: folder, folder: posix.basename(folder) || 'project' } : { folder, machine: alias };

/** Projects lie side by side in a machine's work folder, and a file belongs to one of them. */
export function projectIn(workFolder: string, path: string): string {
  const [first, second] = posix.relative(workFolder, path).split('/');
  return first === undefined || first === '..' || second === undefined ? workFolder : posix.join(workFolder, first);
}

function wordsFor(script: string): readonly string[] {
  if (script.endsWith('.ipynb')) return ['python3', '-m', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', script];
  if (script.endsWith('.sh')) return ['sh', script];
  return ['python3', script];
}

/** A line that a person typed goes to a shell as it is. */
export const typedCommand = (text: string): readonly string[] => ['sh', '-c', text];

/** What a task in tasks.json asks for; undefined where that is nothing that could be run. */
export function wantedBy(definition: Readonly<Record<string, unknown>>, root: RunPlace | undefined): WantedRun | undefined {
  const { command, folder, then, machine } = definition;
  const place = typeof folder === 'string' && folder !== '' ? { ...root, folder } : root;
  if (typeof command !== 'string' || command.trim() === '' || place === undefined) return undefined;
  const afterwards = afterwardsKinds.find((kind) => kind === then);
  return {
    ...(typeof machine === 'string' && machine !== '' ? { machine } : {}), ...runPlace(place), words: typedCommand(command),
    ...(afterwards === undefined ? {} : { afterwards }),
  };
}
