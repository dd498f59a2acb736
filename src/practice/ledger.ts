// What every instance has cost, exactly. A charge is never added up over time:
// the ledger keeps which rate held from when to when, and an amount is a pure
// function of those stretches. Asking often, late or never changes no cent.
import type { Provider } from './faults.ts';

export type ChargeKind = 'gpu' | 'cpu' | 'disk' | 'traffic-in' | 'traffic-out';

export interface ChargeLine {
  readonly kind: ChargeKind;
  readonly usdPerHour: number;
}

/** One rate of one instance from `from` until `to` (null: still running). */
export interface Stretch {
  readonly kind: ChargeKind;
  readonly nanoUsdPerHour: bigint;
  readonly from: number;
  readonly to: number | null;
}

/** Something paid once, such as traffic. */
export interface OneOff {
  readonly kind: ChargeKind;
  readonly at: number;
  readonly nanoUsd: bigint;
  readonly description: string;
}

export interface Bill {
  readonly provider: Provider;
  readonly id: string;
  readonly stretches: readonly Stretch[];
  readonly oneOffs: readonly OneOff[];
}

// Amounts are summed as nano-dollars x milliseconds / hour, which is always
// whole; only an answer is rounded down to micro-dollars.
const hourMs = 3_600_000n;
const nanoPerMicro = 1000n;

interface Book extends Bill {
  stretches: Stretch[];
  oneOffs: OneOff[];
  closed: bigint;
}

export interface Ledger {
  /** Replaces the rates of an instance from a time on; [] ends all of them. */
  setLines(provider: Provider, id: string, lines: readonly ChargeLine[], at: number): void;
  chargeOnce(provider: Provider, id: string, kind: ChargeKind, usd: number, at: number, description: string): void;
  chargedMicros(provider: Provider, id: string, until: number): number;
  /** The part of a bill that fell into from..to, in micro-dollars. */
  amountMicros(bill: Bill, from: number, to: number, kind?: ChargeKind): number;
  bill(provider: Provider, id: string): Bill | undefined;
  bills(provider: Provider): readonly Bill[];
  creditMicros(provider: Provider, at: number): number;
  deposits(provider: Provider): readonly { readonly at: number; readonly micros: number }[];
  addCredit(provider: Provider, usd: number, at: number): void;
  /** What is being charged now, in dollars per hour. */
  burnUsdPerHour(provider: Provider): number;
  /** When the credit ends at the present burn, or null when it does not; an account without any pays afterwards. */
  emptyAt(provider: Provider, now: number): number | null;
}

export function createLedger(): Ledger {
  const books = new Map<string, Book>();
  const paidIn = new Map<Provider, { at: number; micros: number }[]>();

  const ofProvider = (provider: Provider) => [...books.values()].filter((book) => book.provider === provider);

  function open(provider: Provider, id: string): Book {
    const key = `${provider}:${id}`;
    const book = books.get(key) ?? { provider, id, stretches: [], oneOffs: [], closed: 0n };
    books.set(key, book);
    return book;
  }

  function exact(book: Book, until: number): bigint {
    let sum = book.closed;
    for (const stretch of book.stretches)
      if (stretch.to === null && until > stretch.from) sum += stretch.nanoUsdPerHour * BigInt(until - stretch.from);
    return sum;
  }

  function creditExact(provider: Provider, at: number): bigint {
    let left = 0n;
    for (const deposit of paidIn.get(provider) ?? []) left += BigInt(deposit.micros) * nanoPerMicro * hourMs;
    for (const book of ofProvider(provider)) left -= exact(book, at);
    return left;
  }

  function burnNano(provider: Provider): bigint {
    let sum = 0n;
    for (const book of ofProvider(provider)) for (const stretch of book.stretches) if (stretch.to === null) sum += stretch.nanoUsdPerHour;
    return sum;
  }

  return {
    setLines(provider, id, lines, at) {
      const book = open(provider, id);
      book.stretches = book.stretches.map((stretch) => {
        if (stretch.to !== null) return stretch;
        const to = Math.max(at, stretch.from);
        book.closed += stretch.nanoUsdPerHour * BigInt(to - stretch.from);
        return { ...stretch, to };
      });
      for (const line of lines) {
        if (line.usdPerHour === 0) continue;
        book.stretches.push({ kind: line.kind, nanoUsdPerHour: toNano(line.usdPerHour), from: at, to: null });
      }
    },
    chargeOnce(provider, id, kind, usd, at, description) {
      const book = open(provider, id);
      const nanoUsd = toNano(usd);
      book.oneOffs.push({ kind, at, nanoUsd, description });
      book.closed += nanoUsd * hourMs;
    },
    chargedMicros(provider, id, until) {
      const book = books.get(`${provider}:${id}`);
      return book === undefined ? 0 : toMicros(exact(book, until));
    },
    amountMicros(bill, from, to, kind) {
      let sum = 0n;
      for (const stretch of bill.stretches) {
        const length = Math.min(stretch.to ?? to, to) - Math.max(stretch.from, from);
        if (length > 0 && (kind === undefined || stretch.kind === kind)) sum += stretch.nanoUsdPerHour * BigInt(length);
      }
      for (const once of bill.oneOffs) {
        if (once.at >= from && once.at < to && (kind === undefined || once.kind === kind)) sum += once.nanoUsd * hourMs;
      }
      return toMicros(sum);
    },
    bill: (provider, id) => books.get(`${provider}:${id}`),
    bills: ofProvider,
    creditMicros: (provider, at) => toMicros(creditExact(provider, at)),
    deposits: (provider) => paidIn.get(provider) ?? [],
    addCredit(provider, usd, at) {
      const deposits = paidIn.get(provider) ?? [];
      deposits.push({ at, micros: Math.round(usd * 1e6) });
      paidIn.set(provider, deposits);
    },
    burnUsdPerHour: (provider) => Number(burnNano(provider)) / 1e9,
    emptyAt(provider, now) {
      const burn = burnNano(provider);
      if (burn <= 0n || !paidIn.has(provider)) return null;
      const left = creditExact(provider, now);
      return left <= 0n ? now : now + Number((left + burn - 1n) / burn);
    },
  };
}

function toNano(usd: number): bigint {
  if (!Number.isFinite(usd) || usd < 0) throw new RangeError(`not a charge: ${usd}`);
  return BigInt(Math.round(usd * 1e9));
}

/** Rounds towards minus infinity, so that a spent credit never reads as zero. */
function toMicros(exact: bigint): number {
  const unit = hourMs * nanoPerMicro;
  const whole = exact / unit;
  return Number(exact % unit < 0n ? whole - 1n : whole);
}
