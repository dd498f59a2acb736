import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readRows } from '../../../../src/estimate/score/rows.ts';
import { type Cells, columns, csvOf, usual } from './table.ts';

const one = (change: Cells = {}) => {
  const { runs, leftOut } = readRows(csvOf([{ ...usual, ...change }]));
  return { run: runs[0], rule: leftOut[0]?.rule };
};

describe('rows of a table as runs', () => {
  it('reads a whole row', () => {
    const { run, rule } = one();
    assert.equal(rule, undefined);
    assert.ok(run);
    const { workload, ...rest } = run;
    assert.deepEqual(rest, {
      id: 'a-1', source: 'some/one', document: 'some/one:readme.md', category: 'llm_finetune', phase: 'training', gpu: 'A100 SXM', vramGb: 80, gpuCount: 1, secondsPerSample: 2048 / 4000, peakGb: 31.5,
    });
    const { model, ...settings } = workload;
    assert.deepEqual(settings, {
      task: 'language', stack: 'hf', method: 'lora', loraRank: 16, precision: 'bf16', optimizer: 'adamw', parallelism: 'single', microBatch: 4, globalBatch: 16,
      accumulation: 4, seqLen: 2048, tokensPerSample: 2048, packing: true, checkpointing: true, compile: false, flashAttention: true,
    });
    assert.equal(model?.paramsM, 8030);
  });

  it('completes what is known of a model by its name, and keeps what the table says', () => {
    const model = one({ params_million: '' }).run?.workload.model;
    assert.equal(model?.layers, 32);
    assert.ok(Math.abs((model?.paramsM ?? 0) - 8030) < 30);
    assert.equal(one({ params_million: '70000' }).run?.workload.model?.layers, undefined, 'another model under that name');
  });

  it('reads the shape of a model from its name', () => {
    const model = one({ model: 'GPT h1024 L12', params_million: '203.4' }).run?.workload.model;
    assert.deepEqual([model?.hidden, model?.layers], [1024, 12]);
  });

  for (const [what, change, rule] of [
    ['no GPU', { gpu: '' }, 'noGpu'],
    ['a GPU that nobody knows', { gpu: 'Imaginary 9000' }, 'unknownGpu'],
    ['no count of GPUs', { gpu_count: '' }, 'noGpuCount'],
    ['no model', { model: '' }, 'noModel'],
    ['no throughput', { measured_throughput: '' }, 'noThroughput'],
    ['a throughput that is no number', { measured_throughput: 'fast' }, 'unreadableNumber'],
    ['a negative throughput', { measured_throughput: '-5' }, 'unreadableNumber'],
    ['samples of texts whose length nobody says', { throughput_unit: 'samples/s', seq_len_or_resolution: '' }, 'noLength'],
    ['a figure that the table itself calls suspect', { notes: 'SUSPECT: other cards are ten times as fast' }, 'calledSuspect'],
    ['a speed that its card cannot multiply at', { measured_throughput: '9500' }, 'beyondPeak'],
    ['a unit that counts no work', { throughput_unit: 'seconds for the fixed benchmark' }, 'unitWithoutWork'],
  ] as const) it(`leaves out a row with ${what}`, () => assert.equal(one(change).rule, rule));

  it('believes the samples of no row of a table where one row disproves them', () => {
    const rows = [
      { ...usual, id: 'impossible', measured_throughput: '9500' },
      { ...usual, id: 'sister', gpu: 'H100 SXM 80GB' },
      { ...usual, id: 'shorter', seq_len_or_resolution: '1024' },
      { ...usual, id: 'elsewhere', source: 'some/other:README.md' },
    ];
    const { runs, leftOut } = readRows(csvOf(rows));
    assert.deepEqual(leftOut.map(({ id, rule }) => [id, rule]), [['impossible', 'beyondPeak'], ['sister', 'beyondPeak']]);
    assert.deepEqual(runs.filter(({ secondsPerSample }) => secondsPerSample !== undefined).map(({ id }) => id), ['shorter', 'elsewhere']);
    assert.deepEqual(runs.map(({ peakGb }) => peakGb), [31.5, 31.5, 31.5, 31.5]);
  });

  it('keeps the memory of a run whose time says nothing', () => {
    const { run, rule } = one({ measured_throughput: '' });
    assert.equal(rule, 'noThroughput');
    assert.equal(run?.peakGb, 31.5);
    assert.equal(run?.secondsPerSample, undefined);
    assert.equal(one({ measured_throughput: '', peak_mem_gb: '' }).run, undefined);
  });

  it('takes all samples of a step for one batch, but for language models, which accumulate', () => {
    const images = { category: 'vision_train', task: 'classification', model: 'resnet50', params_million: '25.6', micro_batch: '', global_batch: '256', gpu_count: '8', throughput_unit: 'images/s' };
    assert.equal(one(images).run?.workload.microBatch, 32);
    assert.equal(one({ micro_batch: '', global_batch: '256' }).run?.workload.microBatch, undefined);
  });

  it('knows from the notes what waits in the memory of the host, and what was not sharded after all', () => {
    assert.equal(one({ notes: '1024 samples; CPU + activation offload' }).run?.workload.cpuOffload, true);
    assert.equal(one({ notes: 'nothing offloaded' }).run?.workload.cpuOffload, undefined);
    assert.equal(one({ parallelism: 'FSDP', gpu_count: '2', notes: 'DDP mode' }).run?.workload.parallelism, 'ddp');
  });

  it('recomputes activations where PEFT does so by itself', () => {
    assert.equal(one({ method: 'qlora', precision: 'nf4', grad_checkpointing: '' }).run?.workload.checkpointing, true);
    assert.equal(one({ grad_checkpointing: '' }).run?.workload.checkpointing, false);
  });

  it('counts inference per token, and tells its phases apart', () => {
    const decode = one({ category: 'inference', task: 'llama.cpp decode 1024 tokens', method: 'inference', measured_throughput: '50' }).run;
    assert.deepEqual([decode?.phase, decode?.secondsPerSample], ['decode', 0.02]);
    assert.equal(one({ category: 'inference', task: 'llama.cpp prefill', method: 'inference' }).run?.phase, 'prefill');
    assert.equal(one({ category: 'inference', task: 'classification inference', method: 'inference', throughput_unit: 'images/s' }).run?.phase, 'images');
  });

  it('reads the pixels and frames of what is not text', () => {
    const { run } = one({ category: 'diffusion', task: 'lora training', model: 'Some video model', seq_len_or_resolution: '768x512x49f', throughput_unit: 's/step' });
    assert.deepEqual([run?.workload.task, run?.workload.resolution, run?.workload.frames, run?.workload.seqLen], ['diffusion', 627, 49, undefined]);
  });

  it('takes recomputation as its framework does where nobody says', () => {
    assert.equal(one({ grad_checkpointing: '', notes: 'Megatron-DeepSpeed' }).run?.workload.checkpointing, true);
    assert.equal(one({ grad_checkpointing: '' }).run?.workload.checkpointing, false);
    assert.equal(one({ grad_checkpointing: 'false', notes: 'Megatron-DeepSpeed' }).run?.workload.checkpointing, false);
  });

  it('divides the steps of a split model among its replicas', () => {
    const { run } = one({ parallelism: 'TP2 DP1 PP2', gpu_count: '4', global_batch: '16', micro_batch: '4', throughput_unit: 's/iteration', measured_throughput: '40' });
    assert.deepEqual([run?.workload.tensorParallel, run?.workload.pipelineParallel, run?.workload.accumulation, run?.secondsPerSample], [2, 2, 4, 2.5]);
  });

  it('takes the cap for the length where speeds count tokens, and leaves it open where they count samples', () => {
    assert.equal(one().run?.workload.tokensPerSample, 2048);
    assert.equal(one({ throughput_unit: 'samples/s' }).run?.workload.tokensPerSample, undefined);
    assert.equal(one({ seq_len_or_resolution: 'max 768 (mean 210)' }).run?.workload.tokensPerSample, 210);
  });

  it('knows that layers merely placed on several cards work one after the other', () => {
    const placed = one({ parallelism: 'device_map/MP', gpu_count: '2' }).run?.workload;
    assert.deepEqual([placed?.pipelineParallel, placed?.accumulation], [2, 1]);
  });

  it('does not care for the order of columns or for columns it does not know', () => {
    const reversed = readRows(csvOf([usual], columns.toReversed()));
    assert.deepEqual(reversed.runs, readRows(csvOf([usual])).runs);
    assert.deepEqual(readRows(`extra,${csvOf([usual]).replace('\n', '\n7,')}`).runs, reversed.runs);
  });

  it('names a row without an id by its line', () => {
    assert.deepEqual(readRows(csvOf([{ ...usual, id: '' }, { ...usual, id: '', gpu: '' }])).leftOut, [{ id: 'row 3', rule: 'noGpu' }]);
    assert.equal(readRows(csvOf([{ ...usual, id: '' }])).runs[0]?.id, 'row 2');
  });

  it('has nothing to say on an empty file', () => {
    for (const text of ['', 'id,gpu\n', 'not,a,table\n']) assert.deepEqual(readRows(text), { count: 0, runs: [], leftOut: [] });
  });

  it('survives any cell, and every number it gives is a positive one', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('8', '-1', '0', '1e309', 'NaN', '1,024', 'TP0', 'TP8 PP0', '4x4', 'mean 0+-3', 'r0', 'H100', '999999999999'));
    fc.assert(fc.property(fc.record(Object.fromEntries(columns.map((name) => [name, cell]))), fc.subarray([...columns]), (noise, names) => {
      const { count, runs, leftOut } = readRows(csvOf([{ ...usual, ...Object.fromEntries(names.map((name) => [name, noise[name]])) }]));
      assert.ok(count <= 1 && runs.length + leftOut.length >= count);
      for (const { secondsPerSample, gpuCount, workload } of runs) {
        for (const value of [secondsPerSample, gpuCount, workload.microBatch, workload.accumulation, workload.tokensPerSample, workload.tensorParallel]) {
          assert.ok(value === undefined || (value > 0 && Number.isFinite(value)), String(value));
        }
      }
    }), { numRuns: 300 });
  });
});
