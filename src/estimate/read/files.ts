import type { SourceFile } from '../../domain/source.ts';

const parts = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');

/** The file that a script names by this path: folders may differ, as nobody knows where it is started. */
export function fileNamed(files: readonly SourceFile[], path: string): SourceFile | undefined {
  const wanted = parts(path);
  if (wanted.length === 0) return undefined;
  const shared = ({ path: own }: SourceFile): number => {
    const held = parts(own);
    let count = 0;
    while (count < wanted.length && held.at(-1 - count) === wanted.at(-1 - count)) count += 1;
    return count;
  };
  return files.map((file) => ({ file, count: shared(file) })).filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count)[0]?.file;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
