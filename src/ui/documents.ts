import * as vscode from 'vscode';

/** Read-only texts: to look at, search and copy with the editor's own means. */
export class Documents implements vscode.TextDocumentContentProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #texts = new Map<string, () => string>();
  readonly #scheme: string;
  readonly #registration: vscode.Disposable;

  constructor(scheme: string) {
    this.#scheme = scheme;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path)?.() ?? '';
  }

  async show(name: string, read: () => string): Promise<void> {
    const uri = this.#uriOf(name);
    this.#texts.set(uri.path, read);
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  /** Reads those again that are open and are not a picture of one moment. */
  refresh(name: string): void {
    const uri = this.#uriOf(name);
    if (this.#texts.has(uri.path) && vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) this.#changed.fire(uri);
  }

  #uriOf(name: string): vscode.Uri {
    return vscode.Uri.from({ scheme: this.#scheme, path: `/${name}` });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
