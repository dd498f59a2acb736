/** OmegaConf's `${a.b}`: replaced by what it names. Circles end in a gap, and copies of copies in silence. */
import type { Gap } from '../../facts.ts';
import { tellGap } from './job.ts';
import { at, type Node } from './node.ts';

const maxNodes = 100_000;
const maxText = 10_000;
/** People chain two or three; thousands would run out of stack. */
const maxChain = 100;
const whole = /^\$\{([^${}]+)\}$/;
const inside = /\$\{([^${}]+)\}/g;

export function withReferences(root: Node, gaps: Gap[]): Node {
  return new Resolver(root, gaps).resolve(root, [], new Set());
}

class Resolver {
  readonly #root: Node;
  readonly #gaps: Gap[];
  #nodes = 0;

  constructor(root: Node, gaps: Gap[]) {
    this.#root = root;
    this.#gaps = gaps;
  }

  /** `path` is where the node stands; `open` the references that are being followed. */
  resolve(node: Node, path: readonly string[], open: ReadonlySet<string>): Node {
    this.#nodes += 1;
    if (this.#nodes > maxNodes) return this.#nothing(node);
    if (node.entries !== undefined) {
      return { ...node, entries: new Map([...node.entries].map(([key, value]) => [key, this.resolve(value, [...path, key], open)])) };
    }
    if (node.items !== undefined) return { ...node, items: node.items.map((item, index) => this.resolve(item, [...path, String(index)], open)) };
    return typeof node.value === 'string' && node.value.includes('${') ? this.#text(node, node.value, path, open) : node;
  }

  #text(node: Node, text: string, path: readonly string[], open: ReadonlySet<string>): Node {
    const only = whole.exec(text.trim())?.[1];
    if (only !== undefined) {
      const found = this.#follow(node, only, path, open);
      // The place is where the value is used: that line is what a person reads.
      return found === undefined ? this.#nothing(node) : { ...found, line: node.line, file: node.file };
    }
    let known = true;
    const filled = text.replaceAll(inside, (_, name: string) => {
      const held = this.#follow(node, name, path, open)?.value;
      if (held === undefined || held === null) known = false;
      return String(held ?? '');
    });
    return known && filled.length <= maxText ? { ...node, value: filled } : this.#nothing(node);
  }

  #follow(node: Node, name: string, path: readonly string[], open: ReadonlySet<string>): Node | undefined {
    const fallback = /^oc\.env:[^,]+,(.*)$/.exec(name)?.[1];
    if (fallback !== undefined) return { line: node.line, file: node.file, value: valueOf(fallback.trim()) };
    if (name.includes(':')) return undefined;
    if (open.size > maxChain) return undefined;
    const target = absolute(name, path);
    if (open.has(target) || path.join('.') === target || `${path.join('.')}.`.startsWith(`${target}.`)) return this.#circle(node, target);
    const found = at(this.#root, target);
    return found && this.resolve(found, target.split('.'), new Set([...open, target]));
  }

  #circle(node: Node, target: string): undefined {
    tellGap({ gaps: this.#gaps }, 'circular', node, target);
    return undefined;
  }

  #nothing(node: Node): Node {
    return { line: node.line, file: node.file, value: null };
  }
}

/** Leading dots count upwards from the map that holds the value: `${.x}` is a neighbour. */
function absolute(name: string, path: readonly string[]): string {
  const dots = /^\.*/.exec(name.trim())?.[0].length ?? 0;
  const rest = name.trim().slice(dots).replaceAll(/\[(\w+)\]/g, '.$1');
  return dots === 0 ? rest : [...path.slice(0, Math.max(0, path.length - dots)), rest].join('.');
}

const valueOf = (text: string): string | number => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text.replaceAll(/^['"]|['"]$/g, ''));
