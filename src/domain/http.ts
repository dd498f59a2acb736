import type { RentError } from './errors.ts';

/** One HTTP answer, before anything is believed about it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The server's clock from the Date header, else ours; epoch milliseconds. */
  readonly at: number;
}

/**
 * A call as a value: what to send and how to read what comes back. Tests look at the value and
 * feed `read` a recorded answer; only the door sends anything.
 */
export interface Call<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with a slash; parts that come from outside are already encoded. */
  readonly path: string;
  /** Another origin, for what a provider keeps elsewhere: keyless GETs only. */
  readonly origin?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly accept?: string;
  /** `required` fails with `auth` before sending when there is no key; `none` sends no key. */
  readonly key: 'required' | 'none';
  readonly pace: Pace;
  /**
   * `safe`: repeated after time-outs, 429 and 5xx. `refused`: repeated only after a 429, which did
   * nothing. `never`: sent exactly once, whatever happens.
   */
  readonly retry: 'safe' | 'refused' | 'never';
  readonly timeoutMs?: number;
  /** For a stream that the server never ends: what came is the answer after `quietMs` without a byte, or `maxMs` in all. */
  readonly openEnded?: { readonly quietMs: number; readonly maxMs: number };
  /** The answer is no text: each character of `Answer.text` then stands for one byte. */
  readonly bytes?: true;
  /** Throws a RentError for what it cannot accept. Gets every answer, whatever its status. */
  readonly read: (answer: Answer) => T;
}

/** Calls of one name are kept at least `gapMs` apart, or at most `burst` in any `perMs`. */
export interface Pace {
  readonly name: string;
  readonly gapMs?: number;
  readonly burst?: number;
  readonly perMs?: number;
  /** Fails with `rateLimited` at once rather than wait longer than this for its turn; a minute unless said. */
  readonly maxWaitMs?: number;
  /** A wider limit that a call of this name counts against as well. */
  readonly within?: Pace;
}

/** The one way out, bound to one provider's origin and key. */
export interface Http {
  send<T>(call: Call<T>, signal?: AbortSignal): Promise<T>;
}

export type ReadError = (answer: Answer) => RentError;
