import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../host/lock.ts';
import { cache } from '../../host/paths.ts';

describe('a lock between processes', () => {
  const name = `test-${process.pid}`;
  const path = join(cache, `${name}.lock`);

  it('lets one in at a time and is gone afterwards, also after a failure', async () => {
    let inside = 0;
    const order: string[] = [];
    const work = (label: string, fail: boolean) => async (): Promise<void> => {
      inside += 1;
      assert.equal(inside, 1);
      order.push(label);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      if (fail) throw new Error(label);
    };
    const results = await Promise.allSettled([withLock(name, work('a', true)), withLock(name, work('b', false)), withLock(name, work('c', false))]);
    assert.deepEqual(results.map(({ status }) => status), ['rejected', 'fulfilled', 'fulfilled']);
    assert.equal(order.length, 3);
    assert.ok(!existsSync(path));
  });

  it('takes over from a process that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(path, String(pid));
    assert.equal(await withLock(name, async () => 'mine'), 'mine');
  });
});
