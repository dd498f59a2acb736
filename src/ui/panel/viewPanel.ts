import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { tabIcon } from '../tabIcon.ts';
import { panelHtml } from './panelHtml.ts';

export interface ViewPanelDeps<View> {
  readonly extension: vscode.Uri;
  /** How its script and its style sheet are called. */
  readonly kind: 'estimate' | 'spend' | 'gpu' | 'explorer' | 'guide';
  readonly title: string;
  readonly column: vscode.ViewColumn | { readonly viewColumn: vscode.ViewColumn; readonly preserveFocus: boolean };
  /** All that the page shows, at this moment. */
  readonly view: () => View;
  /** What is too much to be compared as text: it is sent when it is another object than the one before. */
  readonly bulk?: () => object;
  /** Whatever the page says, unread. */
  readonly hear: (message: unknown) => void | Promise<void>;
  readonly onDidChange: (listener: () => void) => { dispose(): void };
  /** Told at changes; it is visible when it opens. */
  readonly onVisible?: (visible: boolean) => void;
  readonly onClosed: () => void;
}

/** One of our pages in an editor tab. It is thrown away while it is hidden and drawn again from what is known. */
export class ViewPanel<View> {
  readonly #panel: vscode.WebviewPanel;
  readonly #deps: ViewPanelDeps<View>;
  readonly #send: (message: { readonly type: 'view'; readonly view: View } | { readonly type: 'bulk'; readonly bulk: object }) => Thenable<boolean>;
  /** What the page shows, as text; undefined while there is no page that listens. */
  #shown: string | undefined;
  #bulk: object | undefined;
  #listening = false;

  constructor(deps: ViewPanelDeps<View>) {
    const { extension, kind, title, column, onDidChange, onVisible, onClosed } = deps;
    const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
    this.#deps = deps;
    this.#panel = vscode.window.createWebviewPanel(`gpuRental.${kind}`, title, column, { enableScripts: true, localResourceRoots: [folder] });
    const { webview } = this.#panel;
    this.#send = webview.postMessage.bind(webview);
    this.#panel.iconPath = tabIcon(extension);
    const subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => void this.#hear(message)),
      onDidChange(() => this.draw()),
      this.#panel.onDidChangeViewState(() => {
        // A hidden page is gone; it says `ready` when it is there again.
        if (!this.#panel.visible) this.#listening = false;
        onVisible?.(this.#panel.visible);
      }),
      this.#panel.onDidDispose(() => {
        for (const subscription of subscriptions) subscription.dispose();
        onClosed();
      }),
    ];
    webview.html = panelHtml({
      language: vscode.env.language,
      title,
      script: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${kind}.js`)).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${kind}.css`)).toString(),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
    });
  }

  get column(): vscode.ViewColumn | undefined {
    return this.#panel.viewColumn;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  draw(): void {
    if (!this.#listening) return;
    const bulk = this.#deps.bulk?.();
    if (bulk !== undefined && bulk !== this.#bulk) {
      this.#bulk = bulk;
      void this.#send({ type: 'bulk', bulk });
    }
    const view = this.#deps.view();
    const shown = JSON.stringify(view);
    // A tick that changes nothing is no message.
    if (shown === this.#shown) return;
    this.#shown = shown;
    void this.#send({ type: 'view', view });
  }

  async #hear(message: unknown): Promise<void> {
    this.#listening = true;
    if (isReady(message)) this.#shown = this.#bulk = undefined;
    this.draw();
    await this.#deps.hear(message);
    this.draw();
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

/** A new page knows nothing, whatever was sent to the one before. */
const isReady = (message: unknown): boolean => typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
