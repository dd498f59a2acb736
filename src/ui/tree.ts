import * as vscode from 'vscode';
import type { TreeSource } from './row.ts';

/** Lines are made when they are drawn, and a tooltip when the pointer rests on one. */
export class RowTree implements vscode.TreeDataProvider<string> {
  readonly #changed = new vscode.EventEmitter<string[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #source: TreeSource;

  constructor(source: TreeSource) {
    this.#source = source;
  }

  /** Draws those again; everything when undefined. */
  redraw(nodes: string[] | undefined): void {
    if (nodes === undefined || nodes.length > 0) this.#changed.fire(nodes);
  }

  getChildren(node?: string): string[] {
    return [...this.#source.children(node)];
  }

  getTreeItem(node: string): vscode.TreeItem {
    const row = this.#source.row(node);
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row?.label ?? '', this.#source.expandable(node) ? Collapsed : None);
    item.id = node;
    if (row === undefined) return item;
    item.accessibilityInformation = { label: row.spoken };
    if (row.description !== undefined) item.description = row.description;
    if (row.icon) item.iconPath = new vscode.ThemeIcon(row.icon.codicon, row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color));
    const context = this.#source.context(node);
    if (context !== undefined) item.contextValue = context;
    const command = this.#source.command(node);
    if (command !== undefined) item.command = { command, title: row.label, arguments: [node] };
    return item;
  }

  async resolveTreeItem(item: vscode.TreeItem, node: string): Promise<vscode.TreeItem> {
    const tooltip = await this.#source.tooltip(node);
    if (tooltip !== undefined) item.tooltip = new vscode.MarkdownString(tooltip);
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
