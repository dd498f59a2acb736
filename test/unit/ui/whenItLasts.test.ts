import assert from 'node:assert/strict';
import { whenItLasts } from '../../../src/ui/whenItLasts.ts';

describe('progress of what may be over at once', () => {
  const never = 2 ** 31 - 1;

  it('is not shown for what is over before the grace', async () => {
    let shown = 0;
    assert.equal(await whenItLasts(Promise.resolve('done'), () => shown++, never), 'done');
    await assert.rejects(whenItLasts(Promise.reject(new Error('boom')), () => shown++, never), /boom/);
    assert.equal(shown, 0);
  });

  it('is shown once for what goes on, which gives its result all the same', async () => {
    let shown = 0;
    const { promise: running, resolve } = Promise.withResolvers<string>();
    const seen = Promise.withResolvers<undefined>();
    const waiting = whenItLasts(running, () => {
      shown++;
      seen.resolve(undefined);
    }, 0);
    await seen.promise;
    resolve('done');
    assert.equal(await waiting, 'done');
    assert.equal(shown, 1);
  });

  it('is not shown any more once it is over', async () => {
    let shown = 0;
    await whenItLasts(Promise.resolve(), () => shown++, 1);
    // Timers of one length fire in the order they were set.
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(shown, 0);
  });
});
