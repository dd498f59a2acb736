// A suite in parts, each run by a process of its own.
export interface Part {
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * Every file in exactly one part: those whose path begins with one of `first` together, in that order, then the others
 * in `pieces` of about as many files each. Paths lie below the suite's folder, with slashes.
 */
export function inParts(files: readonly string[], first: readonly string[], pieces: number): Part[] {
  const nameOf = (file: string): string | undefined => first.find((name) => file === name || file.startsWith(`${name}/`));
  const named = first.map((name) => ({ name, files: files.filter((file) => nameOf(file) === name) }));
  const others = files.filter((file) => nameOf(file) === undefined).toSorted();
  const each = Math.max(1, Math.ceil(others.length / pieces));
  const rest = Array.from({ length: pieces }, (_, piece) => others.slice(piece * each, (piece + 1) * each))
    .map((some) => ({ name: `${folderOf(some[0])} … ${folderOf(some.at(-1))}`, files: some }));
  return [...named, ...rest].filter((part) => part.files.length > 0);
}

const folderOf = (file = ''): string => file.split('/').slice(0, -1).join('/') || file;

/** Runs `work` on everything, at most `jobs` at a time and in order; gives the results in that order. */
export async function atMost<In, Out>(jobs: number, all: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const left = [...all.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return results;
}
