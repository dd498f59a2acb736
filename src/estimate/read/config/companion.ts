/** Files that a config file names: found among those that stand beside it, parsed by their ending. */
import type { SourceFile } from '../../../domain/source.ts';
import { type ConfigJob, tellGap } from './job.ts';
import { type Node, placed, textOf } from './node.ts';

const normal = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
};

const folderOf = (path: string): string => path.replace(/[^/\\]*$/, '');

/** Beside the file that names it, from the folder people work in, or the only one whose path or name ends like that. */
export function findFile(files: readonly SourceFile[], written: string, from: string): SourceFile | undefined {
  const wanted = [normal(folderOf(from) + written), normal(written)];
  const exact = wanted.map((path) => files.find((file) => normal(file.path) === path)).find((file) => file !== undefined);
  if (exact !== undefined) return exact;
  const tail = `/${normal(written).replace(/^(?:\.\.\/)+/, '')}`;
  const ending = files.filter((file) => `/${normal(file.path)}`.endsWith(tail));
  if (ending.length > 0) return ending.length === 1 ? ending[0] : undefined;
  // A path of the machine that the file was written for: its name is what is left of it.
  const named = files.filter((file) => file.path !== from && normal(file.path).split('/').at(-1) === tail.split('/').at(-1));
  return named.length === 1 ? named[0] : undefined;
}

export function parsedFile(job: ConfigJob, file: SourceFile): Node | undefined {
  const { parsers } = job;
  const root = /\.toml$/i.test(file.path) ? parsers.toml(file.text) : /\.jsonc?$/i.test(file.path) ? parsers.json(file.text) : parsers.yaml(file.text);
  return root && placed(root, file.path);
}

/** A gap when it is named and not there. */
export function companionOf(job: ConfigJob, node: Node | undefined): Node | undefined {
  const written = textOf(node);
  if (node === undefined || written === undefined) return undefined;
  const file = findFile(job.files, written, node.file);
  const root = file && parsedFile(job, file);
  if (root === undefined) tellGap(job, 'missingFile', node, written);
  return root;
}
