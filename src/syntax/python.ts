/** A tree-sitter tree as plain objects, so that nothing is left to be freed in the WebAssembly heap. */
import type { Parser, TreeCursor } from 'web-tree-sitter';
import type { SyntaxNode } from '../domain/source.ts';

/** Deeper than any program is written, and shallow enough for every recursive reader of the tree. */
const maxDepth = 200;

class PlainNode implements SyntaxNode {
  readonly children: PlainNode[] = [];
  readonly type: string;
  readonly line: number;
  readonly endLine: number;
  readonly #source: string;
  readonly #from: number;
  readonly #to: number;
  #fields: Map<string, PlainNode> | undefined;

  constructor(source: string, cursor: TreeCursor) {
    // What the parser put in to go on is no part of the text.
    this.type = cursor.nodeIsMissing ? 'ERROR' : cursor.nodeType;
    this.line = cursor.startPosition.row + 1;
    this.endLine = cursor.endPosition.row + 1;
    this.#source = source;
    this.#from = cursor.startIndex;
    this.#to = cursor.endIndex;
  }

  get text(): string {
    return this.#source.slice(this.#from, this.#to);
  }

  field(name: string): SyntaxNode | undefined {
    return this.#fields?.get(name);
  }

  take(child: PlainNode, named: boolean, field: string | null): void {
    if (named) this.children.push(child);
    if (field === null) return;
    this.#fields ??= new Map();
    if (!this.#fields.has(field)) this.#fields.set(field, child);
  }
}

export function parsePython(parser: Parser, text: string): SyntaxNode | undefined {
  const tree = parser.parse(text);
  if (tree === null) return undefined;
  const cursor = tree.walk();
  try {
    return plain(cursor, text);
  } finally {
    cursor.delete();
    tree.delete();
  }
}

function plain(cursor: TreeCursor, text: string): SyntaxNode {
  const root = new PlainNode(text, cursor);
  const open: PlainNode[] = [root];
  let goDown = true;
  while (open.length > 0) {
    const moved = goDown && open.length < maxDepth && cursor.gotoFirstChild();
    if (!moved) {
      open.pop();
      if (open.length === 0 || !cursor.gotoNextSibling()) {
        goDown = false;
        if (open.length > 0) cursor.gotoParent();
        continue;
      }
    }
    const node = new PlainNode(text, cursor);
    open.at(-1)?.take(node, cursor.nodeIsNamed || cursor.nodeIsMissing, cursor.currentFieldName);
    open.push(node);
    goDown = true;
  }
  return root;
}
