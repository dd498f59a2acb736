/** Every script that is being estimated in this window, with its panel where it has one. Loaded when first asked for. */
import * as vscode from 'vscode';
import { createEmitter } from '../../domain/emitter.ts';
import type { Offer, OfferId } from '../../domain/offer.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { PanelView } from '../../webview/estimate/messages.ts';
import type { Dialogs } from '../dialogs.ts';
import { plain } from '../escape.ts';
import type { ViewPanel } from '../panel/viewPanel.ts';
import type { Wish } from '../rent/terms.ts';
import { openEstimatePanel } from './estimatePanel.ts';
import { PanelTalk, type TalkDeps } from './panelTalk.ts';
import { OpenScript, whenScriptsClose } from './scripts.ts';
import { EstimateSession, type SessionDeps } from './session.ts';
import { openLog } from './openLog.ts';
import { useLog } from './useLog.ts';

export interface DeskDeps extends SessionDeps, Omit<TalkDeps, 'rent' | 'reveal' | 'useLog' | 'trusted'> {
  readonly rent: (offer: Offer, limits: Wish | undefined, script: string | undefined) => Promise<void>;
  readonly dialogs: Dialogs;
  readonly extension: vscode.Uri;
  /** Somebody looks at a panel. */
  readonly onVisible: () => void;
}

interface Entry {
  readonly script: OpenScript;
  readonly session: EstimateSession;
  readonly subscription: Disposable;
  panel: ViewPanel<PanelView> | undefined;
  talk: PanelTalk | undefined;
}

export class EstimateDesk {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #deps: DeskDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #closing: Disposable;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
    this.#closing = whenScriptsClose((key) => this.#leave(key));
  }

  session(uri: vscode.Uri): EstimateSession {
    return this.#entry(uri).session;
  }

  /** The script whose panel is in front. */
  get inFront(): vscode.Uri | undefined {
    return [...this.#entries.values()].find(({ panel }) => panel?.active)?.script.uri;
  }

  /** The estimate that is open, the one in front where there are several. */
  get shown(): EstimateSession | undefined {
    const uri = this.withPanel;
    return uri && this.session(uri);
  }

  /** Any script with a panel, the one in front first: an offer can be estimated while the sidebar has the focus. */
  get withPanel(): vscode.Uri | undefined {
    return this.inFront ?? [...this.#entries.values()].findLast(({ panel }) => panel !== undefined)?.script.uri;
  }

  open(uri: vscode.Uri, offer: OfferId | undefined): void {
    const entry = this.#entry(uri);
    const { script, session } = entry;
    const talk = (entry.talk ??= new PanelTalk(session, {
      ...this.#deps,
      rent: (offer, limits) => this.#deps.rent(offer, limits, uri.scheme === 'file' ? uri.fsPath : undefined),
      trusted: () => vscode.workspace.isTrusted,
      reveal: (file, line) => script.reveal(file, line),
      useLog: (asked) => useLog(asked, { dialogs: this.#deps.dialogs, openLog: () => openLog(script.uri, this.#deps.voice.t), voice: this.#deps.voice }),
    }));
    if (offer !== undefined) talk.expect(offer);
    if (entry.panel === undefined) {
      entry.panel = openEstimatePanel({
        extension: this.#deps.extension,
        title: this.#deps.voice.t('Cost of {0}', plain(script.name)),
        session,
        talk,
        onDidChange: this.#deps.onOffersChange,
        column: this.#column,
        onVisible: this.#deps.onVisible,
        onClosed: () => {
          entry.panel = undefined;
          entry.talk = undefined;
        },
      });
    } else {
      entry.panel.reveal();
      entry.panel.draw();
    }
    this.#deps.onVisible();
  }

  /** Panels share a column, so that looking at three scripts does not split the window in four. */
  get #column(): vscode.ViewColumn | undefined {
    return [...this.#entries.values()].find(({ panel }) => panel?.column !== undefined)?.panel?.column;
  }

  #entry(uri: vscode.Uri): Entry {
    const key = uri.toString();
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const script = new OpenScript(uri);
    const session = new EstimateSession(script, this.#deps);
    const entry: Entry = { script, session, subscription: session.onDidChange(() => this.#changed.fire()), panel: undefined, talk: undefined };
    this.#entries.set(key, entry);
    void session.update();
    return entry;
  }

  /** A closed script is kept only while its panel is open. */
  #leave(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.panel !== undefined) return;
    this.#end(entry);
    this.#entries.delete(key);
  }

  #end({ panel, session, subscription }: Entry): void {
    subscription.dispose();
    session.dispose();
    panel?.dispose();
  }

  dispose(): void {
    this.#closing.dispose();
    for (const entry of [...this.#entries.values()]) this.#end(entry);
    this.#entries.clear();
  }
}
