import * as vscode from 'vscode';
import type { Disposable } from '../../domain/ports.ts';
import type { GuidePage } from '../../webview/guide/messages.ts';
import { onAny } from '../disposables.ts';
import type { OffersList } from '../offers/offersList.ts';
import { ViewPanel } from '../panel/viewPanel.ts';
import { GuideSession, type GuideSessionDeps } from './guideSession.ts';

export interface GuideDeskDeps extends Omit<GuideSessionDeps, 'offers'> {
  readonly extension: vscode.Uri;
  readonly list: Pick<OffersList, 'seen' | 'onDidChange'>;
  readonly diskGb: () => number;
  /** Reads offers where none are known yet. */
  readonly readOffers: () => Promise<void>;
  readonly now: () => number;
}

/** The guide in an editor tab. */
export class GuideDesk implements Disposable {
  readonly #deps: GuideDeskDeps;
  readonly #session: GuideSession;
  #panel: ViewPanel<GuidePage> | undefined;

  constructor(deps: GuideDeskDeps) {
    this.#deps = deps;
    this.#session = new GuideSession({ ...deps, offers: () => this.#offers() });
  }

  async open(): Promise<void> {
    if (this.#panel !== undefined) return this.#panel.reveal();
    const { extension, elsewhere, list, readOffers, voice, report } = this.#deps;
    const prices = await elsewhere.prices();
    this.#panel ??= new ViewPanel<GuidePage>({
      extension, kind: 'guide', title: voice.t('Provider guide'), column: vscode.ViewColumn.Active,
      view: () => this.#session.view(prices),
      hear: (message) => this.#session.hear(message),
      onDidChange: onAny((listener) => list.onDidChange(listener), (listener) => this.#session.onDidChange(listener)),
      onClosed: () => {
        this.#panel = undefined;
      },
    });
    if (this.#offers().length === 0) readOffers().catch(report);
  }

  refresh(): Promise<void> {
    return this.#session.refresh(this.#panel?.active === true);
  }

  #offers(): ReturnType<OffersList['seen']> {
    const { list, diskGb, now } = this.#deps;
    return list.seen(diskGb(), now());
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}
