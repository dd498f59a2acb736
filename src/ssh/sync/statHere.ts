import { lstatSync, type Stats } from 'node:fs';

/** Undefined for what is not there, cannot be seen, or would have to lie in a file. */
export function statHere(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
