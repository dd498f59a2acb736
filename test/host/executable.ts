import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bin } from './paths.ts';

const windows = process.platform === 'win32';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of these programs on PATH (the project's own excluded) or, for an absolute path, on the disk. */
export function findExecutable(names: readonly string[], path = process.env.PATH ?? ''): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '' && folder !== bin);
  for (const name of names) {
    const candidates = /[/\\]/.test(name) ? [name] : folders.flatMap((folder) =>
      windows ? [join(folder, `${name}.exe`), join(folder, `${name}.cmd`)] : [join(folder, name)]);
    const found = candidates.find(isExecutable);
    if (found) return found;
  }
  return undefined;
}
