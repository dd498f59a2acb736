/**
 * What the guide and the extension say to each other. The extension sends one whole view, worded in the person's
 * language; the page computes nothing and only draws. What is typed goes back as it stands.
 */
export interface CellView {
  readonly text: string;
  readonly source: string;
  /** The day of the source. */
  readonly asOf: string;
  /** What the articles say instead. */
  readonly said?: string;
}

export interface TopicView {
  readonly name: string;
  /** In the order of the columns; null where no source tells. */
  readonly cells: readonly (CellView | null)[];
}

export interface AbilityView {
  readonly name: string;
  readonly cells: readonly string[];
}

export interface ClaimView {
  readonly what: string;
  readonly said: string;
  readonly today: string;
  readonly verdict: string;
  readonly source: string;
  readonly asOf: string;
}

export interface ChoiceView {
  /** `gpu`, `count` or `area`: what is told when another is chosen. */
  readonly name: string;
  readonly label: string;
  readonly chosen: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

export interface WorkView {
  readonly where: string;
  readonly machine: string;
  readonly price: string;
  readonly spot: string;
  readonly notes: readonly string[];
  readonly source: string;
  /** The day of a list, the time of an offer. */
  readonly asOf: string;
}

export interface FieldView {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly unit: string;
  readonly refused?: string;
}

export interface ResultView {
  readonly label: string;
  readonly figure: string;
  readonly about?: string;
}

export interface GuidePage {
  readonly labels: GuideLabels;
  readonly columns: readonly string[];
  readonly topics: readonly TopicView[];
  readonly abilities: readonly AbilityView[];
  readonly choices: readonly ChoiceView[];
  readonly work: readonly WorkView[];
  /** How reading the lists anew ended, or that it goes on. */
  readonly reading: readonly string[];
  readonly busy: boolean;
  readonly fields: readonly FieldView[];
  readonly results: readonly ResultView[];
  readonly claims: readonly ClaimView[];
}

export type GuideLabels = Readonly<Record<
  | 'title' | 'about' | 'sections' | 'providers' | 'topic' | 'unknown' | 'articlesSay' | 'abilities' | 'work' | 'workAbout' | 'where' | 'machine' | 'price' | 'spot' | 'source'
  | 'refresh' | 'refreshAbout' | 'key' | 'buying' | 'buyingAbout' | 'claims' | 'claimsAbout' | 'claim' | 'said' | 'today' | 'verdict',
  string
>>;

export type FromGuide =
  | { readonly type: 'ready' }
  | { readonly type: 'refresh' }
  | { readonly type: 'key' }
  | { readonly type: 'set'; readonly name: string; readonly value: string };
