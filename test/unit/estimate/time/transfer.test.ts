import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findGpu } from '../../../../src/estimate/catalogue/gpus.ts';
import { publishedRuns, without } from '../../../../src/estimate/evidence.ts';
import type { Machine } from '../../../../src/estimate/machine.ts';
import type { TimePrediction } from '../../../../src/estimate/result.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import { fitTransfer, trainingPerForward, type TransferModel } from '../../../../src/estimate/time/transfer.ts';
import { physicalTime } from '../../../../src/estimate/time/transferPhysics.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { anyMachine, anyWorkload, diffusionRun, languageRun, machineOf, visionRun } from '../memory/sampleWorkloads.ts';

let counter = 0;
const measured = (workload: Workload, machine: Machine, secondsPerSample: number, source = 'someone/benchmark'): Run => ({
  id: `run-${counter++}`, source, category: 'test', workload, phase: 'training',
  gpu: machine.gpu.name, vramGb: machine.gpu.vramGb, gpuCount: machine.count, secondsPerSample,
});

const fit = (evidence: readonly Run[]): TransferModel => fitTransfer(evidence, findGpu);

function predicted(model: TransferModel, workload: Workload, machine: Machine): TimePrediction {
  const prediction = model.predict(workload, machine);
  assert.ok(prediction);
  return prediction;
}

const within = (actual: number, low: number, high: number): void => assert.ok(actual >= low && actual <= high, `${actual} is not between ${low} and ${high}`);

const cards = ['RTX 3090', 'RTX 4090', 'RTX A6000', 'A100', 'V100', 'T4', 'RTX 2080 Ti', 'H100', 'L40S', 'RTX 4080'].map((name) => machineOf(name));
const models = [
  visionRun(),
  visionRun({ model: { name: 'vgg16', paramsM: 138, gmacs: 15.5, mActs: 13.6, resolution: 224 } }),
  visionRun({ model: { name: 'convnext_base', paramsM: 88.6, gmacs: 15.4, mActs: 28.8, resolution: 224 } }),
];

/** A world that follows the arithmetic but for one factor, and one for each card. */
const world = (factor: number, ofCard: (name: string) => number = () => 1): readonly Run[] =>
  models.flatMap((workload) => cards.map((machine) =>
    measured(workload, machine, physicalTime(workload, machine).seconds * factor * ofCard(machine.gpu.name) / machine.count)));

describe('without evidence', () => {
  it('is physics, and says so', () => {
    const prediction = predicted(fit([]), visionRun(), machineOf('RTX 3090'));
    assert.equal(prediction.basis, 'physics');
    assert.ok(Math.abs(prediction.secondsPerSample.likely / physicalTime(visionRun(), machineOf('RTX 3090')).seconds - 1) < 1e-9);
    assert.ok(prediction.lowConfidence);
    assert.ok(prediction.secondsPerSample.high / prediction.secondsPerSample.likely > 2);
  });

  it('says nothing of language models, of no model and of one without a size', () => {
    const { model: _, ...unknown } = visionRun();
    assert.equal(fit([]).predict(languageRun(), machineOf('A100')), undefined);
    assert.equal(fit([]).predict(unknown, machineOf('A100')), undefined);
    assert.equal(fit([]).predict(visionRun({ model: { name: 'nnU-Net', paramsM: 0 } }), machineOf('A100')), undefined);
  });
});

