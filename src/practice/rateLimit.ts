// Rate limits, in real time: a fast market clock must not open the door wider.

export interface Verdict {
  readonly allowed: boolean;
  /** Real milliseconds after which the next call is allowed. */
  readonly retryAfterMs: number;
}

export interface IntervalLimiter {
  /** At most one call per interval and key; a refused call may cost a penalty. */
  call(key: string, intervalMs: number, penaltyMs?: number): Verdict;
}

export function createIntervalLimiter(realNow: () => number = () => performance.now()): IntervalLimiter {
  const openAt = new Map<string, number>();
  return {
    call(key, intervalMs, penaltyMs = 0) {
      const now = realNow();
      const opens = openAt.get(key) ?? now;
      if (opens <= now) {
        openAt.set(key, now + intervalMs);
        return { allowed: true, retryAfterMs: 0 };
      }
      const next = Math.max(opens, penaltyMs > 0 ? now + penaltyMs : opens);
      openAt.set(key, next);
      return { allowed: false, retryAfterMs: next - now };
    },
  };
}

export interface WindowState extends Verdict {
  readonly remaining: number;
  readonly resetMs: number;
}

export interface WindowLimiter {
  readonly limit: number;
  readonly windowMs: number;
  call(key: string): WindowState;
  /** Without counting a call. */
  peek(key: string): WindowState;
}

/** `limit` calls per key in any stretch of windowMs. */
export function createWindowLimiter(limit: number, windowMs: number, realNow: () => number = () => performance.now()): WindowLimiter {
  const calls = new Map<string, number[]>();

  function state(key: string, counted: boolean): WindowState {
    const now = realNow();
    const recent = (calls.get(key) ?? []).filter((time) => time > now - windowMs);
    const allowed = recent.length < limit;
    if (counted && allowed) recent.push(now);
    calls.set(key, recent);
    const oldest = recent[0];
    const resetMs = oldest === undefined ? windowMs : Math.max(0, oldest + windowMs - now);
    return { allowed, remaining: limit - recent.length, resetMs, retryAfterMs: allowed ? 0 : resetMs };
  }

  return { limit, windowMs, call: (key) => state(key, true), peek: (key) => state(key, false) };
}
