import assert from 'node:assert/strict';
import { orAbort, within } from '../../../src/ssh/within.ts';
import { createTestClock } from './support/testClock.ts';

describe('work that must end in time', () => {
  const setUp = () => {
    const clock = createTestClock();
    const caller = new AbortController();
    const limit = { clock, ms: 20_000, signal: caller.signal, expired: () => new Error('too late') };
    /** Ends only by its signal, as a socket that says nothing. */
    const silent = (signal: AbortSignal) =>
      new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut off'))));
    return { clock, caller, limit, silent };
  };

  it('gives its result and leaves no timer', async () => {
    const { clock, limit } = setUp();
    const work = within(limit, () => Promise.resolve('done'));
    assert.deepEqual(clock.pending, [20_000]);
    assert.equal(await work, 'done');
    assert.deepEqual(clock.pending, []);
  });

  it('passes on its error and leaves no timer', async () => {
    const { clock, limit } = setUp();
    await assert.rejects(within(limit, () => Promise.reject(new Error('broken'))), /broken/);
    assert.deepEqual(clock.pending, []);
  });

  it('is cut off when the time is over, and not a moment before', async () => {
    const { clock, limit, silent } = setUp();
    let over = false;
    const work = within(limit, silent).finally(() => (over = true));
    clock.advance(19_999);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(over, false);
    clock.advance(1);
    await assert.rejects(work, /too late/);
  });

  it('is cut off by the caller, with the caller\'s reason', async () => {
    const { clock, caller, limit, silent } = setUp();
    const work = within(limit, silent);
    caller.abort();
    await assert.rejects(work, { name: 'AbortError' });
    assert.deepEqual(clock.pending, []);
    let ran = false;
    await assert.rejects(within(limit, () => Promise.resolve((ran = true))), { name: 'AbortError' });
    assert.equal(ran, false);
  });

  it('ends with the outer limit when one stands in another', async () => {
    const { clock, limit, silent } = setUp();
    const outer = { ...limit, ms: 10_000, expired: () => new Error('outer') };
    const work = within(outer, (signal) => within({ ...limit, signal }, silent));
    clock.advance(10_000);
    await assert.rejects(work, /outer/);
    assert.deepEqual(clock.pending, []);
  });

  it('stops waiting for what cannot be cut off', async () => {
    const caller = new AbortController();
    assert.equal(await orAbort(Promise.resolve('in time'), caller.signal), 'in time');
    await assert.rejects(orAbort(Promise.reject(new Error('own')), caller.signal), /own/);
    const never = orAbort(new Promise(() => undefined), caller.signal);
    caller.abort();
    await assert.rejects(never, { name: 'AbortError' });
    await assert.rejects(orAbort(Promise.resolve('late'), caller.signal), { name: 'AbortError' });
  });
});
