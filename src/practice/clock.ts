// Market time. Billing, prices and instance transitions run on it; HTTP rate
// limits do not (a provider's front door counts real seconds).

export interface MarketClock {
  readonly startedAt: number;
  readonly rate: number;
  /** Market time, milliseconds since the epoch, always an integer. */
  now(): number;
  /** Real milliseconds until a market time; 0 when it has passed. */
  realMsUntil(time: number): number;
  /** Jumps market time ahead, for tests that do not want to wait. */
  advance(ms: number): void;
  /** Called after every jump, so that waiting timers are set anew. */
  onJump(listener: () => void): void;
}

export interface ClockOptions {
  readonly rate?: number;
  readonly startAt?: number;
  /** A monotonic source of real milliseconds. */
  readonly realNow?: () => number;
}

export function createClock(options: ClockOptions = {}): MarketClock {
  const rate = options.rate ?? 1;
  if (!(rate > 0) || !Number.isFinite(rate)) throw new RangeError(`clock rate must be above 0, got ${rate}`);
  const startedAt = Math.floor(options.startAt ?? Date.now());
  // Not Date.now(): a wall clock that is set back must not refund anybody.
  const realNow = options.realNow ?? (() => performance.now());
  const realStart = realNow();
  const listeners: (() => void)[] = [];
  let jumped = 0;

  const now = () => startedAt + Math.floor((realNow() - realStart) * rate) + jumped;
  return {
    startedAt,
    rate,
    now,
    realMsUntil: (time) => Math.max(0, (time - now()) / rate),
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError('market time only goes forward');
      jumped += Math.round(ms);
      for (const listener of listeners) listener();
    },
    onJump: (listener) => void listeners.push(listener),
  };
}
