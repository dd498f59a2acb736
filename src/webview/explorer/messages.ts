/**
 * What the explorer's page and the extension say to each other. The table of offers is big and changes seldom, so it
 * travels apart from the view and in columns. Every string is worded already and may contain text of strangers.
 */
export interface ColumnView {
  readonly id: string;
  readonly label: string;
  readonly kind: 'figure' | 'word';
  /** What its cells say, each once, in the column's own order. */
  readonly texts: readonly string[];
  /** For each offer which of the texts is its: so the ranks sort the column. -1 where nothing is known. */
  readonly ranks: Int32Array;
  /** The figure behind each text, beside it; none for words. */
  readonly figures?: Float64Array;
}

/** Rows whose ids begin so are list prices of large clouds: shown beside the offers, and never rented. */
export const isListed = (id: string): boolean => id.startsWith('list:');

export interface OfferTable {
  /** Ids, the cheapest first. */
  readonly offers: readonly string[];
  /** Those that are shown or drawn, where they hold something. */
  readonly columns: readonly ColumnView[];
}

/** A line of the comparison: a cell for each offer, empty where nothing is known. */
export interface ComparedLine {
  readonly label: string;
  readonly cells: readonly { readonly text: string; readonly best: boolean }[];
}

export interface ComparisonView {
  /** Those that are still for rent. */
  readonly offers: readonly { readonly id: string; readonly name: string; readonly price: string }[];
  readonly lines: readonly ComparedLine[];
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** One part of the filter that the tree of offers has as well, or what else the table holds. */
export type FilterField =
  | { readonly kind: 'choice'; readonly name: string; readonly label: string; readonly value: string; readonly options: readonly Option[] }
  | { readonly kind: 'typed'; readonly name: string; readonly label: string; readonly value: string; readonly hint: string };

/** What the articles say that one GPU of a model costs an hour. */
export interface RangeView {
  /** As the columns `gpu` and `vramGb` write them. */
  readonly gpu: string;
  readonly vramGb: number;
  readonly low: number;
  readonly high: number;
  readonly text: string;
  readonly about: string;
}

export interface ExplorerView {
  readonly labels: ExplorerLabels;
  readonly busy: boolean;
  /** The practice market has no console. */
  readonly practice: boolean;
  /** `312 offers, 4 dropped · read at 14:03:20 · 40 GB disk` */
  readonly summary: string;
  /** Of a provider that could not be heard: its offers are missing or old. */
  readonly problems: readonly string[];
  readonly filter: readonly FilterField[];
  /** `24 GB+ · ≤ $0.60/h`; empty where nothing narrows. */
  readonly narrowed: string;
  /** Every column that holds something, and whether it is shown. */
  readonly columns: readonly { readonly id: string; readonly label: string; readonly shown: boolean }[];
  readonly comparison: ComparisonView;
  /** `2 hosts hidden`; empty where none is. */
  readonly hidden: string;
  /** Offers of hosts that failed here, and whether they are among those that are shown. */
  readonly failed?: { readonly text: string; readonly deed: string };
  readonly ranges: readonly RangeView[];
  /** What became of what was asked last. */
  readonly said?: string;
}

export type ExplorerLabels = Readonly<Record<
  | 'title' | 'loading' | 'retry' | 'filter' | 'clear' | 'showHidden' | 'search' | 'columns' | 'usualColumns' | 'csv' | 'grid' | 'gridAbout' | 'nothing' | 'noMatch' | 'count'
  | 'compare' | 'compared' | 'comparedFull' | 'comparison' | 'comparisonAbout' | 'away' | 'remove' | 'best' | 'unknown' | 'rent' | 'rentWhat' | 'listPrice' | 'listPriceAbout' | 'estimate' | 'hideHost' | 'copy' | 'console'
  | 'chosen' | 'sortedUp' | 'sortedDown' | 'plot' | 'plotAbout' | 'front' | 'frontTable' | 'unpublished' | 'against' | 'offer'
  | 'models' | 'modelsAbout' | 'model' | 'offers' | 'from' | 'median' | 'to' | 'articles' | 'spread' | 'onlyThis' | 'allModels',
  string
>>;

export type FromExplorer =
  | { readonly type: 'ready' }
  | { readonly type: 'refresh' }
  | { readonly type: 'filter'; readonly name: string; readonly value: string }
  | { readonly type: 'clear' }
  | { readonly type: 'showHidden' }
  | { readonly type: 'showFailed' }
  | { readonly type: 'column'; readonly name: string; readonly value: boolean }
  | { readonly type: 'usualColumns' }
  | { readonly type: 'rent'; readonly offer: string }
  | { readonly type: 'estimate'; readonly offer: string }
  | { readonly type: 'hideHost'; readonly offer: string }
  | { readonly type: 'copy'; readonly offer: string }
  | { readonly type: 'console'; readonly offer: string }
  | { readonly type: 'compare'; readonly offers: readonly string[] }
  | { readonly type: 'csv'; readonly offers: readonly string[] };
