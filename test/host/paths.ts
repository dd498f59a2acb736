import { dirname, join } from 'node:path';

/** The root of the project. */
export const root = dirname(dirname(import.meta.dirname));

/** Heavy things that are fetched once and kept: the VS Code server, a desktop build. Ignored by git. */
export const cache = join(root, '.cache');

export const bin = join(root, 'node_modules', '.bin');
