import assert from 'node:assert/strict';
import { documentKey, mergeRuns, publishedRuns, without } from '../../../../src/estimate/evidence.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import { workload } from '../workloads.ts';

const run = (id: string, change: Partial<Run> = {}): Run =>
  ({ id, source: 'some/one', category: 'llm_finetune', workload: workload(), phase: 'training', gpu: 'A100 SXM', vramGb: 80, gpuCount: 1, secondsPerSample: 1, ...change });

describe('evidence', () => {
  it('leaves out what shares a source or a GPU', () => {
    const runs = [run('a'), run('b', { source: 'other/one' }), run('c', { gpu: 'L40S' })];
    assert.deepEqual(without(runs, [run('x')], ({ source }) => source).map(({ id }) => id), ['b']);
    assert.deepEqual(without(runs, [run('x')], ({ gpu }) => gpu).map(({ id }) => id), ['c']);
    assert.deepEqual(without(runs, [], ({ gpu }) => gpu), runs);
  });

  it('knows a run by its table or page, and by its source where nobody says', () => {
    assert.equal(documentKey(run('a', { document: 'some/one:readme.md' })), 'some/one:readme.md');
    assert.equal(documentKey(run('a')), 'some/one');
  });

  it('merges lists, the newer one winning on its ids and on what was run', () => {
    const shipped = [run('a'), run('b', { gpu: 'L40S' }), run('c', { workload: workload({ microBatch: 1 }) })];
    const newer = [run('a', { secondsPerSample: 2, gpu: 'T4' }), run('d', { gpu: 'L40S', source: 'renamed', secondsPerSample: 3 })];
    assert.deepEqual(mergeRuns(shipped, newer).map(({ id, secondsPerSample }) => [id, secondsPerSample]), [['c', 1], ['a', 2], ['d', 3]]);
    assert.deepEqual(mergeRuns(shipped, []), shipped);
  });

  it('ships runs of many sources, GPUs and tasks that are all usable', async () => {
    const runs = await publishedRuns();
    assert.ok(runs.length > 1000, String(runs.length));
    assert.equal(new Set(runs.map(({ id }) => id)).size, runs.length);
    assert.ok(new Set(runs.map(({ source }) => source)).size > 15);
    assert.ok(new Set(runs.map(({ gpu }) => gpu)).size > 30);
    for (const { id, secondsPerSample, peakGb, gpuCount, source, workload: { task, model } } of runs) {
      assert.ok(source !== '' && task.length > 0 && model !== undefined, id);
      assert.ok(gpuCount >= 1, id);
      assert.ok((secondsPerSample ?? peakGb ?? 0) > 0, id);
    }
  });
});
