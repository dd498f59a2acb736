import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Document, type Node, parseDocument } from 'yaml';
import type { ConfigNode, Scalar } from '../domain/source.ts';

/**
 * An alias is a copy of what it names, and aliases of aliases grow as powers: a bomb of ten lines holds billions of
 * values. Whatever lies behind too many copies is left out.
 */
const maxAliasCount = 1_000;
const maxNodes = 100_000;
const maxDepth = 100;

export function parseYaml(text: string): ConfigNode | undefined {
  const lines = new LineCounter();
  // 1.1 is what PyYAML reads: `yes` and `on` are booleans there, and `<<` merges.
  const document = parseDocument(text, { version: '1.1', lineCounter: lines, uniqueKeys: false, strict: false, logLevel: 'silent' });
  return isNode(document.contents) ? new Converter(document, lines).convert(document.contents, 0) : undefined;
}

class Converter {
  readonly #document: Document;
  readonly #lines: LineCounter;
  #aliases = 0;
  #nodes = 0;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  convert(node: Node, depth: number): ConfigNode | undefined {
    this.#nodes += 1;
    if (depth > maxDepth || this.#nodes > maxNodes) return undefined;
    const line = this.#lineOf(node);
    if (isAlias(node)) {
      this.#aliases += 1;
      const target = this.#aliases > maxAliasCount ? undefined : node.resolve(this.#document);
      return target && this.convert(target, depth + 1);
    }
    if (isMap(node)) return { line, entries: this.#entries(node, depth) };
    if (isSeq(node)) return { line, items: node.items.flatMap((item) => (isNode(item) ? this.convert(item, depth + 1) ?? [] : [])) };
    return { line, value: isScalar(node) ? scalar(node.value, node.source) : null };
  }

  #entries(map: Node, depth: number): Map<string, ConfigNode> {
    const entries = new Map<string, ConfigNode>();
    const merged: ConfigNode[] = [];
    for (const { key, value } of isMap(map) ? map.items : []) {
      const name = isScalar(key) ? key.source ?? String(key.value) : undefined;
      if (name === undefined) continue;
      const line = isNode(key) ? this.#lineOf(key) : 1;
      const made = isNode(value) ? this.convert(value, depth + 1) : { line, value: null };
      if (made === undefined) continue;
      if (name === '<<') merged.push(...(made.items ?? [made]));
      else entries.set(name, { ...made, line });
    }
    // What stands in the map itself wins over what is merged in, wherever the `<<` stands.
    for (const { entries: others } of merged) {
      for (const [name, node] of others ?? []) if (!entries.has(name)) entries.set(name, node);
    }
    return entries;
  }

  #lineOf(node: Node): number {
    const offset = node.range?.[0];
    return offset === undefined ? 1 : Math.max(1, this.#lines.linePos(offset).line);
  }
}

function scalar(value: unknown, source: string | undefined): Scalar {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : source ?? null;
}
