import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findGpu } from '../../../../src/estimate/catalogue/gpus.ts';
import { findModel } from '../../../../src/estimate/catalogue/models.ts';
import { publishedRuns } from '../../../../src/estimate/evidence.ts';
import { type Efficiency, fitInference, ratesOf, servedAs } from '../../../../src/estimate/inference/fitInference.ts';
import { promptSeconds, sequencesThatFit, timeToFirstToken, tokensPerSecond } from '../../../../src/estimate/inference/serve.ts';
import { keyValueBytes, paramsRead, type ServedWeights, weightBytes } from '../../../../src/estimate/inference/weights.ts';
import type { Band } from '../../../../src/estimate/band.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import type { Model } from '../../../../src/estimate/workload.ts';
import { anyMachine, llama8b, machineOf } from '../memory/sampleWorkloads.ts';

const named = (name: string): Model => {
  const model = findModel(name);
  assert.ok(model, name);
  return model;
};
const llama70b = named('Llama-2-70b-hf');
const mixtral = named('Mixtral-8x7B-v0.1');
const bare = fitInference([], findGpu);
const one = { batch: 1, promptTokens: 512 };
const packed: readonly ServedWeights[] = ['fp16', 'fp8', 'int8', 'int4', 'q8', 'q4'];

const within = (actual: number, low: number, high: number): void => assert.ok(actual >= low && actual <= high, `${actual} is not between ${low} and ${high}`);

function band(found: Band | undefined): Band {
  assert.ok(found, 'it does not fit');
  return found;
}

const speed = (model: Model, weights: ServedWeights, machine = machineOf('A100'), load = one, efficiency: Efficiency = bare): number =>
  band(tokensPerSecond(model, weights, machine, load, efficiency)).likely;

describe('weights and keys', () => {
  it('take what their width says', () => {
    within(weightBytes(8030, 'fp16') / 2 ** 30, 14.9, 15);
    within(weightBytes(8030, 'q4') / 1e9, 4.6, 5);
    within(weightBytes(68_976, 'int4') / 1e9, 35, 38);
  });

  it('leave 128 KiB a token in Llama 3 8B', () => {
    assert.equal(keyValueBytes(llama8b), 2 * 32 * 1024 * 2);
  });

  it('are all read by a dense model, and by experts the more the more sequences there are', () => {
    assert.equal(paramsRead(llama8b, 1), 8030);
    assert.equal(paramsRead(llama8b, 64), 8030);
    within(paramsRead(mixtral, 1), 12_800, 12_900);
    assert.ok(paramsRead(mixtral, 4) > 2 * paramsRead(mixtral, 1));
    within(paramsRead(mixtral, 64), 46_000, 46_703);
  });
});

