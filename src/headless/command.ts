import type { Core } from '../wiring.ts';
import type { Invocation } from './parse.ts';

export interface Outcome {
  /** Printed as one line of JSON with `--json`. */
  readonly answer: unknown;
  /** Printed for people without it. */
  readonly text: string;
  readonly exitCode?: number;
}

export type Command = (core: Core, invocation: Invocation, signal: AbortSignal) => Promise<Outcome>;
