/** The explorer's side of the conversation, without the editor: what the page asks for is done, and it is told what there is. */
import { RentError } from '../../domain/errors.ts';
import { offerMatcher } from '../../domain/filter.ts';
import type { Insight } from '../../domain/insight.ts';
import type { Offer } from '../../domain/offer.ts';
import { isoDay } from '../../domain/spendCsv.ts';
import type { ListPrice } from '../../estimate/catalogue/prices.ts';
import type { Market } from '../../services/market.ts';
import { isListed, type ExplorerView, type FromExplorer, type OfferTable, type RangeView } from '../../webview/explorer/messages.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import { consoleUrl } from '../links.ts';
import { hostOf } from '../offers/hiddenHosts.ts';
import type { OffersList } from '../offers/offersList.ts';
import { offerText } from '../offers/offerText.ts';
import type { OfferPreferences } from '../offers/preferences.ts';
import type { Voice } from '../voice.ts';
import { articleBands, type RangesOf } from './articleBands.ts';
import type { KnownOffer } from './column.ts';
import { explorerView } from './explorerView.ts';
import { filterWith } from './filterForm.ts';
import { fromExplorer } from './fromExplorer.ts';
import { listedOffers, type ShownOffer } from './listedOffers.ts';
import { offerColumns, usualColumns } from './offerColumns.ts';
import { offersCsv } from './offersCsv.ts';
import { OfferSheet } from './offerSheet.ts';

export interface TalkDeps {
  readonly market: Pick<Market, 'view' | 'refresh' | 'find'>;
  readonly list: Pick<OffersList, 'seen' | 'model'>;
  readonly preferences: OfferPreferences;
  readonly insight: Insight;
  readonly ranges: RangesOf;
  /** What the large clouds ask, as their lists are known now; the same object for as long as they are the same. */
  readonly listed: () => readonly ListPrice[];
  readonly dialogs: Pick<Dialogs, 'save'>;
  readonly editor: Pick<Editor, 'copy' | 'openExternal'>;
  readonly voice: Voice;
  readonly practice: boolean;
  readonly now: () => number;
  /** Asks before it rents. */
  readonly rent: (offer: Offer) => Promise<void>;
  readonly estimate: (offer: Offer) => Promise<void>;
  readonly report: (error: unknown) => void;
}

/** What was made of the offers of a moment, for as long as they are the same. */
interface Made {
  readonly offers: readonly Offer[];
  readonly listed: readonly ShownOffer[];
  readonly sheet: OfferSheet;
  readonly ranges: readonly RangeView[];
}

/** Rows of the lists of a moment. */
interface Lists {
  readonly prices: readonly ListPrice[];
  readonly rows: readonly ShownOffer[];
}

export class ExplorerTalk {
  readonly #deps: TalkDeps;
  #made: Made | undefined;
  #lists: Lists | undefined;
  #compared: readonly string[] = [];
  #said: string | undefined;

  constructor(deps: TalkDeps) {
    this.#deps = deps;
  }

  get view(): ExplorerView {
    const { market, list, preferences, practice, now, voice } = this.#deps;
    const { filter } = preferences;
    const { sheet, ranges } = this.#current;
    return explorerView({
      market: market.view, filter, practice, listed: preferences.listed, ranges, now: now(), said: this.#said,
      model: list.model,
      seen: list.seen(filter.diskGb, now()),
      hiddenHosts: preferences.hidden.size,
      offered: sheet.offered,
      shown: this.#shown,
      compared: this.#known(this.#compared),
    }, voice);
  }

  /** The same object for as long as it says the same. */
  get table(): OfferTable {
    return this.#current.sheet.table(this.#shown);
  }

  /** What is known of the offers has changed, and not the offers. */
  learnAnew(): void {
    this.#made = undefined;
  }

