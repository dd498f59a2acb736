/** Config nodes that know their file, so that values merged from several files keep their places. */
import type { ConfigNode, Scalar } from '../../../domain/source.ts';

export interface Node extends ConfigNode {
  readonly file: string;
  readonly entries?: ReadonlyMap<string, Node>;
  readonly items?: readonly Node[];
}

const maxDepth = 100;

export function placed(node: ConfigNode, file: string, depth = 0): Node {
  if (depth > maxDepth) return { line: node.line, file, value: null };
  if (node.entries !== undefined) {
    return { line: node.line, file, entries: new Map([...node.entries].map(([key, value]) => [key, placed(value, file, depth + 1)])) };
  }
  if (node.items !== undefined) return { line: node.line, file, items: node.items.map((item) => placed(item, file, depth + 1)) };
  return { line: node.line, file, value: node.value ?? null };
}

/** `trainer.max_epochs` goes down two maps; a key that holds the dot itself wins. */
export function at(node: Node | undefined, path: string): Node | undefined {
  const whole = node?.entries?.get(path);
  if (whole !== undefined || node === undefined) return whole;
  const dot = path.indexOf('.');
  return dot === -1 ? undefined : at(node.entries?.get(path.slice(0, dot)), path.slice(dot + 1));
}

/** The first of several paths that holds anything but null. */
export function firstAt(node: Node | undefined, ...paths: readonly string[]): Node | undefined {
  return paths.map((path) => at(node, path)).find((found) => found !== undefined && found.value !== null);
}

export const has = (node: Node | undefined, ...paths: readonly string[]): boolean => paths.some((path) => at(node, path) !== undefined);

export function textOf(node: Node | undefined): string | undefined {
  return typeof node?.value === 'string' && node.value.trim() !== '' ? node.value.trim() : undefined;
}

/** People quote numbers, and YAML 1.1 takes `1e-4` for a word. */
export function numberOf(node: Node | undefined): number | undefined {
  const held = node?.value;
  if (typeof held === 'number') return Number.isFinite(held) ? held : undefined;
  if (typeof held !== 'string' || !/^[+-]?(?:\d[\d_]*)?\.?\d+(?:e[+-]?\d+)?$/i.test(held.trim())) return undefined;
  const read = Number(held.trim().replaceAll('_', ''));
  return Number.isFinite(read) ? read : undefined;
}

/** Undefined for `auto` and for everything that is neither on nor off. */
export function flagOf(node: Node | undefined): boolean | undefined {
  const held: Scalar | undefined = node?.value;
  if (typeof held === 'boolean') return held;
  if (held === 1 || held === 0) return held === 1;
  if (typeof held !== 'string') return undefined;
  if (/^(?:true|yes|on|unsloth)$/i.test(held.trim())) return true;
  return /^(?:false|no|off)$/i.test(held.trim()) ? false : undefined;
}

/** Later maps win key by key; lists and single values are replaced as wholes. */
export function merged(base: Node | undefined, over: Node | undefined): Node | undefined {
  if (base?.entries === undefined || over?.entries === undefined) return over ?? base;
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const together = merged(entries.get(key), value);
    if (together !== undefined) entries.set(key, together);
  }
  return { line: over.line, file: over.file, entries };
}
