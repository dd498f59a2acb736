/** The files of an `estimate` call, and what they import: read as text and never run. What was named and cannot be read is a wrong call. */
import { open } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { SourceFile } from '../domain/source.ts';
import { gatherImports } from '../estimate/read/imports/gather.ts';
import { WrongCall } from './parse.ts';

/** More than the largest notebook that is read: enough to see that a file is too large. */
const mostBytes = 32_000_000;

/** `folders` are tried in turn: npm starts us in the package's folder, whoever called may be in another. */
export async function readFiles(paths: readonly string[], folders: readonly string[]): Promise<SourceFile[]> {
  const named = await Promise.all(paths.map((path) => readOne(path, folders)));
  return [...named, ...await gatherImports(named, async (path) => (await readOne(path, folders).catch(() => undefined))?.text)];
}

export async function readOne(path: string, folders: readonly string[]): Promise<SourceFile> {
  let problem: unknown;
  for (const folder of folders) {
    try {
      const at = resolve(folder, path);
      return { path: shownPath(at, folder, path), text: await startOf(at) };
    } catch (error) {
      problem ??= error;
    }
  }
  throw new WrongCall(`cannot read ${path}: ${reasonOf(problem)}`);
}

async function startOf(path: string): Promise<string> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.min(size, mostBytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
}

/** Relative to the folder where it lies in it, with forward slashes. */
function shownPath(at: string, folder: string, path: string): string {
  const inside = relative(folder, at);
  const shown = inside.startsWith('..') || isAbsolute(inside) ? path : inside;
  return shown.replaceAll('\\', '/');
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'reading it is not allowed';
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
