import assert from 'node:assert/strict';
import { checkpointGb, saveTime } from '../../../../src/estimate/cost/saving.ts';
import { without, workload } from '../workloads.ts';

describe('saving a checkpoint', () => {
  it('writes weights and moments of what is trained: 96 GB for a full 8B model', () => {
    assert.ok(Math.abs(checkpointGb(workload({ method: 'full' })) - 96.36) < 0.1);
  });

  it('writes half as much where the optimizer keeps 8 bits', () => {
    assert.equal(checkpointGb(workload({ method: 'full', optimizer: 'adamw-8bit' })) * 2, checkpointGb(workload({ method: 'full' })));
  });

  it('takes what the disk takes', () => {
    const slow = saveTime(workload({ method: 'full' }), { diskMbPerS: 1000 });
    assert.ok(Math.abs(slow.hours * 3600 - 101.4) < 0.2);
    assert.deepEqual(slow.assumptions, []);
    assert.ok(saveTime(workload({ method: 'full' }), { diskMbPerS: 4000 }).hours < slow.hours);
  });

  it('names a disk it does not know, and a model', () => {
    assert.deepEqual(saveTime(workload({ method: 'full' }), {}).assumptions, [{ code: 'checkpointTime', detail: '198 s' }]);
    assert.deepEqual(saveTime(without(workload(), 'model'), { diskMbPerS: 1000 }).assumptions, [{ code: 'checkpointTime', detail: '5 s' }]);
    assert.deepEqual(saveTime(workload(), { diskMbPerS: 0 }).assumptions.length, 1);
  });

  it('takes seconds for an adapter', () => assert.ok(saveTime(workload(), { diskMbPerS: 1000 }).hours * 3600 < 10));
});
