/**
 * What the spend view and the extension say to each other. The extension sends one whole view, worded in the person's
 * language; the page computes no money and only draws. Every string may contain text of strangers.
 */
export interface FigureView {
  readonly label: string;
  readonly figure: string;
  readonly about?: string;
}

/** What one series, an instance or the rest, cost on one day. */
export interface PartView {
  /** Index into `series`. */
  readonly series: number;
  readonly text: string;
  readonly usd: number;
}

export interface DayView {
  /** `2026-11-22`. */
  readonly day: string;
  /** `22`, under the bar. */
  readonly mark: string;
  readonly total: string;
  readonly usd: number;
  readonly parts: readonly PartView[];
}

/** A bar of its own: an instance, or a project folder. */
export interface ShareView {
  readonly name: string;
  readonly about: string;
  readonly spent: string;
  readonly usd: number;
  /** Index into `series`, for its colour. */
  readonly series?: number;
  readonly now?: string;
  readonly left?: string;
}

export interface SpendPage {
  readonly labels: SpendLabels;
  /** Practice money, alarms and corrections: said before any figure. */
  readonly notices: readonly string[];
  readonly figures: readonly FigureView[];
  /** The dearest instances by name, the rest under one. */
  readonly series: readonly string[];
  readonly days: readonly DayView[];
  readonly instances: readonly ShareView[];
  readonly projects: readonly ShareView[];
  /** What goes on when the editor is closed, and how far the books go. */
  readonly notes: readonly string[];
}

export type SpendLabels = Readonly<Record<
  | 'title' | 'days' | 'daysAbout' | 'daysTable' | 'day' | 'total' | 'instances' | 'instance' | 'projects' | 'project' | 'spent' | 'now' | 'nothing'
  | 'exportCsv' | 'asText' | 'limits',
  string
>>;

export type FromSpend = { readonly type: 'ready' } | { readonly type: 'csv' } | { readonly type: 'text' } | { readonly type: 'limits' };
