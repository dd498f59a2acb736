/**
 * What the estimator's panel and the extension say to each other. The extension sends one whole view, worded in the
 * person's language; the panel knows no units and computes no money. Every string may contain text of strangers.
 */
export interface Place {
  /** Only the extension knows where it leads. */
  readonly id: string;
  /** `L41`, `train.yaml:12`. */
  readonly text: string;
  /** With the whole path, to read. */
  readonly title: string;
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export type Control =
  | { readonly kind: 'number'; readonly value: string; readonly least: number; readonly whole: boolean }
  | { readonly kind: 'choice'; readonly value: string; readonly options: readonly Option[] }
  | { readonly kind: 'switch'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string };

export interface FactView {
  readonly name: string;
  readonly label: string;
  readonly control: Control;
  /** Where it comes from and how sure it is: `script`, `usual value, assumed`. */
  readonly origin: string;
  readonly note?: string;
  readonly place?: Place;
  /** The person said it, and can take it back. */
  readonly said: boolean;
  /** Why the last thing that was typed here could not be taken. */
  readonly refused?: string;
}

export interface QuestionView {
  readonly name: string;
  readonly label: string;
  readonly control: Control;
  readonly suggestions: readonly Option[];
  readonly refused?: string;
}

/** A figure with its width, as text and as numbers to draw. */
export interface BandView {
  readonly likely: string;
  readonly range: string;
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export interface PickView {
  readonly label: string;
  readonly offer: string;
  readonly machine: string;
  readonly text: string;
  /** Why this one, in a sentence. */
  readonly why?: string;
}

export interface MemoryView {
  readonly text: string;
  readonly verdict: string;
  readonly remedy?: string;
  /** Shares of the card, for the bar. */
  readonly low: number;
  readonly likely: number;
  readonly high: number;
  readonly parts: readonly { readonly label: string; readonly text: string }[];
}

/** The machine that the figures on top are about. */
export interface ChosenView {
  readonly offer: string;
  readonly machine: string;
  readonly about: string;
  /** Memory is not enough, or may not be: said before any figure. */
  readonly warning?: string;
  readonly usd?: BandView;
  readonly hours?: BandView;
  readonly sentence?: string;
  /** Why this machine, in a sentence. */
  readonly why?: string;
  readonly interruption?: string;
  readonly memory?: MemoryView;
  /** Where the hours go. */
  readonly parts: readonly { readonly label: string; readonly text: string }[];
}

export interface OfferRowView {
  readonly offer: string;
  readonly machine: string;
  readonly about: string;
  readonly cost: string;
  readonly costRange: string;
  readonly time: string;
  /** Of what answers: `410 tokens/s`. */
  readonly speed?: string;
  readonly rate: string;
  readonly risk: string;
  /** For sorting and drawing: dollars, hours, 0..1. */
  readonly usd: number;
  readonly hours: number;
  readonly riskShare: number;
  /** Nothing is both cheaper and faster. */
  readonly front: boolean;
  /** Memory may not be enough: it stands below all that fit. */
  readonly risky: boolean;
}

export interface ElsewhereView {
  readonly name: string;
  readonly cost: string;
  readonly time: string;
  readonly about: string;
}

export interface PanelView {
  readonly labels: Labels;
  readonly name: string;
  /** `as read at 14:03:20`. */
  readonly read: string;
  /** The whole answer on one line; empty while there is none. */
  readonly headline: string;
  readonly busy: boolean;
  /** Why there is nothing to see, or what is missing. */
  readonly notice?: string;
  /** What a run of this script measured, and what is left of it. */
  readonly measured?: string;
  /** The names that would be looked up; there is a button where there are any. */
  readonly hub?: string;
  /** A run's log can be used: what is shown trains. */
  readonly learns: boolean;
  /** What was just done, for a moment. */
  readonly said?: string;
  readonly questions: readonly QuestionView[];
  readonly facts: readonly FactView[];
  /** What was not read and can be said all the same. */
  readonly unread: readonly FactView[];
  readonly chosen?: ChosenView;
  readonly picks: readonly PickView[];
  readonly offers: readonly OfferRowView[];
  /** `61 offers fit, 4 may not, 210 do not`. */
  readonly count: string;
  readonly elsewhere: readonly ElsewhereView[];
  readonly elsewhereNote?: string;
  readonly assumptions: readonly string[];
  readonly gaps: readonly { readonly text: string; readonly place?: Place }[];
}

/** The words that stand still. */
export type Labels = Readonly<Record<
  | 'does' | 'costs' | 'questions' | 'facts' | 'unread' | 'back' | 'none' | 'yes' | 'no' | 'likelyCost' | 'likelyTime' | 'runs' | 'cost' | 'time' | 'rate' | 'risk' | 'machine'
  | 'rent' | 'picks' | 'plot' | 'plotAbout' | 'front' | 'frontTable' | 'offers' | 'memory' | 'memoryParts' | 'hoursParts' | 'elsewhere'
  | 'assumptions' | 'gaps' | 'copyMarkdown' | 'copyCsv' | 'useLog' | 'refresh' | 'more' | 'choose' | 'chosen' | 'loading',
  string
>>;

export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'set'; readonly name: string; readonly value: string | boolean }
  | { readonly type: 'unset'; readonly name: string }
  | { readonly type: 'reveal'; readonly place: string }
  | { readonly type: 'choose'; readonly offer: string }
  | { readonly type: 'rent'; readonly offer: string }
  | { readonly type: 'copy'; readonly as: 'markdown' | 'csv' }
  | { readonly type: 'log' }
  | { readonly type: 'hub' }
  | { readonly type: 'refresh' };
