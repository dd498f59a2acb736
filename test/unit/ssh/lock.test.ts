import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { withLock } from '../../../src/ssh/lock.ts';
import { tempFolder } from './support/tools.ts';

describe('the lock file', () => {
  const temp = tempFolder();
  const place = () => {
    const path = temp('lock');
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };

  it('lets one in at a time', async () => {
    const path = place();
    let inside = 0;
    let most = 0;
    const turns = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        withLock(path, async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
          return n;
        }),
      ),
    );
    assert.deepEqual([most, turns.toSorted()], [1, [0, 1, 2, 3, 4, 5, 6, 7]]);
    assert.deepEqual(readdirSync(dirname(path)), []);
  });

  it('is free again after an error', async () => {
    const path = place();
    await assert.rejects(withLock(path, () => Promise.reject(new Error('inside'))), /inside/);
    assert.equal(await withLock(path, () => Promise.resolve('next')), 'next');
  });

  it('takes over from a process that died holding it', async () => {
    const path = place();
    writeFileSync(path, 'somebody');
    const longAgo = Date.now() / 1000 - 60;
    utimesSync(path, longAgo, longAgo);
    assert.equal(await withLock(path, () => Promise.resolve('taken')), 'taken');
    assert.deepEqual(readdirSync(dirname(path)), []);
  });

  it('waits for one that is alive, though it has been held for a while', async () => {
    const [path, other] = [place(), place()];
    const order: string[] = [];
    let waiter: Promise<unknown> = Promise.resolve();
    await withLock(path, async () => {
      const aWhileAgo = Date.now() / 1000 - 5;
      utimesSync(path, aWhileAgo, aWhileAgo);
      waiter = withLock(path, () => Promise.resolve(order.push('waiter in')));
      // Contended turns elsewhere last long enough for the waiter to have tried many times.
      await Promise.all(Array.from({ length: 12 }, () => withLock(other, () => Promise.resolve())));
      order.push('holder out');
    });
    await waiter;
    assert.deepEqual(order, ['holder out', 'waiter in']);
  });

  it('is not freed by a holder that slept through its time', async () => {
    const path = place();
    await withLock(path, () => Promise.resolve(writeFileSync(path, 'successor')));
    assert.equal(readFileSync(path, 'utf8'), 'successor');
  });

  it('says at once when its folder cannot be written', async () => {
    await assert.rejects(withLock(`${temp('nowhere')}/deeper/lock`, () => Promise.resolve()), { code: 'ENOENT' });
  });
});
