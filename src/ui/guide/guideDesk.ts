/** The guide in an editor tab: what was chosen and typed on it, and the price lists that it shows. */
import * as vscode from 'vscode';
import { createEmitter } from '../../domain/emitter.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { CloudPrices } from '../../services/cloudPrices.ts';
import type { GuidePage } from '../../webview/guide/messages.ts';
import type { CommandId } from '../commandIds.ts';
import type { Dialogs } from '../dialogs.ts';
import { onAny } from '../disposables.ts';
import type { OffersList } from '../offers/offersList.ts';
import { ViewPanel } from '../panel/viewPanel.ts';
import type { Voice } from '../voice.ts';
import type { Elsewhere } from './elsewhere.ts';
import { fromGuide } from './fromGuide.ts';
import { guidePage } from './guidePage.ts';
import { purchaseNames, type Typed } from './purchaseForm.ts';
import { refreshWords } from './refreshWords.ts';
import { firstAsked, withChoice, type WorkAsked } from './sameWorkRows.ts';

export interface GuideDeskDeps {
  readonly extension: vscode.Uri;
  readonly elsewhere: Pick<Elsewhere, 'prices'>;
  readonly list: Pick<OffersList, 'seen' | 'onDidChange'>;
  readonly diskGb: () => number;
  /** Reads offers where none are known yet. */
  readonly readOffers: () => Promise<void>;
  readonly dialogs: Dialogs;
  readonly run: (command: CommandId) => Promise<void>;
  readonly now: () => number;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

export class GuideDesk implements Disposable {
  readonly #deps: GuideDeskDeps;
  readonly #changed = createEmitter<void>();
  #panel: ViewPanel<GuidePage> | undefined;
  #asked: WorkAsked = firstAsked;
  #typed: Typed = {};
  #reading: readonly string[] = [];
  #busy = false;

  constructor(deps: GuideDeskDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    if (this.#panel !== undefined) return this.#panel.reveal();
    const { extension, elsewhere, list, readOffers, voice, report } = this.#deps;
    const prices = await elsewhere.prices();
    this.#panel ??= new ViewPanel<GuidePage>({
      extension, kind: 'guide', title: voice.t('Provider guide'), column: vscode.ViewColumn.Active,
      view: () => this.#view(prices),
      hear: (message) => this.#hear(message),
      onDidChange: onAny((listener) => list.onDidChange(listener), (listener) => this.#changed.event(listener)),
      onClosed: () => {
        this.#panel = undefined;
      },
    });
    if (this.#offers().length === 0) readOffers().catch(report);
  }

  /** The price lists anew, with a notification that can be cancelled; told there and on the page. */
  async refresh(): Promise<void> {
    const { elsewhere, dialogs, voice: { t } } = this.#deps;
    const prices = await elsewhere.prices();
    this.#now({ busy: true, reading: [t('Reading price lists')] });
    try {
      const ended = await dialogs.progress(t('Reading price lists'), true, (_, signal) => prices.refresh(signal));
      const reading = refreshWords(ended, t);
      this.#now({ busy: false, reading });
      if (this.#panel?.active !== true) void dialogs.notify({ level: ended.some((one) => 'error' in one) ? 'warning' : 'info', text: reading.join(' '), buttons: [] });
    } finally {
      if (this.#busy) this.#now({ busy: false, reading: [] });
    }
  }

  #now({ busy, reading }: { readonly busy: boolean; readonly reading: readonly string[] }): void {
    this.#busy = busy;
    this.#reading = reading;
    this.#changed.fire();
  }

  #offers(): ReturnType<OffersList['seen']> {
    const { list, diskGb, now } = this.#deps;
    return list.seen(diskGb(), now());
  }

  #view({ prices }: CloudPrices): GuidePage {
    return guidePage({ asked: this.#asked, offers: this.#offers(), prices, typed: this.#typed, reading: this.#reading, busy: this.#busy }, this.#deps.voice);
  }

  #hear(message: unknown): void {
    const said = fromGuide(message);
    if (said === undefined || said.type === 'ready') return;
    if (said.type !== 'set') return void this.#deps.run(said.type === 'key' ? 'gpuRental.gpuflow.connect' : 'gpuRental.guide.refreshPrices').catch(this.#deps.report);
    const typed = purchaseNames.find((name) => name === said.name);
    if (typed === undefined) this.#asked = withChoice(this.#asked, said.name, said.value);
    else this.#typed = { ...this.#typed, [typed]: said.value };
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}
