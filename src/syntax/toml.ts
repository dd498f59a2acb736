/** smol-toml keeps no positions: the line of a key is found by a scan that knows headers, keys and long strings. */
import { parse, TomlDate, TomlError } from 'smol-toml';
import type { ConfigNode, Scalar } from '../domain/source.ts';

/** Broken lines that are left out before the rest is given up. */
const maxRepairs = 20;

export function parseToml(text: string): ConfigNode | undefined {
  const lines = keyLines(text);
  const table = parseLeniently(text.split('\n'));
  return table === undefined ? undefined : convert(table, 1, '', lines);
}

function parseLeniently(lines: string[]): unknown {
  for (let repairs = 0; repairs <= maxRepairs; repairs += 1) {
    try {
      return parse(lines.join('\n'));
    } catch (error) {
      if (!(error instanceof TomlError)) return undefined;
      const broken = Math.min(error.line, lines.length) - 1;
      if (lines[broken] === undefined || lines[broken] === '') return undefined;
      lines[broken] = '';
    }
  }
  return undefined;
}

function convert(value: unknown, line: number, path: string, lines: ReadonlyMap<string, number>): ConfigNode {
  const at = (key: string | number): [string, number] => [`${path}/${key}`, lines.get(`${path}/${key}`) ?? line];
  if (Array.isArray(value)) {
    return { line, items: value.map((item: unknown, index) => { const [to, its] = at(index); return convert(item, its, to, lines); }) };
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return { line, value: scalar(value) };
  const entries = Object.entries(value).map(([key, item]): [string, ConfigNode] => {
    const [to, its] = at(key);
    return [key, convert(item, its, to, lines)];
  });
  return { line, entries: new Map(entries) };
}

const scalar = (value: unknown): Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value
    : value instanceof TomlDate ? value.toISOString() : null;

const header = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/;
const assignment = /^\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=(.*)$/;
const keyPart = /"([^"]*)"|'([^']*)'|([\w-]+)/g;

function keyLines(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const counts = new Map<string, number>();
  let prefix = '';
  let longString: string | undefined;
  for (const [index, content] of text.split('\n').entries()) {
    if (longString !== undefined) {
      if (content.includes(longString)) longString = undefined;
      continue;
    }
    const [, bracket, table] = header.exec(content) ?? [];
    const [, key, rest = ''] = bracket === undefined ? assignment.exec(content) ?? [] : [];
    if (bracket !== undefined && table !== undefined) {
      prefix = tablePath(parts(table), bracket === '[[', counts);
      found.set(prefix, index + 1);
    } else if (key !== undefined) {
      let path = prefix;
      for (const part of parts(key)) {
        path += `/${part}`;
        if (!found.has(path)) found.set(path, index + 1);
      }
      longString = ['"""', "'''"].find((quotes) => rest.split(quotes).length === 2);
    }
  }
  return found;
}

const parts = (key: string): string[] => [...key.matchAll(keyPart)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');

/** The path of a header; inside an array of tables it goes on in the table that was opened last. */
function tablePath(names: readonly string[], another: boolean, counts: Map<string, number>): string {
  let path = '';
  for (const [index, name] of names.entries()) {
    path += `/${name}`;
    const count = counts.get(path);
    if (another && index === names.length - 1) {
      counts.set(path, (count ?? 0) + 1);
      path += `/${count ?? 0}`;
    } else if (count !== undefined) path += `/${count - 1}`;
  }
  return path;
}
