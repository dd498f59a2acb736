/**
 * Text that a person works on, and what parsers make of it. The reader of scripts is pure: parsers reach it through
 * this port, so that it neither loads a grammar nor names a package. Lines count from 1.
 */
export interface SourceFile {
  /** As a person would say it: relative to the folder they work in, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A node of a Python syntax tree, in the words of the tree-sitter grammar: `call`, `keyword_argument`, `integer`. */
export interface SyntaxNode {
  readonly type: string;
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
  /** Named children only: no punctuation, no keywords. */
  readonly children: readonly SyntaxNode[];
  /** The child that the grammar gives this name: `function`, `arguments`, `left`, `value`. */
  field(name: string): SyntaxNode | undefined;
}

export type Scalar = string | number | boolean | null;

/** A value of a YAML, TOML or JSON file with the line it stands on. Exactly one of the three is there. */
export interface ConfigNode {
  readonly line: number;
  readonly value?: Scalar;
  readonly entries?: ReadonlyMap<string, ConfigNode>;
  readonly items?: readonly ConfigNode[];
}

/** Every parser gives what it could make of broken text, or undefined; none of them throws. */
export interface Parsers {
  python(text: string): SyntaxNode | undefined;
  yaml(text: string): ConfigNode | undefined;
  toml(text: string): ConfigNode | undefined;
  /** With comments and trailing commas, which people write into JSON all the same. */
  json(text: string): ConfigNode | undefined;
}
