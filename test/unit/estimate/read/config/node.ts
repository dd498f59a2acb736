import type { ConfigNode, Parsers, Scalar } from '../../../../../src/domain/source.ts';

export type Plain = Scalar | undefined | readonly Plain[] | { readonly [key: string]: Plain };

/** A value as the parsers give it; the entries of a map stand on lines of their own from `line` on. */
export function nodeOf(plain: Plain, line = 1): ConfigNode {
  if (Array.isArray(plain)) return { line, items: plain.map((item: Plain, at) => nodeOf(item, line + at)) };
  if (plain !== null && typeof plain === 'object') {
    const entries = Object.entries(plain).filter(([, value]) => value !== undefined);
    return { line, entries: new Map(entries.map(([key, value], at) => [key, nodeOf(value, line + at)])) };
  }
  return { line, value: plain as Scalar };
}

/** Reads only JSON, which is YAML too. */
export const jsonParsers: Parsers = {
  python: () => undefined,
  yaml: (text) => parsed(text),
  toml: () => undefined,
  json: (text) => parsed(text),
};

function parsed(text: string): ConfigNode | undefined {
  try {
    return nodeOf(JSON.parse(text) as Plain);
  } catch {
    return undefined;
  }
}
