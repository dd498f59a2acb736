/** What left the laptop and what was promised to people: the oracle compares it with the market's ledger. */
import type { GuardTerms } from '../../src/domain/guard.ts';
import type { Usd, UsdPerHour } from '../../src/domain/money.ts';
import type { Provider } from '../../src/practice/faults.ts';

/** One click on Rent. */
export interface Click {
  /** Also the name the machine gets, by which the journal's launch is found. */
  readonly name: string;
  /** Clicks of one group are one wish: a double click, or the same offer in two windows. */
  readonly group: string;
  readonly at: number;
  readonly budget: Usd;
  readonly leaseEndsAt: number;
  outcome: 'waiting' | 'ready' | 'failed' | 'windowDied';
  endedAt?: number;
  error?: string;
}

export type Deed = 'stop' | 'start' | 'destroy';

/** Something a person asked of a machine. */
export interface Wish {
  readonly deed: Deed;
  readonly instanceId: string;
  readonly at: number;
  /** Whether it could be written down then. */
  readonly writable: boolean;
  outcome: 'waiting' | 'done' | 'failed' | 'windowDied';
  /** When it came to its outcome. */
  endedAt?: number;
  error?: string;
}

/** New limits, taken without a word of complaint. */
export interface Agreed {
  readonly label: string;
  readonly at: number;
  readonly budget?: Usd;
  readonly leaseEndsAt?: number;
}

export interface Sent {
  readonly label: string;
  readonly provider: Provider;
  readonly at: number;
}

export class Evidence {
  readonly clicks: Click[] = [];
  readonly wishes: Wish[] = [];
  /** New limits that a window took. */
  readonly agreed: Agreed[] = [];
  /** Every create request, in order. */
  readonly creates: Sent[] = [];
  /** What the market made of them, by `provider:id`. */
  readonly made = new Set<string>();
  /** When a journal called the machine of a launch gone. */
  readonly writtenOff: { readonly instanceId: string; readonly at: number }[] = [];
  /** When a machine that had been called gone was shown again. */
  readonly revived: { readonly instanceId: string; readonly at: number }[] = [];
  /** Machines that any answer showed to a window. */
  readonly shown = new Set<string>();
  /** When a container, and with it the guard that it carries, began to run on which machine. */
  readonly started: { readonly instanceId: string; readonly at: number }[] = [];
  readonly terms = new Map<string, GuardTerms | undefined>();
  readonly quotes = new Map<string, UsdPerHour>();
  /** Requests that change an instance which is not ours. */
  readonly foreign: string[] = [];
  /** Promises of the product that nobody caught. */
  readonly uncaught: string[] = [];
  readonly #trace: string[] = [];
  #hash = 0x811c9dc5;
  keepTrace = false;

  /** Adds to the run's fingerprint: the same schedule leaves the same trace. */
  note(at: number, what: string): void {
    const line = `${at} ${what}`;
    for (let index = 0; index < line.length; index++) this.#hash = Math.imul(this.#hash ^ line.charCodeAt(index), 0x01000193);
    if (this.keepTrace) this.#trace.push(line);
  }

  get fingerprint(): string {
    return (this.#hash >>> 0).toString(16);
  }

  get trace(): readonly string[] {
    return this.#trace;
  }
}
