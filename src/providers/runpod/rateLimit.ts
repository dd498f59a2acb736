import type { Answer } from '../../domain/http.ts';

/**
 * How long a refused caller must wait, in milliseconds. `Retry-After` speaks of the window that was
 * exceeded; another of the three windows may be empty as well and last longer.
 */
export function retryAfterMs(answer: Answer): number | undefined {
  const waits = [...emptyWindows(answer.headers['ratelimit'] ?? '')];
  const named = answer.headers['retry-after'];
  if (named !== undefined && /^\d+$/.test(named.trim())) waits.push(Number(named));
  return waits.length === 0 ? undefined : Math.max(...waits) * 1000;
}

/** Seconds until each window with nothing left resets: `"minute";r=0;t=12, "hour";r=2800;t=1812`. */
function* emptyWindows(header: string): Generator<number> {
  for (const window of header.split(',')) {
    const values = new Map([...window.matchAll(/;\s*([rt])\s*=\s*(\d+)/g)].map(([, name, value]) => [name, Number(value)]));
    const resets = values.get('t');
    if (values.get('r') === 0 && resets !== undefined) yield resets;
  }
}
