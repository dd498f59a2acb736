/** What the guide shows at this moment: what was chosen and typed on it, and how reading price lists goes. */
import { createEmitter } from '../../domain/emitter.ts';
import type { Offer } from '../../domain/offer.ts';
import type { CloudPrices } from '../../services/cloudPrices.ts';
import type { GuidePage } from '../../webview/guide/messages.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Voice } from '../voice.ts';
import type { Elsewhere } from './elsewhere.ts';
import { fromGuide } from './fromGuide.ts';
import { guidePage } from './guidePage.ts';
import { purchaseNames, type Typed } from './purchaseForm.ts';
import { refreshWords } from './refreshWords.ts';
import { firstAsked, withChoice, type WorkAsked } from './sameWorkRows.ts';

export interface GuideSessionDeps {
  readonly elsewhere: Pick<Elsewhere, 'prices'>;
  readonly offers: () => readonly Offer[];
  readonly dialogs: Dialogs;
  readonly run: (command: 'gpuRental.gpuflow.connect' | 'gpuRental.guide.refreshPrices') => Promise<void>;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

export class GuideSession {
  readonly #deps: GuideSessionDeps;
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #asked: WorkAsked = firstAsked;
  #typed: Typed = {};
  #reading: readonly string[] = [];
  #busy = false;

  constructor(deps: GuideSessionDeps) {
    this.#deps = deps;
  }

  view({ prices }: Pick<CloudPrices, 'prices'>): GuidePage {
    const { offers, voice } = this.#deps;
    return guidePage({ asked: this.#asked, offers: offers(), prices, typed: this.#typed, reading: this.#reading, busy: this.#busy }, voice);
  }

  hear(message: unknown): void {
    const said = fromGuide(message);
    if (said === undefined || said.type === 'ready') return;
    if (said.type !== 'set') return void this.#deps.run(said.type === 'key' ? 'gpuRental.gpuflow.connect' : 'gpuRental.guide.refreshPrices').catch(this.#deps.report);
    const typed = purchaseNames.find((name) => name === said.name);
    if (typed === undefined) this.#asked = withChoice(this.#asked, said.name, said.value);
    else this.#typed = { ...this.#typed, [typed]: said.value };
  }

  /** The price lists anew, which can be cancelled. How it ended is told on the page, and by a note where nobody sees that. */
  async refresh(seen: boolean): Promise<void> {
    const { elsewhere, dialogs, voice: { t } } = this.#deps;
    const prices = await elsewhere.prices();
    this.#tell(true, [t('Reading price lists')]);
    let reading: readonly string[] = [];
    try {
      const ended = await dialogs.progress(t('Reading price lists'), true, (_, signal) => prices.refresh(signal));
      reading = refreshWords(ended, t);
      if (!seen) void dialogs.notify({ level: ended.some((one) => 'error' in one) ? 'warning' : 'info', text: reading.join(' '), buttons: [] });
    } finally {
      this.#tell(false, reading);
    }
  }

  #tell(busy: boolean, reading: readonly string[]): void {
    this.#busy = busy;
    this.#reading = reading;
    this.#changed.fire();
  }
}
