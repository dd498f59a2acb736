import assert from 'node:assert/strict';
import fc from 'fast-check';
import { atMost, inParts } from '../../host/parts.ts';

const names = fc.uniqueArray(fc.stringMatching(/^[a-c]\/[a-d]{1,3}\.test\.ts$/), { maxLength: 40 });

describe('the parts of a suite', () => {
  it('hold every file once', () => {
    fc.assert(fc.property(names, fc.subarray(['a', 'b', 'c/d.test.ts', 'nowhere']), fc.integer({ min: 1, max: 6 }), (files, first, pieces) => {
      const parts = inParts(files, first, pieces);
      assert.deepEqual(parts.flatMap((part) => part.files).toSorted(), files.toSorted());
      assert.ok(parts.every((part) => part.files.length > 0) && parts.length <= first.length + pieces);
    }));
  });

  it('begin with what was named, and a name is no beginning of another', () => {
    const parts = inParts(['ssh/a.test.ts', 'sshd/b.test.ts', 'c.test.ts'], ['c.test.ts', 'ssh'], 1);
    assert.deepEqual(parts.map(({ files }) => files), [['c.test.ts'], ['ssh/a.test.ts'], ['sshd/b.test.ts']]);
    assert.deepEqual(parts.map(({ name }) => name), ['c.test.ts', 'ssh', 'sshd … sshd']);
  });
});

describe('work on many things', () => {
  it('is done on so many at a time, in order, and answered in order', async () => {
    let [running, most] = [0, 0];
    const begun: number[] = [];
    const results = await atMost(3, [5, 1, 4, 2, 3, 0], async (turns) => {
      begun.push(turns);
      most = Math.max(most, ++running);
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
      running--;
      return turns * 10;
    });
    assert.deepEqual([results, begun, most], [[50, 10, 40, 20, 30, 0], [5, 1, 4, 2, 3, 0], 3]);
  });

  it('fails when one fails', async () => {
    await assert.rejects(atMost(2, [1, 2, 3], (one) => (one === 2 ? Promise.reject(new Error('two')) : Promise.resolve(one))), /two/);
  });
});
