import type { Insight } from '../../domain/insight.ts';
import type { Offer } from '../../domain/offer.ts';
import type { ColumnView, OfferTable } from '../../webview/explorer/messages.ts';
import type { Voice } from '../voice.ts';
import { holdsSomething, type KnownOffer, type OfferColumn } from './column.ts';
import type { ShownOffer } from './listedOffers.ts';
import { offerColumns, usualColumns } from './offerColumns.ts';
import { byPrice, columnView } from './offerTable.ts';

/** The drawings and the deeds need these, whether they are shown or not. */
const alwaysThere: ReadonlySet<string> = new Set([...usualColumns, 'hostId', 'listedOn']);

/** The offers of one moment. A column is made when it is first shown: nobody looks at forty. */
export class OfferSheet {
  /** Columns that hold something. */
  readonly offered: readonly OfferColumn[];
  readonly #known: readonly KnownOffer[];
  readonly #voice: Voice;
  readonly #views = new Map<OfferColumn, ColumnView>();
  #table: OfferTable | undefined;

  constructor(offers: readonly Offer[], insight: Insight, voice: Voice, listed: readonly ShownOffer[] = []) {
    this.#known = byPrice(offers, insight, listed);
    this.#voice = voice;
    this.offered = offerColumns.filter((column) => holdsSomething(column, this.#known));
  }

  /** The same object for as long as it says the same. */
  table(shown: readonly string[]): OfferTable {
    const columns = this.offered.filter(({ id }) => alwaysThere.has(id) || shown.includes(id)).map((column) => this.#view(column));
    if (this.#table?.columns.length === columns.length && columns.every((column, index) => column === this.#table?.columns[index])) return this.#table;
    return (this.#table = { offers: this.#known.map(({ offer }) => offer.id), columns });
  }

  #view(column: OfferColumn): ColumnView {
    const view = this.#views.get(column) ?? columnView(column, this.#known, this.#voice);
    this.#views.set(column, view);
    return view;
  }
}
