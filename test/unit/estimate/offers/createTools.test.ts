import assert from 'node:assert/strict';
import { toDollars } from '../../../../src/domain/money.ts';
import type { Offer } from '../../../../src/domain/offer.ts';
import { findModel } from '../../../../src/estimate/catalogue/models.ts';
import { publishedRuns } from '../../../../src/estimate/evidence.ts';
import { asRun } from '../../../../src/estimate/learn/asRun.ts';
import { createTools } from '../../../../src/estimate/offers/createTools.ts';
import { estimateOffers } from '../../../../src/estimate/offers/estimateOffers.ts';
import { rememberMachines, unknownMemory, type MachineMemory } from '../../../../src/estimate/offers/tools.ts';
import type { OfferEstimate } from '../../../../src/estimate/result.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { offer } from '../../../fakes/offers.ts';
import { without, workload } from '../workloads.ts';

const details = { downMbps: 800, diskMbPerS: 1000 };

function modelNamed(name: string) {
  const model = findModel(name);
  assert.ok(model, name);
  return { model };
}

describe('estimates with the real tools', () => {
  let evidence: readonly Run[];
  let machines: MachineMemory;
  before(async () => {
    evidence = await publishedRuns();
    machines = rememberMachines(createTools(evidence));
  });

  function on(script: Workload, change: Partial<Offer> & { gpuUsd?: number; diskUsd?: number } = {}, with_: MachineMemory = machines): OfferEstimate {
    const [estimate] = estimateOffers(script, [offer({ details, ...change })], with_, { imageGb: 7, datasetGb: 0.1 });
    assert.ok(estimate);
    return estimate;
  }

  it('come near the two hours and $1.18 that people write down for a LoRA of Stable Diffusion on an RTX 4090', () => {
    // 50 images, ten times each, 15 epochs: 0.93 s a step are measured, nothing recomputed.
    const lora = workload({ task: 'diffusion', stack: 'kohya', ...modelNamed('stabilityai/stable-diffusion-xl-base-1.0'), microBatch: 1, accumulation: 1, steps: 7500, resolution: 1024, checkpointing: false });
    const { hours, usd, fit } = on(lora, { gpuUsd: 0.59, diskUsd: 0 });
    assert.equal(fit.verdict, 'fits');
    assert.ok(hours && usd && hours.low < 2 && hours.high > 2);
    assert.ok(hours.likely > 1.4 && hours.likely < 2.8, String(hours.likely));
    assert.ok(Math.abs(toDollars(usd.likely) - 0.59 * hours.likely) < 0.001);
  });

  it('come near the four days of nanoGPT on eight A100 with 40 GB', () => {
    const gpt2 = workload({
      stack: 'nanogpt', method: 'full', ...modelNamed('gpt2'), microBatch: 12, accumulation: 5, steps: 600_000, gpus: 8, parallelism: 'ddp',
      seqLen: 1024, tokensPerSample: 1024, packing: true, compile: true,
    });
    const { hours, fit } = on(gpt2, { gpu: 'A100 SXM', vramGb: 40, gpuCount: 8 });
    assert.equal(fit.verdict, 'fits');
    assert.ok(hours && hours.low < 96 && hours.high > 96 && hours.likely > 64 && hours.likely < 144, JSON.stringify(hours));
  });

  it('know what does not fit, and what would help', () => {
    const { fit, hours } = on(workload(), { vramGb: 24 });
    assert.equal(fit.verdict, 'no');
    assert.ok(hours, 'the time is told all the same');
    assert.ok(fit.remedy);
    assert.notEqual(on({ ...workload(), ...fit.remedy.change }).fit.verdict, 'no');
  });

  it('are faster on faster cards where arithmetic counts', () => {
    const hours = (gpu: string, vramGb: number): number => on(workload({ steps: 1000, checkpointing: true }), { gpu, vramGb }).parts?.trainHours.likely ?? NaN;
    assert.ok(hours('H100 SXM', 80) < hours('A100 SXM', 80) && hours('A100 SXM', 80) < hours('RTX 3090', 24));
  });

  it('guess a card that no table knows, and say so', () => {
    const { assumptions, hours } = on(workload(), { gpu: 'RTX 6090', vramGb: 48 });
    assert.ok(hours && assumptions.some(({ code, detail }) => code === 'gpuFromOffer' && detail === 'RTX 6090'));
  });

  it('say nothing of a model that nobody knows', () => {
    const { memory, hours } = on(without(workload(), 'model'));
    assert.equal(memory, unknownMemory);
    assert.equal(hours, undefined);
  });

  it('follow what was measured on the user\'s own machines', () => {
    const script = workload({ steps: 1000, checkpointing: true });
    const before = on(script).time;
    const slower = asRun(script, machines(script, offer({ details })).machine, {
      id: 'mine', progress: { secondsPerStep: 3 * 32 * (before?.secondsPerSample.likely ?? NaN), unit: 'step' },
    });
    assert.ok(before && slower);
    const after = on(script, {}, rememberMachines(createTools([...evidence, slower]))).time;
    assert.ok(after && after.secondsPerSample.likely > 1.3 * before.secondsPerSample.likely, `${before.secondsPerSample.likely} ${after?.secondsPerSample.likely}`);
  });
});
