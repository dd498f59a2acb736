import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bestInterval, checkpointPlan, expectedHours, youngHours, type Interruptions } from '../../../../src/estimate/cost/checkpoints.ts';

const minute = 1 / 60;
/** The example of the method: saving takes a minute, interrupted every six hours, ten minutes to come back. */
const example: Interruptions = { meanHoursBetween: 6, checkpointHours: minute, restartHours: 10 * minute };

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const interruptions: fc.Arbitrary<Interruptions> = fc.record({
  meanHoursBetween: positive(0.5, 5000), checkpointHours: positive(0.0005, 0.5), restartHours: positive(0, 1),
});

/** The same game played out: stretches that are repeated, with a restart before each, until they pass. */
function played(workHours: number, interval: number, { meanHoursBetween, checkpointHours, restartHours }: Interruptions, random: () => number): number {
  let hours = 0;
  for (let done = 0; done < workHours - 1e-9; done += interval) {
    for (let ahead = interval + checkpointHours; ;) {
      const failure = -Math.log(1 - random()) * meanHoursBetween;
      if (failure >= ahead) { hours += ahead; break; }
      hours += failure;
      ahead = restartHours + interval + checkpointHours;
    }
  }
  return hours;
}

describe('expected time with interruptions', () => {
  it('is never less than the work and its saves', () => {
    fc.assert(fc.property(positive(0.01, 500), positive(0.01, 20), interruptions, (work, interval, on) => {
      const stretches = work / Math.min(interval, work);
      assert.ok(expectedHours(work, interval, on) >= (work + stretches * on.checkpointHours) * (1 - 1e-12));
    }));
  });

  it('is the work and its saves where nothing ever fails', () => {
    const never = { ...example, meanHoursBetween: Infinity };
    assert.ok(Math.abs(expectedHours(10, 1, never) - (10 + 10 * minute)) < 1e-12);
  });

  it('comes near that as failures get rare', () => {
    assert.ok(Math.abs(expectedHours(10, 1, { ...example, meanHoursBetween: 1e7 }) - (10 + 10 * minute)) < 1e-4);
  });

  it('falls as machines last longer', () => {
    fc.assert(fc.property(positive(0.1, 100), positive(0.1, 5), interruptions, positive(1.01, 5), (work, interval, on, longer) =>
      expectedHours(work, interval, { ...on, meanHoursBetween: on.meanHoursBetween * longer }) < expectedHours(work, interval, on)));
  });

  it('is nothing for no work', () => assert.equal(expectedHours(0, 1, example), 0));

  it('agrees with the game played out, within two percent', () => {
    // A fixed seed: mulberry32.
    let seed = 42;
    const random = (): number => {
      seed = (seed + 0x6d2b79f5) | 0;
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    // The formula lets a restart fail too, and counts one ahead of every stretch: the difference is below R/M.
    const quick = { ...example, restartHours: minute };
    const mean = Array.from({ length: 4000 }, () => played(20, 0.5, quick, random)).reduce((sum, hours) => sum + hours, 0) / 4000;
    const expected = expectedHours(20, 0.5, quick);
    assert.ok(Math.abs(mean / expected - 1) < 0.02, `${mean} against ${expected}`);
  });
});

describe('the best interval', () => {
  it('is the 27 minutes of the example by Young, and half a minute shorter exactly', () => {
    assert.equal(Math.round(youngHours(example) * 60), 27);
    assert.ok(Math.abs(bestInterval(example) * 60 - (youngHours(example) * 60 - 2 / 3)) < 0.05);
  });

  it('costs about ten percent in the example, as first-order arithmetic says', () => {
    const overhead = expectedHours(100, bestInterval(example), example) / 100 - 1;
    assert.ok(overhead > 0.09 && overhead < 0.12, String(overhead));
  });

  it('is where expected time is least', () => {
    fc.assert(fc.property(interruptions, positive(0.2, 5), (on, factor) => {
      const best = bestInterval(on);
      // Much more work than an interval, so that no interval is cut short by the end.
      const work = 1e5 * on.meanHoursBetween;
      assert.ok(expectedHours(work, best, on) <= expectedHours(work, best * factor, on) * (1 + 1e-12));
    }));
  });

  it('solves (1 − x)·e^(x + c) = 1', () => {
    fc.assert(fc.property(interruptions, (on) => {
      const x = bestInterval(on) / on.meanHoursBetween;
      assert.ok(Math.abs((1 - x) * Math.exp(x + on.checkpointHours / on.meanHoursBetween) - 1) < 1e-9);
    }));
  });

  it('comes near Young\'s where saving is quick, and never passes it or the mean', () => {
    fc.assert(fc.property(interruptions, (on) => bestInterval(on) <= Math.min(youngHours(on), on.meanHoursBetween)));
    const quick = { ...example, checkpointHours: 1e-6 };
    assert.ok(Math.abs(bestInterval(quick) / youngHours(quick) - 1) < 0.001);
  });

  it('is one second where saving is free, and for ever where nothing fails', () => {
    assert.ok(Math.abs(bestInterval({ ...example, checkpointHours: 0 }) * 3600 - 1) < 1e-9);
    assert.equal(bestInterval({ ...example, meanHoursBetween: Infinity }), Infinity);
  });
});

describe('a checkpoint plan', () => {
  it('adds up to the expected time', () => {
    fc.assert(fc.property(positive(0.1, 1000), interruptions, (work, on) => {
      const { intervalHours, savingHours, lostHours } = checkpointPlan(work, on);
      assert.ok(lostHours >= 0 && savingHours > 0 && intervalHours <= work);
      const expected = expectedHours(work, intervalHours, on);
      assert.ok(Math.abs(work + savingHours + lostHours - expected) <= 1e-9 * expected);
    }));
  });

  it('saves once, at the end, where the job is shorter than the interval', () => {
    const plan = checkpointPlan(0.1, example);
    assert.equal(plan.intervalHours, 0.1);
    assert.equal(plan.savingHours, minute);
  });

  it('counts the saves of a script that saves more often, and still says what is best', () => {
    const plan = checkpointPlan(10, example, 0.1);
    assert.ok(Math.abs(plan.savingHours - 100 * minute) < 1e-9);
    assert.equal(plan.intervalHours, bestInterval(example));
  });

  it('does not count on a script that saves too rarely', () => {
    assert.deepEqual(checkpointPlan(10, example, 8), checkpointPlan(10, example));
  });

  it('is nothing for no work', () => assert.deepEqual(checkpointPlan(0, example), { intervalHours: 0, savingHours: 0, lostHours: 0 }));
});
