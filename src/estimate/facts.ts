import type { Workload } from './workload.ts';

/** Where a value was found, from the most to the least trusted. `table` is the offline table of models and data sets. */
export type FactSource = 'user' | 'command' | 'script' | 'config' | 'hub' | 'files' | 'table' | 'default';
/** `derived` was computed from stated values; `assumed` may be wrong and is said to be. */
export type Certainty = 'stated' | 'derived' | 'assumed';

export type FactName = keyof Workload;

/** One thing that was read, with the place a person can look at. */
export interface Fact {
  readonly name: FactName;
  readonly value: string | number | boolean;
  readonly source: FactSource;
  readonly certainty: Certainty;
  /** Undefined for framework defaults and the table. */
  readonly file?: string;
  readonly line?: number;
  /** In a few words, where the value alone would puzzle: `5 * 8`, `524288 // (64 × 1024)`. */
  readonly note?: string;
}

/** What the script does not say and the cost depends on. At most three are asked, the dearest first. */
export interface Question {
  readonly name: FactName;
  /** Answers that are likely, to choose from. */
  readonly suggestions: readonly (string | number)[];
}

/** What was read of a script and what stands beside it. */
export interface Reading {
  readonly workload: Workload;
  readonly facts: readonly Fact[];
  readonly questions: readonly Question[];
  /** Where a CodeLens belongs: the line that drives the cost (the trainer, the loop, the steps). */
  readonly anchor?: { readonly file: string; readonly line: number };
  /** What could not be read, as codes for the interface to word. */
  readonly gaps: readonly Gap[];
}

export interface Gap {
  readonly code: 'empty' | 'notTraining' | 'syntax' | 'tooLarge' | 'circular' | 'missingFile' | 'unknownModel' | 'impossibleValue';
  readonly file?: string;
  readonly line?: number;
  /** The name or value in question; shown as data, never as markup. */
  readonly detail?: string;
}
