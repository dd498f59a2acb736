/**
 * Finishing a job, played through hour by hour with dice: a machine is tried until one can be worked on, the data is
 * moved, work goes on from save to save, and whatever is not saved when an interruption comes is done again. It shares
 * with the code under test what is known of an offer, and none of its formulas.
 */
import type { HostRecord } from '../../../../src/domain/hostMemory.ts';
import type { Job } from '../../../../src/domain/job.ts';
import { toDollars } from '../../../../src/domain/money.ts';
import { allIn, type Offer } from '../../../../src/domain/offer.ts';
import { deadStartHours, planOf } from '../../../../src/estimate/advice/finishCost.ts';
import { prospectsOf } from '../../../../src/estimate/advice/prospects.ts';

/** Mulberry32: the same seed throws the same dice on every machine. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The mean of what finishing cost in dollars; infinite where it was not finished within `mostHours` each time. */
export function simulatedCost(offer: Offer, job: Job, record: HostRecord | undefined, random: () => number, trials: number, mostHours = 3000): number {
  const rate = toDollars(allIn(offer));
  const prospects = prospectsOf(offer, record);
  const { startHours, moveHours, restartHours, checkpointHours, intervalHours, meanHoursBetween: mean, trafficUsd } = planOf(offer, job, prospects);
  const traffic = toDollars(trafficUsd);
  const untilNext = (): number => -mean * Math.log(1 - random());
  let total = 0;
  for (let trial = 0; trial < trials; trial++) {
    let hours = startHours + moveHours;
    let dollars = traffic;
    while (random() >= prospects.startChance) hours += deadStartHours;
    let next = untilNext();
    let done = 0;
    while (job.hours - done > 1e-9) {
      const stretch = Math.min(intervalHours, job.hours - done);
      const last = job.hours - done - stretch <= 1e-9;
      const wanted = stretch + (last ? 0 : checkpointHours);
      if (next >= wanted) {
        next -= wanted;
        hours += wanted;
        done += stretch;
        continue;
      }
      hours += next;
      for (let back = false; !back;) {
        dollars += traffic;
        next = untilNext();
        back = next >= restartHours;
        hours += back ? restartHours : next;
        next -= restartHours;
        if (hours > mostHours) return Infinity;
      }
    }
    const endsAt = offer.details.availableUntil;
    if (endsAt !== undefined && offer.readAt + hours * 3_600_000 > endsAt) return Infinity;
    total += hours * rate + dollars;
  }
  return total / trials;
}
