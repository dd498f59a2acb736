/** The explorer's half that runs in the extension, over a market in memory. */
import { defaultFilter, type OfferFilter } from '../../../src/domain/filter.ts';
import { listPrices } from '../../../src/estimate/catalogue/prices.ts';
import { providerIds, type Offer } from '../../../src/domain/offer.ts';
import { systemClock } from '../../../src/services/clock.ts';
import { Market, type Seller } from '../../../src/services/market.ts';
import type { Translate } from '../../../src/ui/voice.ts';
import { ExplorerTalk } from '../../../src/ui/explorer/explorerTalk.ts';
import { OffersList } from '../../../src/ui/offers/offersList.ts';
import { OfferPreferences } from '../../../src/ui/offers/preferences.ts';
import type { ExplorerView, OfferTable } from '../../../src/webview/explorer/messages.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import type { Took } from './realPage.ts';

export interface Sent {
  readonly view: ExplorerView;
  readonly table: OfferTable;
  /** From the answers of the providers to what is sent. */
  readonly took: Took;
}

export class ExtensionSide {
  readonly #market: Market;
  readonly #preferences: OfferPreferences;
  readonly #talk: () => ExplorerTalk;

  constructor(offers: readonly Offer[]) {
    const sellers = new Map(providerIds.map((id) => [id, sellerOf(id, offers.filter(({ provider }) => provider === id))]));
    this.#market = new Market(sellers, defaultFilter, systemClock, new FakeLog());
    const kept = new Map<string, unknown>();
    this.#preferences = new OfferPreferences({ get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) }, () => defaultFilter.diskGb);
    const t: Translate = (message, ...args) => message.replace(/\{(\d+)\}/g, (hole, index: string) => String(args[Number(index)] ?? hole));
    const nobody = async (): Promise<never> => {
      throw new Error('nobody asks for this here');
    };
    const list = new OffersList({ market: this.#market, preferences: this.#preferences, accounts: { signedIn: () => true, onDidChange: () => ({ dispose: () => undefined }) } });
    this.#talk = () => new ExplorerTalk({
      market: this.#market, preferences: this.#preferences, list, insight: () => ({}), ranges: () => [], listed: () => listPrices, practice: false, now: Date.now,
      voice: { t, nameOf: (provider) => provider }, dialogs: { save: nobody }, editor: { copy: nobody, openExternal: nobody }, rent: nobody, estimate: nobody,
      report: (error) => {
        throw error;
      },
    });
  }

  /** Everything anew, as when the tab is opened. */
  async load(filter: OfferFilter = defaultFilter): Promise<Sent> {
    await this.#preferences.keepListed(true);
    await this.#preferences.setFilter(filter);
    const [from, used] = [performance.now(), process.cpuUsage()];
    const talk = this.#talk();
    await this.#market.refresh(filter);
    const { table, view } = talk;
    // The view is compared as text before it is sent.
    JSON.stringify(view);
    const { user, system } = process.cpuUsage(used);
    return { view, table, took: { ms: performance.now() - from, cpuMs: (user + system) / 1000 } };
  }
}

const sellerOf = (id: Seller['id'], offers: readonly Offer[]): Seller => ({
  id,
  async *search() {
    yield { offers, dropped: 0, more: false };
  },
});