  get #current(): Made {
    const { list, insight, ranges, voice } = this.#deps;
    const { offers } = list.model;
    const listed = this.#listed;
    if (this.#made !== undefined && sameRows(this.#made.offers, offers) && sameRows(this.#made.listed, listed)) return this.#made;
    return (this.#made = { offers, listed, sheet: new OfferSheet(offers, insight, voice, listed), ranges: articleBands(offers, ranges, voice.t) });
  }

  /** Those that the filter leaves. */
  get #listed(): readonly ShownOffer[] {
    const all = this.#allListed;
    return all.length === 0 ? all : all.filter(offerMatcher(this.#deps.preferences.filter));
  }

  get #allListed(): readonly ShownOffer[] {
    const { preferences, listed } = this.#deps;
    if (!preferences.listed) return [];
    const prices = listed();
    if (this.#lists?.prices !== prices) this.#lists = { prices, rows: listedOffers(prices) };
    return this.#lists.rows;
  }

  get #shown(): readonly string[] {
    return this.#deps.preferences.columns ?? usualColumns;
  }

  /** Those that went meanwhile are left out. */
  #known(ids: readonly string[]): readonly KnownOffer[] {
    const { market, insight } = this.#deps;
    const listed = ids.some(isListed) ? new Map(this.#allListed.map((row) => [row.id, row])) : undefined;
    return ids.flatMap((id): KnownOffer | readonly never[] => {
      const row = listed?.get(id);
      if (row !== undefined) return { offer: row, insight: {} };
      const offer = market.find(id as Offer['id']);
      return offer === undefined ? [] : { offer, insight: insight(offer) };
    });
  }

  /** Does what a message asks for; what our page would not say does nothing. */
  async handle(message: unknown): Promise<void> {
    const asked = fromExplorer(message);
    if (asked === undefined) return;
    this.#said = undefined;
    try {
      await this.#carryOut(asked);
    } catch (error) {
      this.#deps.report(error);
    }
  }

  async #carryOut(asked: FromExplorer): Promise<void> {
    const { market, preferences, editor, voice } = this.#deps;
    // No market knows it: whatever the page says, it is no offer.
    if ('offer' in asked && isListed(asked.offer)) {
      this.#said = voice.t('This is the list price of a cloud that nothing can be rented from here.');
      return;
    }
    switch (asked.type) {
      case 'ready':
        return;
      case 'refresh':
        return market.refresh(preferences.filter);
      case 'filter':
        return asked.name === 'listed' ? this.#showListed(asked.value) : this.#filter(asked.name, asked.value);
      case 'clear':
        return preferences.clearFilter();
      case 'showHidden':
        return preferences.showHidden();
      case 'showFailed':
        return preferences.showFailed(!preferences.showsFailed);
      case 'column':
        return this.#showColumn(asked.name, asked.value);
      case 'usualColumns':
        return preferences.keepColumns(undefined);
      case 'compare':
        this.#compared = asked.offers;
        return;
      case 'csv':
        return this.#exportCsv(asked.offers);
      case 'copy':
        await editor.copy(offerText(this.#offer(asked.offer), voice));
        this.#said = voice.t('Copied.');
        return;
      case 'rent':
        return this.#deps.rent(this.#offer(asked.offer));
      case 'estimate':
        return this.#deps.estimate(this.#offer(asked.offer));
      case 'console':
        return editor.openExternal(consoleUrl[this.#offer(asked.offer).provider].offers);
      case 'hideHost':
        return this.#hideHost(this.#offer(asked.offer));
    }
  }

  #offer(id: string): Offer {
    const offer = this.#deps.market.find(id as Offer['id']);
    if (offer === undefined) throw new RentError('offerGone');
    return offer;
  }

  async #filter(name: string, value: string): Promise<void> {
    const { preferences, list, now, voice } = this.#deps;
    const { filter } = preferences;
    const wanted = filterWith(filter, name, value, list.seen(filter.diskGb, now()), voice);
    if (wanted === undefined) return;
    if ('refused' in wanted) this.#said = wanted.refused;
    else await preferences.setFilter(wanted.filter);
  }

  async #showListed(value: string): Promise<void> {
    if (value === '' || value === 'shown') await this.#deps.preferences.keepListed(value === 'shown');
  }

  async #showColumn(id: string, show: boolean): Promise<void> {
    const shown = new Set(this.#shown);
    if (!show) shown.delete(id);
    else if (offerColumns.some((column) => column.id === id)) shown.add(id);
    await this.#deps.preferences.keepColumns([...shown]);
  }

  async #hideHost(offer: Offer): Promise<void> {
    const { preferences, voice } = this.#deps;
    const host = hostOf(offer);
    if (host === undefined) this.#said = voice.t('The provider does not name the host of this offer.');
    else await preferences.hide(host);
  }

  /** What the page shows, in its order. */
  async #exportCsv(ids: readonly string[]): Promise<void> {
    const { dialogs, now, voice } = this.#deps;
    await dialogs.save({ title: voice.t('Export offers'), name: `gpu-offers-${isoDay(now())}.csv`, kind: 'csv', text: offersCsv(this.#known(ids)) });
  }
}

/** A reading that is under way makes new lists of the same offers again and again. */
const sameRows = <Row>(a: readonly Row[], b: readonly Row[]): boolean => a === b || (a.length === b.length && a.every((row, index) => row === b[index]));
