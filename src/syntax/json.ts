import { type Node, parseTree } from 'jsonc-parser';
import type { ConfigNode, Scalar } from '../domain/source.ts';
import { lineFinder } from './lines.ts';

export function parseJson(text: string): ConfigNode | undefined {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const lineOf = lineFinder(text);
  return tree && convert(tree, lineOf);
}

function convert(node: Node, lineOf: (offset: number) => number): ConfigNode {
  const line = lineOf(node.offset);
  if (node.type === 'array') return { line, items: (node.children ?? []).map((item) => convert(item, lineOf)) };
  if (node.type !== 'object') return { line, value: scalar(node.value) };
  const entries = new Map<string, ConfigNode>();
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key && value) entries.set(String(key.value), { ...convert(value, lineOf), line: lineOf(key.offset) });
  }
  return { line, entries };
}

const scalar = (value: unknown): Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
