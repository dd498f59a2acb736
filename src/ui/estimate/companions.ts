/** Which files beside a script belong to it: named in it, imported by it, or the usual places of its command line. */
export interface Neighbours {
  /** Folder of the script relative to the workspace, `''` or `experiments/sdxl`. */
  readonly folder: string;
  /** Names of the files in that folder. */
  readonly names: readonly string[];
}

export const mostCompanions = 20;
export const mostBytes = 1_000_000;

const wanted = /\.(?:ya?ml|toml|json|sh|py|cfg|ini|txt)$/i;
/** Command lines and notes on how it is started. */
const usual = /^(?:readme(?:\.(?:md|rst|txt))?|makefile|justfile|.+\.sh)$/i;
const workspaceFiles = ['.vscode/tasks.json', '.vscode/launch.json'];

/** Paths relative to the workspace, the likeliest first. */
export function companionsOf(script: string, text: string, { folder, names }: Neighbours): readonly string[] {
  const inFolder = new Set(names);
  const named = namedIn(text).flatMap((path) => resolved(folder, path, inFolder));
  const imported = importsIn(text).flatMap((name) => (inFolder.has(`${name}.py`) ? [joined(folder, `${name}.py`)] : []));
  const beside = names.filter((name) => usual.test(name)).map((name) => joined(folder, name));
  return [...new Set([...named, ...imported, ...beside, ...workspaceFiles])].filter((path) => path !== script).slice(0, mostCompanions);
}

/** What a companion names in turn: a shell script names the configuration. */
export const namedBy = (text: string, neighbours: Neighbours): readonly string[] =>
  namedIn(text).flatMap((path) => resolved(neighbours.folder, path, new Set(neighbours.names)));

function namedIn(text: string): string[] {
  return [...text.slice(0, mostBytes).matchAll(/(?:[\w-]+\/|\.{1,2}\/)*[\w.-]+\.(?:ya?ml|toml|json|sh|py|cfg|ini)\b/gi)].map(([path]) => path);
}

function importsIn(text: string): string[] {
  return [...text.slice(0, mostBytes).matchAll(/^\s*(?:from|import)\s+\.?(\w+)/gm)].flatMap(([, name]) => name ?? []);
}

/** A path is meant from the script's folder or from the workspace; one that leaves the workspace is not followed. */
function resolved(folder: string, path: string, inFolder: ReadonlySet<string>): string[] {
  if (!wanted.test(path) || path.startsWith('/')) return [];
  if (!path.includes('/')) return inFolder.has(path) ? [joined(folder, path)] : [];
  return [joined(folder, path), joined('', path)].filter((one) => one !== '' && !one.startsWith('..'));
}

function joined(folder: string, path: string): string {
  const steps: string[] = folder === '' ? [] : folder.split('/');
  for (const step of path.split('/')) {
    if (step === '..') {
      if (steps.length === 0) return '';
      steps.pop();
    } else if (step !== '.' && step !== '') {
      steps.push(step);
    }
  }
  return steps.join('/');
}
