/**
 * Keeps calls of one name apart, before the provider has to refuse them. A turn is a moment that is
 * booked at once and waited for, so turns come in the order in which they were asked for.
 */
import { RentError } from '../../domain/errors.ts';
import type { Pace } from '../../domain/http.ts';
import type { Clock } from '../../domain/ports.ts';
import { longestWaitMs } from './retry.ts';

export interface Pacer {
  /** Resolves when the call may go, by its own limit and by those that it counts against as well. Throws `rateLimited` at once when that is too far off. */
  turn(pace: Pace, signal?: AbortSignal): Promise<void>;
  /** The provider refused such a call: nobody sends another before the wait is over. */
  hold(pace: Pick<Pace, 'name' | 'within'>, waitMs: number): void;
}

interface Lane {
  /** When calls went, oldest first. */
  taken: number[];
  /** Calls that wait, and when they will go. */
  readonly booked: Set<Booking>;
  nextTicket: number;
  heldFrom: number;
  heldMs: number;
}

interface Booking {
  readonly ticket: number;
  at: number;
}

/** A call's place in the lane of one of its limits. */
interface Place {
  readonly limit: Pace;
  readonly lane: Lane;
  readonly booking: Booking;
}

export function createPacer(clock: Clock): Pacer {
  const lanes = new Map<string, Lane>();

  function laneOf(name: string): Lane {
    const known = lanes.get(name);
    if (known) return known;
    const lane: Lane = { taken: [], booked: new Set(), nextTicket: 0, heldFrom: 0, heldMs: 0 };
    lanes.set(name, lane);
    return lane;
  }

  const pacer: Pacer = {
    async turn(pace, signal) {
      const places = limitsOf(pace).map((limit): Place => {
        const lane = laneOf(limit.name);
        return { limit, lane, booking: { ticket: lane.nextTicket++, at: 0 } };
      });
      try {
        // Timers come late and holds come in between, so whoever wakes looks again.
        for (;;) {
          if (signal?.aborted) throw aborted();
          const now = clock.now();
          const at = Math.max(...places.map((place) => earliest(place, now)));
          const waitMs = at - now;
          if (waitMs <= 0) {
            for (const { lane } of places) lane.taken.push(now);
            return;
          }
          if (waitMs > (pace.maxWaitMs ?? longestWaitMs)) throw new RentError('rateLimited', { retryAfterMs: waitMs });
          for (const { lane, booking } of places) {
            booking.at = at;
            lane.booked.add(booking);
          }
          await clock.sleep(waitMs, signal);
        }
      } finally {
        for (const { lane, booking } of places) lane.booked.delete(booking);
      }
    },
    hold({ name, within }, waitMs) {
      if (within !== undefined) pacer.hold(within, waitMs);
      const lane = laneOf(name);
      const now = clock.now();
      rewind(lane, now);
      if (now + waitMs <= heldUntil(lane)) return;
      lane.heldFrom = now;
      lane.heldMs = waitMs;
    },
  };
  return pacer;
}

export const aborted = (): DOMException => new DOMException('The call was cancelled.', 'AbortError');

/** A pace, and the wider ones around it. */
const limitsOf = (pace: Pace): Pace[] => [pace, ...(pace.within === undefined ? [] : limitsOf(pace.within))];

interface Rule {
  readonly burst: number;
  readonly perMs: number;
}

function rulesOf(pace: Pace): Rule[] {
  const rules: Rule[] = [];
  if (pace.gapMs !== undefined) rules.push({ burst: 1, perMs: pace.gapMs });
  if (pace.burst !== undefined && pace.perMs !== undefined) rules.push({ burst: pace.burst, perMs: pace.perMs });
  return rules;
}

const heldUntil = (lane: Lane): number => lane.heldFrom + lane.heldMs;

/** A clock that was set back must not make the past look like a long future. */
function rewind(lane: Lane, now: number): void {
  lane.taken = lane.taken.map((at) => Math.min(at, now));
  lane.heldFrom = Math.min(lane.heldFrom, now);
}

/** Calls of one name may bring different windows, so a little more is kept than this one needs. */
function forget(lane: Lane, now: number, pace: Pace): void {
  const keepMs = Math.max(longestWaitMs * 2, ...rulesOf(pace).map((rule) => rule.perMs));
  lane.taken = lane.taken.filter((at) => at > now - keepMs);
}

/** Only those who came before count: those who came after will look for themselves. */
function earliest({ limit, lane, booking: { ticket } }: Place, now: number): number {
  rewind(lane, now);
  forget(lane, now, limit);
  const booked = [...lane.booked].filter((other) => other.ticket < ticket).map((other) => Math.max(other.at, now));
  const others = [...lane.taken, ...booked];
  const start = Math.max(now, heldUntil(lane));
  const rules = rulesOf(limit);
  const isFree = (at: number): boolean => rules.every((rule) => fits(at, others, rule));
  if (isFree(start)) return start;
  const candidates = rules.flatMap((rule) => others.map((at) => at + rule.perMs)).filter((at) => at >= start);
  return candidates.toSorted((a, b) => a - b).find(isFree) ?? start;
}

/** No stretch of `perMs` around `at` holds more than `burst` calls, `at` included. */
function fits(at: number, others: readonly number[], rule: Rule): boolean {
  const near = [...others.filter((other) => Math.abs(other - at) < rule.perMs), at].toSorted((a, b) => a - b);
  return near.every((from, index) => {
    const end = near[index + rule.burst];
    return end === undefined || end - from >= rule.perMs;
  });
}