describe('with evidence', () => {
  it('learns that all of somebody\'s runs are slower than the arithmetic', () => {
    fc.assert(fc.property(fc.double({ min: 0.3, max: 3, noNaN: true }), fc.constantFrom(...models), fc.constantFrom(...cards), (factor, workload, machine) => {
      const { secondsPerSample } = predicted(fit(world(factor)), workload, machine);
      within(secondsPerSample.likely / (physicalTime(workload, machine).seconds * factor), 0.97, 1.03);
    }), { numRuns: 15 });
  });

  it('carries a time to a card that it has never seen', () => {
    for (const { gpu } of cards) {
      const rest = world(1.7).filter((run) => run.gpu !== gpu.name);
      const { secondsPerSample, basis } = predicted(fit(rest), visionRun(), { gpu, count: 1 });
      within(secondsPerSample.likely / (physicalTime(visionRun(), { gpu, count: 1 }).seconds * 1.7), 0.95, 1.05);
      assert.equal(basis, 'sameStack');
    }
  });

  it('keeps what a card has of its own', () => {
    const slowV100 = world(1, (name) => name === 'V100' ? 1.4 : 1);
    const machine = machineOf('V100');
    const { likely } = predicted(fit(slowV100), visionRun(), machine).secondsPerSample;
    within(likely / physicalTime(visionRun(), machine).seconds, 1.25, 1.45);
    const unseen = predicted(fit(slowV100), visionRun(), machineOf('RTX 3080')).secondsPerSample.likely;
    within(unseen / physicalTime(visionRun(), machineOf('RTX 3080')).seconds, 0.85, 1.15);
  });

  it('is narrower on what it knows than on what it does not, and names its basis', () => {
    const model = fit(world(1.5));
    const width = (workload: Workload, machine = machineOf('A100')): number => {
      const { high, likely } = predicted(model, workload, machine).secondsPerSample;
      return high / likely;
    };
    const strange = visionRun({ model: { name: 'never seen', paramsM: 60, gmacs: 9, mActs: 20, resolution: 224 } });
    assert.ok(width(visionRun()) < width(strange));
    assert.ok(width(strange) < width(diffusionRun()));
    assert.equal(predicted(model, visionRun(), machineOf('A100')).basis, 'sameStack');
    assert.equal(predicted(model, strange, machineOf('A100')).basis, 'similarRuns');
    assert.equal(predicted(model, diffusionRun(), machineOf('A100')).basis, 'physics');
  });

  it('does not bend towards one broken run among many', () => {
    const good = world(1);
    const broken = good.map((run) => run.gpu === 'H100 SXM' && run.workload.model?.name === 'resnet50' ? { ...run, secondsPerSample: (run.secondsPerSample ?? 0) * 4 } : run);
    const machine = machineOf('L40S');
    const apart = predicted(fit(broken), visionRun(), machine).secondsPerSample.likely / predicted(fit(good), visionRun(), machine).secondsPerSample.likely;
    within(apart, 0.9, 1.12);
  });

  it('gives a machine its cards: faster with more, slower than the sum', () => {
    const model = fit(world(1));
    const seconds = (count: number): number => predicted(model, visionRun(), machineOf('A100', count)).secondsPerSample.likely;
    within(seconds(1) / seconds(8), 5, 8.01);
    assert.ok(seconds(2) < seconds(1) && seconds(4) < seconds(2));
  });

  it('says that a card is a guess', () => {
    const { gpu } = machineOf('A100');
    assert.equal(predicted(fit(world(1)), visionRun(), { gpu, count: 1 }).lowConfidence, false);
    assert.equal(predicted(fit(world(1)), visionRun(), { gpu: { ...gpu, architecture: 'unknown' }, count: 1 }).lowConfidence, true);
  });

  it('learns from runs that only look at images, which take a part of the time', () => {
    const machine = machineOf('RTX 3090');
    const looked = world(2).map((run): Run => ({ ...run, phase: 'images', secondsPerSample: (run.secondsPerSample ?? 0) / trainingPerForward }));
    within(predicted(fit(looked), visionRun(), machine).secondsPerSample.likely / predicted(fit(world(2)), visionRun(), machine).secondsPerSample.likely, 0.999, 1.001);
  });

  it('reads only runs that say what they ran on and how long, and no transformers over words', () => {
    const machine = machineOf('RTX 3090');
    const odd: Run[] = [
      { ...measured(visionRun(), machine, 9), gpu: 'Imaginary' },
      { ...measured(visionRun(), machine, 9), phase: 'decode' },
      measured(visionRun(), machine, 0),
      measured(visionRun(), machine, -1),
      measured(visionRun(), machine, NaN),
      measured(languageRun(), machine, 9),
      measured(languageRun({ task: 'encoder' }), machine, 9),
    ];
    assert.deepEqual(fit([...world(1), ...odd]).predict(visionRun(), machine), fit(world(1)).predict(visionRun(), machine));
  });

  it('answers the same whatever the order of the evidence, and leaves it alone', () => {
    const evidence = Object.freeze([...world(1.3, (name) => name.length / 8)]);
    const machine = machineOf('RTX 4080');
    const one = predicted(fit(evidence), visionRun(), machine).secondsPerSample;
    const other = predicted(fit(evidence.toReversed()), visionRun(), machine).secondsPerSample;
    for (const end of ['low', 'likely', 'high'] as const) within(one[end] / other[end], 1 - 1e-6, 1 + 1e-6);
  });

  it('is finite, ordered and positive for anything on any machine', () => {
    const model = fit(world(1.2));
    fc.assert(fc.property(anyWorkload, anyMachine, (workload, machine) => {
      const prediction = model.predict(workload, machine);
      if (workload.task === 'language' || workload.task === 'encoder') return assert.equal(prediction, undefined);
      const { low, likely, high } = prediction?.secondsPerSample ?? { low: NaN, likely: NaN, high: NaN };
      assert.ok(low > 0 && low < likely && likely < high && Number.isFinite(high));
    }));
  });
});

interface Scored { readonly error: number; readonly covered: boolean }

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Every run on every nth of the cards, predicted from all others; a workload must be known from another card. */
async function leaveCardsOut(task: Workload['task'], each: number): Promise<readonly Scored[]> {
  const evidence = await publishedRuns();
  const key = ({ workload: { model, precision, resolution, method, checkpointing } }: Run): string => JSON.stringify([model?.name, precision, resolution, method, checkpointing]);
  const ofTask = evidence.filter(({ workload, phase, gpuCount }) => workload.task === task && phase === 'training' && gpuCount === 1);
  const names = [...new Set(ofTask.map(({ gpu }) => gpu))].toSorted().filter((_, i) => i % each === 0);
  return names.flatMap((name) => {
    const rest = without(evidence, ofTask.filter(({ gpu }) => gpu === name), ({ gpu }) => gpu);
    const model = fitTransfer(rest, findGpu);
    const elsewhere = new Set(rest.filter(({ workload }) => workload.task === task).map(key));
    return ofTask.filter((run) => run.gpu === name && elsewhere.has(key(run))).flatMap((run) => {
      const gpu = findGpu(run.gpu, run.vramGb);
      const prediction = gpu && model.predict(run.workload, { gpu, count: 1 });
      if (prediction === undefined || run.secondsPerSample === undefined) return [];
      const { low, likely, high } = prediction.secondsPerSample;
      return [{ error: Math.abs(likely / run.secondsPerSample - 1), covered: run.secondsPerSample >= low && run.secondsPerSample <= high }];
    });
  });
}

describe('published runs', () => {
  for (const [task, half] of [['vision', 0.1], ['detection', 0.12]] as const) {
    it(`are met on cards that were left out: ${task}, half of them within ${half}, eight of ten within the band`, async () => {
      const scored = await leaveCardsOut(task, 4);
      assert.ok(scored.length >= 10, `${scored.length} runs`);
      within(median(scored.map(({ error }) => error)), 0, half);
      within(scored.filter(({ covered }) => covered).length / scored.length, 0.65, 1);
    }).timeout(20_000);
  }
});
