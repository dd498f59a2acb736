import assert from 'node:assert/strict';
import { isAbort } from '../../../src/domain/errors.ts';
import { systemClock } from '../../../src/services/clock.ts';

describe("the system's clock", () => {
  it('tells whole milliseconds: the store takes nothing else', () => {
    for (let look = 0; look < 50; look++) {
      assert.ok(Number.isInteger(systemClock.now()));
      assert.ok(Number.isInteger(systemClock.elapsed()));
    }
  });

  it('never goes back in what has elapsed', () => {
    let last = systemClock.elapsed();
    for (let look = 0; look < 1000; look++) {
      const next = systemClock.elapsed();
      assert.ok(next >= last);
      last = next;
    }
  });

  it('wakes a sleeper that is called off, also before it sleeps', async () => {
    await assert.rejects(systemClock.sleep(1e6, AbortSignal.abort()), isAbort);
    const cancel = new AbortController();
    const sleeping = systemClock.sleep(1e12, cancel.signal);
    cancel.abort(new Error('any reason'));
    await assert.rejects(sleeping, isAbort);
  });
});
