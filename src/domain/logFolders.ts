/** Which folders of event files are worth showing together: TensorBoard shows all runs below the folder it is given. */
export interface LogFolder {
  readonly path: string;
  /** Folders with event files at or below it. */
  readonly runs: number;
}

/** Every folder that holds runs, and those above that hold several; the widest first. */
export function logFolders(runs: readonly string[]): LogFolder[] {
  const all = new Set(runs);
  const candidates = new Set([...all, ...[...all].map(parentOf), commonOf([...all])].filter((path) => path !== '/' && path !== ''));
  const counted = [...candidates].map((path) => ({ path, runs: [...all].filter((run) => run === path || run.startsWith(`${path}/`)).length }));
  return counted.filter(({ path, runs: below }) => all.has(path) || below > 1).toSorted((a, b) => b.runs - a.runs || (a.path < b.path ? -1 : 1));
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function commonOf(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map((path) => path.split('/'));
  const shared = first.findIndex((part, at) => rest.some((other) => other[at] !== part));
  return (shared < 0 ? first : first.slice(0, shared)).join('/');
}
