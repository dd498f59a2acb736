import type { CommandId } from './commandIds.ts';

/** A line of a tree as plain data; the thin tree classes turn it into the editor's items. */
export interface Row {
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  /** What a screen reader says instead of label and description. */
  readonly spoken: string;
  /** What `when` clauses see, where the row itself knows. */
  readonly context?: string;
  readonly command?: CommandId;
}

export interface Icon {
  readonly codicon: string;
  /** Id of a theme colour. Colour only repeats what the text says. */
  readonly color?: string;
}

/** What a tree shows. Nodes are strings: equal strings are the same node after every refresh. */
export interface TreeSource {
  children(node: string | undefined): readonly string[];
  row(node: string): Row | undefined;
  expandable(node: string): boolean;
  /** What `when` clauses see as `viewItem`. */
  context(node: string): string | undefined;
  /** What a click does, where it does something. */
  command(node: string): CommandId | undefined;
  /** Markdown whose strange parts are escaped already. */
  tooltip(node: string): string | undefined | Promise<string | undefined>;
}