describe('tokensPerSecond', () => {
  it('is undefined where the weights do not fit, and where not one sequence does', () => {
    assert.equal(tokensPerSecond(llama70b, 'fp16', machineOf('A100'), one, bare), undefined);
    assert.equal(tokensPerSecond(llama70b, 'int4', machineOf('RTX 4090'), one, bare), undefined);
    assert.equal(tokensPerSecond(llama8b, 'fp16', machineOf('RTX 4090'), { batch: 1, promptTokens: 100_000 }, bare), undefined);
  });

  it('is finite and ordered wherever it is defined', () => {
    fc.assert(fc.property(fc.constantFrom(llama8b, llama70b, mixtral, { name: 'bare', paramsM: 1300 }), fc.constantFrom(...packed), anyMachine, fc.integer({ min: 1, max: 512 }), (model, weights, machine, batch) => {
      const found = tokensPerSecond(model, weights, machine, { batch, promptTokens: 256 }, bare);
      assert.equal(found === undefined, sequencesThatFit(model, weights, machine, { batch, promptTokens: 256 }) < 1);
      if (found !== undefined) assert.ok(found.low > 0 && found.low < found.likely && found.likely < found.high && Number.isFinite(found.high));
    }));
  });

  it('rises with the batch for all together and falls for each alone', () => {
    fc.assert(fc.property(fc.constantFrom(...packed), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (weights, batch, more) => {
      const few = speed(llama8b, weights, machineOf('A100'), { ...one, batch });
      const many = speed(llama8b, weights, machineOf('A100'), { ...one, batch: batch + more });
      assert.ok(many >= few - 1e-9);
      assert.ok(many / (batch + more) <= few / batch + 1e-9);
    }));
  });

  it('stops rising when the memory is full: the rest waits', () => {
    const load = { batch: 1, promptTokens: 2048 };
    const most = sequencesThatFit(llama8b, 'fp16', machineOf('RTX 4090'), load);
    within(most, 5, 40);
    const full = speed(llama8b, 'fp16', machineOf('RTX 4090'), { ...load, batch: most });
    assert.equal(speed(llama8b, 'fp16', machineOf('RTX 4090'), { ...load, batch: most * 4 }), full);
  });

  it('is bound by compute in the end', () => {
    const load = { batch: 4096, promptTokens: 16, answerTokens: 16 };
    const best = 271.2e12 * 0.5 / (2 * 8.03e9);
    within(speed(llama8b, 'int4', machineOf('A100'), load), best * 0.6, best);
  });

  it('does not hurry one answer by more cards, but holds larger models', () => {
    assert.equal(speed(llama8b, 'fp16', machineOf('RTX 3090', 4)), speed(llama8b, 'fp16', machineOf('RTX 3090')));
    assert.ok(speed(llama70b, 'int4', machineOf('RTX 3090', 2)) > 10);
  });

  it('reaches less of the bandwidth on stacked memory', () => {
    const perGb = (name: string): number => speed(llama8b, 'fp16', machineOf(name)) / machineOf(name).gpu.bandwidthGbPerS;
    assert.ok(perGb('RTX 3090') > 1.2 * perGb('A100'));
  });
});

/** Tokens per second for one sequence, as the article that people bring along gives them, over both providers. */
const article: readonly (readonly [string, number, Model, number, number])[] = [
  ['A100', 1, llama70b, 25, 45],
  ['A100', 1, mixtral, 45, 75],
  ['RTX 4090', 2, llama70b, 18, 35],
  ['H100', 1, llama70b, 40, 65],
  ['H100', 1, mixtral, 75, 110],
];

describe('the article on serving', () => {
  for (const [gpu, count, model, low, high] of article) {
    it(`gives ${low} to ${high} tokens a second for ${model.name} on ${count} × ${gpu}`, async () => {
      const machine = machineOf(gpu, count);
      within(speed(model, 'int4', machine), low, high);
      within(speed(model, 'int4', machine, one, fitInference(await publishedRuns(), findGpu)), low, high);
    });
  }

  it('gives tenths of a second to the first token of a short prompt', () => {
    for (const [gpu, count, model] of article) {
      within(band(timeToFirstToken(model, 'int4', machineOf(gpu, count), 128, bare)).likely, 0.03, 0.6);
    }
  });
});

describe('promptSeconds', () => {
  it('is what tables of prompt speeds measure: the first token without the way to it', () => {
    const prompt = band(promptSeconds(llama8b, 'fp16', machineOf('RTX 4090'), 1024, bare)).likely;
    const first = band(timeToFirstToken(llama8b, 'fp16', machineOf('RTX 4090'), 1024, bare)).likely;
    within(first - prompt, 0.005, 0.05);
  });

  it('is undefined where the model does not fit', () => {
    assert.equal(promptSeconds(llama70b, 'fp16', machineOf('T4'), 100, bare), undefined);
  });

  it('knows cards for players by the rate that they have in sums of 16 bits, and workstations by their own', () => {
    const [tensor = NaN] = ratesOf(machineOf('RTX 4090').gpu, 'fp16');
    within(Math.exp(tensor) * 150, 329, 332);
    for (const name of ['RTX 4000 Ada', 'RTX 4000 SFF Ada', 'RTX A6000', 'A100']) {
      const { gpu } = machineOf(name);
      within(Math.exp(ratesOf(gpu, 'fp16')[0] ?? NaN) * 150 / (gpu.tensorTflops ?? NaN), 0.99, 1.01);
    }
  });
});

