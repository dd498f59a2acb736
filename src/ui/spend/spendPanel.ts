import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { SpendPage, ToSpend } from '../../webview/spend/messages.ts';
import type { CommandId } from '../commandIds.ts';
import { panelHtml } from '../estimate/panelHtml.ts';
import { tabIcon } from '../tabIcon.ts';
import { fromSpend } from './fromSpend.ts';

export interface SpendPanelDeps {
  readonly extension: vscode.Uri;
  readonly title: string;
  readonly page: () => SpendPage;
  readonly run: (command: CommandId) => Promise<void>;
  readonly onDidChange: (listener: () => void) => { dispose(): void };
  readonly report: (error: unknown) => void;
  readonly onClosed: () => void;
}

/** The spend view in an editor tab. It is thrown away while it is hidden and drawn again from what is known. */
export class SpendPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #deps: SpendPanelDeps;
  readonly #subscriptions: readonly { dispose(): void }[];
  readonly #send: (message: ToSpend) => void;
  /** What the page shows, as text; undefined while nobody listens. */
  #shown: string | undefined;
  #listening = false;

  constructor(deps: SpendPanelDeps) {
    const { extension, title, onDidChange, onClosed } = deps;
    const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
    this.#deps = deps;
    this.#panel = vscode.window.createWebviewPanel('gpuRental.spend', title, vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [folder] });
    const { webview } = this.#panel;
    const send = webview.postMessage.bind(webview);
    this.#send = (message) => void send(message);
    this.#panel.iconPath = tabIcon(extension);
    this.#subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => this.#hear(message)),
      onDidChange(() => this.#draw()),
      this.#panel.onDidChangeViewState(() => {
        // A hidden webview is gone; it says `ready` when it is there again.
        if (!this.#panel.visible) this.#listening = false;
      }),
      this.#panel.onDidDispose(() => {
        for (const subscription of this.#subscriptions) subscription.dispose();
        onClosed();
      }),
    ];
    webview.html = panelHtml({
      language: vscode.env.language,
      title,
      script: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'spend.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'spend.css')).toString(),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
    });
  }

  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  #draw(): void {
    if (!this.#listening) return;
    const page = this.#deps.page();
    const shown = JSON.stringify(page);
    // A tick that changes nothing is no message.
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#send({ type: 'page', page });
  }

  #hear(message: unknown): void {
    const { run, report } = this.#deps;
    switch (fromSpend(message)?.type) {
      case 'ready':
        this.#listening = true;
        this.#shown = undefined;
        return this.#draw();
      case 'csv':
        return void run('gpuRental.spend.exportCsv').catch(report);
      case 'text':
        return void run('gpuRental.spend.showText').catch(report);
      case 'limits':
        return void run('gpuRental.limits.edit').catch(report);
      case undefined:
    }
  }

  dispose(): void {
    this.#panel.dispose();
  }
}
