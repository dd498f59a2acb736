/**
 * What the machine's detail and the extension say to each other. The extension sends one whole view, worded in the
 * person's language; the page only draws. Every string may contain text of strangers.
 */
export interface ChartView {
  readonly id: string;
  readonly title: string;
  /** The figures of now; empty while there are none. */
  readonly now: string;
  /** What the top of the chart stands for. */
  readonly top: string;
  readonly lines: readonly LineView[];
}

export interface LineView {
  readonly name: string;
  /** Shares of the top, 0..1, evenly over the time that is shown, newest last; null where nobody looked. */
  readonly values: readonly (number | null)[];
}

export interface TableView {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface DetailView {
  readonly labels: DetailLabels;
  readonly name: string;
  readonly about: string;
  /** Why there are no figures, or not all. */
  readonly notices: readonly string[];
  readonly figures: readonly { readonly label: string; readonly figure: string }[];
  readonly charts: readonly ChartView[];
  /** The charts as figures. */
  readonly history: TableView;
  readonly programs: TableView;
}

export type DetailLabels = Readonly<Record<'now' | 'charts' | 'chartsAbout' | 'from' | 'to' | 'history' | 'programs' | 'noPrograms', string>>;

export type FromDetail = { readonly type: 'ready' };
