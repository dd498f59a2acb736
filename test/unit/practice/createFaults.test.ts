import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createWithFaults, listWithFaults } from '../../../src/practice/createFaults.ts';
import { createFaults } from '../../../src/practice/faults.ts';
import { createRandom } from '../../../src/practice/random.ts';

const run = async (fault?: string) => {
  const faults = createFaults(createRandom(1), fault === undefined ? {} : { [fault]: 1 });
  const made: boolean[] = [];
  const answer = await createWithFaults(faults, 'runpod', {
    make(phantom) {
      made.push(phantom);
      return { status: 201 };
    },
    failed: () => ({ status: 500 }),
  });
  return { answer, made };
};

describe('the ways a create goes wrong', () => {
  it('does the work once and answers, when nothing does', async () => {
    assert.deepEqual(await run(), { answer: { status: 201 }, made: [false] });
  });

  it('drops before, drops after, fails after, or makes nothing', async () => {
    assert.deepEqual(await run('create-timeout-before'), { answer: { status: 0, drop: true }, made: [] });
    assert.deepEqual(await run('create-timeout-after'), { answer: { status: 0, drop: true }, made: [false] });
    assert.deepEqual(await run('create-500-after'), { answer: { status: 500 }, made: [false] });
    assert.deepEqual(await run('phantom-create'), { answer: { status: 201 }, made: [true] });
  });

  it('shows a list empty, or without its second half', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (rows) => {
        const faults = createFaults(createRandom(1));
        assert.deepEqual(listWithFaults(faults, 'vast', rows), rows);
        faults.force('list-truncated');
        const cut = listWithFaults(faults, 'vast', rows);
        assert.deepEqual(cut, rows.slice(0, cut.length));
        assert.ok(rows.length === 0 || cut.length < rows.length);
        faults.force('list-empty');
        assert.deepEqual(listWithFaults(faults, 'vast', rows), []);
      }),
    );
  });
});
