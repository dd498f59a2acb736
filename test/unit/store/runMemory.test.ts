import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRunMemory } from '../../../src/store/runMemory.ts';
import { alias, ended, record, runSeen } from '../ui/support/runs.ts';

function bench(text?: string) {
  const notes = new Map<string, string>(text === undefined ? [] : [[`runs ${alias}`, text]]);
  return { notes, memory: createRunMemory({ note: (name) => notes.get(name), setNote: (name, value) => void notes.set(name, value) }) };
}

describe('the memory of runs', () => {
  it('keeps what was last known of each, newest first', () => {
    const { memory } = bench();
    for (const id of ['r0abc-00002', 'r0abc-00003', 'r0abc-00001']) memory.keep(record(runSeen({ id })));
    memory.keep(record(ended({ id: 'r0abc-00002', exitCode: 3 }), { step: 5 }));
    assert.deepEqual(memory.of(alias).map(({ run }) => [run.id, run.state]), [['r0abc-00003', 'running'], ['r0abc-00002', 'ended'], ['r0abc-00001', 'running']]);
    assert.deepEqual([memory.of(alias)[1]?.run.exitCode, memory.of(alias)[1]?.progress.step, memory.of('other')], [3, 5, []]);
  });

  it('keeps the last words of what has ended, and no more than is worth keeping', () => {
    const { memory, notes } = bench();
    memory.keep(record(runSeen({ tail: 'going on' })));
    assert.equal(memory.of(alias)[0]?.run.tail, '');
    memory.keep(record(ended({ tail: `${'x'.repeat(9000)}accuracy 0.93` })));
    assert.match(memory.of(alias)[0]?.run.tail ?? '', /^x{1,2000}accuracy 0\.93$/);
    assert.ok((notes.get(`runs ${alias}`) ?? '').length < 3000);
    for (let n = 0; n < 70; n++) memory.keep(record(ended({ id: `r0bcd-1${String(n).padStart(4, '0')}` })));
    assert.deepEqual([memory.of(alias).length, memory.of(alias)[0]?.run.id], [50, 'r0bcd-10069']);
  });

  it('leaves out what another version wrote, whatever that is', () => {
    assert.deepEqual(bench('[{"launchId":"a"},null,5]').memory.of(alias), []);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.ok(Array.isArray(bench(text).memory.of(alias)))));
  });
});
