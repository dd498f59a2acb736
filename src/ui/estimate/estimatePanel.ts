import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ToPanel } from '../../webview/estimate/messages.ts';
import { tabIcon } from '../tabIcon.ts';
import { panelHtml } from './panelHtml.ts';
import type { PanelTalk } from './panelTalk.ts';
import type { EstimateSession } from './session.ts';

export interface PanelDeps {
  readonly extension: vscode.Uri;
  readonly title: string;
  readonly session: EstimateSession;
  readonly talk: PanelTalk;
  /** While offers are being read or their filter changes, the view changes without the session. */
  readonly onDidChange: (listener: () => void) => { dispose(): void };
  /** Where other panels are; without one it opens beside the script. */
  readonly column: vscode.ViewColumn | undefined;
  readonly onVisible: () => void;
  readonly onClosed: () => void;
}

/** One webview beside its script. It is thrown away while it is hidden and drawn again from what is known. */
export class EstimatePanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #talk: PanelTalk;
  readonly #tell: (message: ToPanel) => void;
  readonly #subscriptions: readonly { dispose(): void }[];
  #listening = false;

  constructor({ extension, title, session, talk, onDidChange, column, onVisible, onClosed }: PanelDeps) {
    const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
    this.#talk = talk;
    this.#panel = vscode.window.createWebviewPanel(
      'gpuRental.estimate', title, { viewColumn: columnFor(column), preserveFocus: true },
      { enableScripts: true, localResourceRoots: [folder] },
    );
    const { webview } = this.#panel;
    const send = webview.postMessage.bind(webview);
    this.#tell = (message) => void send(message);
    this.#panel.iconPath = tabIcon(extension);
    this.#subscriptions = [
      webview.onDidReceiveMessage((message: unknown) => void this.#hear(message)),
      session.onDidChange(() => this.show()),
      onDidChange(() => this.show()),
      this.#panel.onDidChangeViewState(() => {
        // A hidden webview is gone; it says `ready` when it is there again.
        if (this.#panel.visible) onVisible();
        else this.#listening = false;
      }),
      this.#panel.onDidDispose(() => {
        for (const subscription of this.#subscriptions) subscription.dispose();
        onClosed();
      }),
    ];
    webview.html = panelHtml({
      language: vscode.env.language,
      title,
      script: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'estimate.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'estimate.css')).toString(),
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

  show(): void {
    if (!this.#listening) return;
    this.#tell({ type: 'view', view: this.#talk.view });
  }

  async #hear(message: unknown): Promise<void> {
    this.#listening = true;
    this.show();
    await this.#talk.handle(message);
    this.show();
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

/** Not over the script itself: somebody may have opened it where a panel is. */
const columnFor = (shared: vscode.ViewColumn | undefined): vscode.ViewColumn =>
  shared === undefined || shared === vscode.window.activeTextEditor?.viewColumn ? vscode.ViewColumn.Beside : shared;
