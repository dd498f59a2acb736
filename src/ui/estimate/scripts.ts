/** Scripts as the editor has them: unsaved text first, then files, wherever the workspace lies. Nothing is ever run. */
import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { SourceFile } from '../../domain/source.ts';
import { gatherImports } from '../../estimate/read/imports/gather.ts';
import { companionsOf, mostBytes, mostCompanions, namedBy, type Neighbours } from './companions.ts';
import { cellAt, notebookJson, type Cell } from './notebook.ts';
import type { Script } from './session.ts';

const { workspace } = vscode;
/** What an unsaved text would be called. */
const endings: Readonly<Record<string, string>> = { python: '.py', yaml: '.yaml', toml: '.toml', json: '.json', jsonc: '.json', shellscript: '.sh' };

/** A script that is open, or was. Companions are kept until they are saved or somebody asks for a fresh look. */
export class OpenScript implements Script {
  readonly uri: vscode.Uri;
  readonly key: string;
  readonly name: string;
  readonly #root: vscode.Uri;
  readonly #path: string;
  readonly #known = new Map<string, SourceFile | undefined>();
  #names: readonly string[] | undefined;
  /** As the reader was told: an unsaved script has an ending there that its uri lacks. */
  #told = '';

  constructor(uri: vscode.Uri) {
    this.uri = uri;
    this.key = uri.toString();
    const folder = workspace.getWorkspaceFolder(uri)?.uri;
    this.#root = folder ?? uri.with({ path: posix.dirname(uri.path) });
    this.#path = posix.relative(this.#root.path, uri.path) || posix.basename(uri.path);
    this.name = posix.basename(this.#path);
  }

  async files(): Promise<readonly SourceFile[]> {
    const script = await this.#script();
    this.#told = script.path;
    if (this.uri.scheme === 'untitled') return [script];
    const folder = posix.dirname(this.#path) === '.' ? '' : posix.dirname(this.#path);
    const neighbours: Neighbours = { folder, names: await this.#listing(folder) };
    const first = await this.#companions(companionsOf(this.#path, script.text, neighbours));
    const named = first.filter(({ path }) => !path.endsWith('.py')).flatMap(({ text }) => namedBy(text, neighbours));
    const have = new Set([this.#path, ...first.map(({ path }) => path)]);
    const second = await this.#companions([...new Set(named)].filter((path) => !have.has(path)).slice(0, mostCompanions - first.length));
    const files = [script, ...first, ...second];
    return [...files, ...await gatherImports(files, async (path) => (await this.#companion(path))?.text)];
  }

  forget(): void {
    this.#known.clear();
    this.#names = undefined;
  }

  onDidChange(listener: () => void): vscode.Disposable {
    const touched = (uri: vscode.Uri): void => {
      const path = posix.relative(this.#root.path, uri.path);
      if (uri.toString() !== this.key && !this.#known.has(path)) return;
      this.#known.delete(path);
      listener();
    };
    return vscode.Disposable.from(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && touched(document.uri)),
      workspace.onDidSaveTextDocument(({ uri }) => uri.toString() !== this.key && touched(uri)),
      workspace.onDidChangeNotebookDocument(({ notebook }) => touched(notebook.uri)),
    );
  }

  /** Shows the place that a fact was read at. */
  async reveal(path: string, line: number | undefined): Promise<void> {
    const uri = path === this.#told ? this.uri : this.#at(path);
    const column = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString())?.viewColumn ?? vscode.ViewColumn.One;
    if (uri.path.endsWith('.ipynb')) return this.#revealCell(uri, line);
    const document = await workspace.openTextDocument(uri);
    const at = document.lineAt(Math.min(document.lineCount, Math.max(1, line ?? 1)) - 1).range;
    await vscode.window.showTextDocument(document, { viewColumn: column, selection: new vscode.Range(at.start, at.start) });
  }

  /** Lines count in the notebook as a file; what is shown is the cell. */
  async #revealCell(uri: vscode.Uri, line: number | undefined): Promise<void> {
    const wasOpen = workspace.notebookDocuments.some((open) => open.uri.toString() === uri.toString());
    const notebook = await workspace.openNotebookDocument(uri);
    const place = wasOpen && line !== undefined ? cellAt(cellsOf(notebook), line) : undefined;
    const cells = place === undefined ? undefined : new vscode.NotebookRange(place.cell, place.cell + 1);
    const column = vscode.window.visibleNotebookEditors.find((editor) => editor.notebook === notebook)?.viewColumn ?? vscode.ViewColumn.One;
    const editor = await vscode.window.showNotebookDocument(notebook, { viewColumn: column, ...(cells === undefined ? {} : { selections: [cells] }) });
    if (cells !== undefined) editor.revealRange(cells, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  }

  async #script(): Promise<SourceFile> {
    const notebook = workspace.notebookDocuments.find(({ uri }) => uri.toString() === this.key);
    if (notebook !== undefined) return { path: this.#path, text: notebookJson(cellsOf(notebook)) };
    const document = workspace.textDocuments.find(({ uri }) => uri.toString() === this.key);
    if (document === undefined) return { path: this.#path, text: await readText(this.uri) };
    const ending = posix.extname(this.#path) === '' ? endings[document.languageId] ?? '' : '';
    return { path: this.#path + ending, text: document.getText() };
  }

  async #listing(folder: string): Promise<readonly string[]> {
    try {
      this.#names ??= (await workspace.fs.readDirectory(this.#at(folder))).flatMap(([name, type]) => (type & vscode.FileType.File ? name : []));
    } catch {
      this.#names = []; // a folder that cannot be listed leaves the script as it is
    }
    return this.#names;
  }

  async #companions(paths: readonly string[]): Promise<SourceFile[]> {
    const files = await Promise.all(paths.map((path) => this.#companion(path)));
    return files.filter((file) => file !== undefined);
  }

  async #companion(path: string): Promise<SourceFile | undefined> {
    if (!this.#known.has(path)) this.#known.set(path, await this.#readCompanion(path));
    return this.#known.get(path);
  }

  async #readCompanion(path: string): Promise<SourceFile | undefined> {
    const uri = this.#at(path);
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open !== undefined) return { path, text: open.getText() };
    try {
      const { size, type } = await workspace.fs.stat(uri);
      return size > mostBytes || !(type & vscode.FileType.File) ? undefined : { path, text: await readText(uri) };
    } catch {
      return undefined; // named, and not there: the reader says so where it matters
    }
  }

  #at(path: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#root, path);
  }
}

const cellsOf = (notebook: vscode.NotebookDocument): Cell[] =>
  notebook.getCells().map(({ kind, document }) => ({ code: kind === vscode.NotebookCellKind.Code, text: document.getText() }));

const readText = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await workspace.fs.readFile(uri));

/** What is asked about when nothing is named: the notebook or text in front. */
export function scriptInFront(): vscode.Uri | undefined {
  const { activeNotebookEditor, activeTextEditor } = vscode.window;
  return activeNotebookEditor?.notebook.uri ?? activeTextEditor?.document.uri;
}

/** A menu hands over a uri; a notebook's toolbar something with the uri inside. */
export function uriIn(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument !== 'object' || argument === null || !('notebookEditor' in argument)) return undefined;
  const { notebookEditor } = argument;
  const uri = typeof notebookEditor === 'object' && notebookEditor !== null && 'notebookUri' in notebookEditor ? notebookEditor.notebookUri : undefined;
  return uri instanceof vscode.Uri ? uri : undefined;
}

export const whenScriptsClose = (listener: (key: string) => void): vscode.Disposable =>
  vscode.Disposable.from(workspace.onDidCloseTextDocument(({ uri }) => listener(uri.toString())), workspace.onDidCloseNotebookDocument(({ uri }) => listener(uri.toString())));