describe('timeToFirstToken', () => {
  it('grows with the prompt and never falls below one step', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 8000 }), fc.integer({ min: 1, max: 8000 }), (prompt, more) => {
      const first = (tokens: number): number => band(timeToFirstToken(llama8b, 'fp16', machineOf('A100'), tokens, bare)).likely;
      assert.ok(first(prompt + more) >= first(prompt));
      assert.ok(first(prompt) > 1 / speed(llama8b, 'fp16', machineOf('A100'), { batch: 1, promptTokens: prompt }));
    }));
  });

  it('is undefined where the model does not fit', () => {
    assert.equal(timeToFirstToken(llama70b, 'fp16', machineOf('T4'), 100, bare), undefined);
  });
});

describe('fitInference', () => {
  const run = (gpu: string, seconds: number, phase: Run['phase'] = 'decode'): Run => ({
    id: `${gpu} ${phase}`, source: 'test', category: 'inference', phase, gpu, vramGb: machineOf(gpu).gpu.vramGb, gpuCount: 1, secondsPerSample: seconds,
    workload: {
      task: 'language', stack: 'other', model: llama8b, method: 'full', precision: 'fp16', optimizer: 'other', parallelism: 'single',
      packing: false, checkpointing: false, compile: false, flashAttention: true,
    },
  });

  it('keeps what a measured card has of its own', () => {
    const usual = 1 / speed(llama8b, 'fp16', machineOf('RTX 3090'));
    const others = ['RTX 4090', 'RTX A6000', 'RTX 5090', 'L40S'].map((name) => run(name, 1 / speed(llama8b, 'fp16', machineOf(name))));
    const slow = fitInference([...others, run('RTX 3090', usual * 2)], findGpu);
    assert.ok(speed(llama8b, 'fp16', machineOf('RTX 3090'), one, slow) < 0.8 / usual);
  });

  it('does not believe a prompt that was read ten times too slowly', () => {
    const names = ['RTX 4090', 'RTX A6000', 'RTX 4080', 'L40S', 'RTX 3090', 'A100 SXM', 'RTX 5000 Ada'];
    const good = names.map((name) => run(name, 1 / 5000, 'prefill'));
    const bad = good.map((each) => each.gpu === 'L40S' ? { ...each, secondsPerSample: 1 / 400 } : each);
    const first = (evidence: readonly Run[]): number => band(timeToFirstToken(llama8b, 'fp16', machineOf('RTX 4090'), 4000, fitInference(evidence, findGpu))).likely;
    within(first(bad) / first(good), 0.7, 1.4);
  });

  it('meets published speeds on cards that were left out: half within a tenth', async () => {
    const runs = (await publishedRuns()).filter(({ phase }) => phase === 'decode');
    const errors = [...new Set(runs.map(({ gpu }) => gpu))].flatMap((name) => {
      const efficiency = fitInference(runs.filter(({ gpu }) => gpu !== name), findGpu);
      return runs.filter(({ gpu }) => gpu === name).flatMap((each) => {
        const gpu = findGpu(each.gpu, each.vramGb);
        const { model } = each.workload;
        if (gpu === undefined || model === undefined || each.secondsPerSample === undefined) return [];
        const found = tokensPerSecond(model, servedAs(each), { gpu, count: each.gpuCount }, { batch: 1, promptTokens: 512 }, efficiency);
        return found === undefined ? [] : [Math.abs(found.likely * each.secondsPerSample - 1)];
      });
    });
    assert.ok(errors.length > 60, `${errors.length} runs`);
    within(errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)] ?? 1, 0, 0.1);
    within(errors.filter((error) => error < 0.25).length / errors.length, 0.85, 1);
  });
});
