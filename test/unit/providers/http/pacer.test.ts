import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isAbort, isRentError } from '../../../../src/domain/errors.ts';
import type { Pace } from '../../../../src/domain/http.ts';
import { createPacer, type Pacer } from '../../../../src/providers/http/pacer.ts';
import { ManualClock, settled } from './manualClock.ts';

/** Asks for turns at the given offsets and says when each was granted, in the order of asking. */
async function turns(clock: ManualClock, pacer: Pacer, offsets: readonly number[], pace: Pace): Promise<number[]> {
  const start = clock.now();
  const granted: Promise<number>[] = [];
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    await clock.run(start + offset);
    granted.push(pacer.turn(pace).then(() => clock.now() - start));
  }
  await clock.run();
  return Promise.all(granted);
}

const patient = { maxWaitMs: Number.MAX_SAFE_INTEGER };

describe('the pacer', () => {
  it('lets a burst through at once and the rest as early as the window allows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3_000 }),
        async (offsets, burst, perMs) => {
          const clock = new ManualClock();
          const times = await turns(clock, createPacer(clock), offsets, { name: 'a', burst, perMs, ...patient });
          const arrivals = offsets.toSorted((a, b) => a - b);
          const expected: number[] = [];
          for (const [index, arrival] of arrivals.entries()) {
            expected.push(Math.max(arrival, expected[index - 1] ?? 0, (expected[index - burst] ?? -Infinity) + perMs));
          }
          assert.deepEqual(times, expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps order and distance when timers come late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 2, maxLength: 15 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 10 }),
        async (offsets, gapMs, delays) => {
          const clock = new ManualClock();
          let tick = 0;
          clock.late = () => delays[tick++ % delays.length] ?? 0;
          const times = await turns(clock, createPacer(clock), offsets, { name: 'a', gapMs, ...patient });
          for (const [index, time] of times.entries()) {
            const before = times[index - 1];
            assert.ok(before === undefined || time - before >= gapMs, `${before} then ${time}`);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps names apart', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    await pacer.turn({ name: 'a', gapMs: 1_000 });
    await pacer.turn({ name: 'b', gapMs: 1_000 });
    assert.equal(clock.now(), new ManualClock().now());
  });

  it('lets a call with a wider window pass those that wait for a narrow one', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    const narrow: Pace = { name: 'search', burst: 2, perMs: 60_000 };
    const start = clock.now();
    await pacer.turn(narrow);
    await pacer.turn(narrow);
    const waiting = pacer.turn(narrow).then(() => clock.now() - start);
    await settled();
    await pacer.turn({ name: 'search', burst: 3, perMs: 60_000 });
    assert.equal(clock.now() - start, 0);
    await clock.run();
    assert.equal(await waiting, 60_000);
  });

  it('refuses at once what would wait longer than the caller has patience for', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    await pacer.turn({ name: 'a', gapMs: 5_000 });
    await assert.rejects(pacer.turn({ name: 'a', gapMs: 5_000, maxWaitMs: 0 }), (error) => isRentError(error, 'rateLimited') && error.retryAfterMs === 5_000);
    // What was refused has taken no turn.
    const start = clock.now();
    const next = pacer.turn({ name: 'a', gapMs: 5_000 }).then(() => clock.now() - start);
    await clock.run();
    assert.equal(await next, 5_000);
  });

  it('has a minute of patience unless told otherwise', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    pacer.hold({ name: 'a' }, 60_001);
    await assert.rejects(pacer.turn({ name: 'a' }), (error) => isRentError(error, 'rateLimited') && error.retryAfterMs === 60_001);
    pacer.hold({ name: 'b' }, 60_000);
    const start = clock.now();
    const turn = pacer.turn({ name: 'b' });
    await clock.run();
    await turn;
    assert.equal(clock.now() - start, 60_000);
  });

  it('holds back those who already wait, in their order', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    const start = clock.now();
    const order: string[] = [];
    await pacer.turn({ name: 'a', gapMs: 1_000 });
    const all = ['first', 'second', 'third'].map((who) => pacer.turn({ name: 'a', gapMs: 1_000 }).then(() => order.push(`${who} ${clock.now() - start}`)));
    await clock.run(start + 500);
    pacer.hold({ name: 'a' }, 10_000);
    await clock.run();
    await Promise.all(all);
    assert.deepEqual(order, ['first 10500', 'second 11500', 'third 12500']);
  });

  it('lets a shorter hold never shorten a longer one', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    const start = clock.now();
    pacer.hold({ name: 'a' }, 8_000);
    pacer.hold({ name: 'a' }, 1_000);
    const turn = pacer.turn({ name: 'a' });
    await clock.run();
    await turn;
    assert.equal(clock.now() - start, 8_000);
  });

  it('gives the turn of a cancelled call to the next', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    const start = clock.now();
    const cancel = new AbortController();
    await pacer.turn({ name: 'a', gapMs: 1_000 });
    const gone = assert.rejects(pacer.turn({ name: 'a', gapMs: 1_000 }, cancel.signal), isAbort);
    await settled();
    cancel.abort(new Error('whatever reason'));
    await gone;
    const next = pacer.turn({ name: 'a', gapMs: 1_000 }).then(() => clock.now() - start);
    await clock.run();
    assert.equal(await next, 1_000);
    await assert.rejects(pacer.turn({ name: 'a' }, cancel.signal), isAbort);
  });

  it('does not wait for hours when the clock is set back', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    await pacer.turn({ name: 'a', gapMs: 1_000 });
    pacer.hold({ name: 'b' }, 2_000);
    const earlier = clock.now() - 3_600_000;
    clock.set(earlier);
    const turns = [pacer.turn({ name: 'a', gapMs: 1_000 }), pacer.turn({ name: 'b' })];
    await clock.run();
    await Promise.all(turns);
    assert.equal(clock.now() - earlier, 2_000);
  });

  it('keeps a call to its own limit and to every wider one, at the moment when it goes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.boolean()), { minLength: 1, maxLength: 14 }), async (asked) => {
        const clock = new ManualClock();
        const pacer = createPacer(clock);
        const start = clock.now();
        const wide = { name: 'all', gapMs: 1_000, ...patient };
        const narrow = { name: 'launch', gapMs: 12_000, within: wide, ...patient };
        const went: { at: number; launch: boolean }[] = [];
        const granted: Promise<unknown>[] = [];
        for (const [offset, launch] of asked.toSorted(([a], [b]) => a - b)) {
          await clock.run(start + offset);
          granted.push(pacer.turn(launch ? narrow : wide).then(() => went.push({ at: clock.now(), launch })));
        }
        await clock.run();
        await Promise.all(granted);
        const apart = (times: readonly number[], gap: number): boolean => times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) >= gap);
        assert.equal(went.length, asked.length);
        assert.ok(apart(went.map(({ at }) => at), 1_000), 'one of any kind a second');
        assert.ok(apart(went.filter(({ launch }) => launch).map(({ at }) => at), 12_000), 'one launch in twelve');
      }),
      { numRuns: 60 },
    );
  });

  it('holds back the wider limit as well when a call of a narrow one was refused', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    const start = clock.now();
    pacer.hold({ name: 'launch', within: { name: 'all' } }, 3_000);
    const turn = pacer.turn({ name: 'all' });
    await clock.run();
    await turn;
    assert.equal(clock.now() - start, 3_000);
  });
});
