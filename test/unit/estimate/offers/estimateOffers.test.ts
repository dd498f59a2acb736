import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chargeFor, sumUsd, usd } from '../../../../src/domain/money.ts';
import { allIn, type Offer, type OfferId } from '../../../../src/domain/offer.ts';
import { totalHours } from '../../../../src/estimate/cost/jobCost.ts';
import { estimateOffers, type EstimateOptions } from '../../../../src/estimate/offers/estimateOffers.ts';
import { rememberMachines } from '../../../../src/estimate/offers/tools.ts';
import type { OfferEstimate, TimePrediction } from '../../../../src/estimate/result.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { offer } from '../../../fakes/offers.ts';
import { without, workload } from '../workloads.ts';
import { fakeTools } from './fakeTools.ts';

function estimate(script: Workload, of: Offer, options: EstimateOptions = {}, time: Partial<TimePrediction> = {}): OfferEstimate {
  const [one] = estimateOffers(script, [of], rememberMachines(fakeTools(time)), options);
  assert.ok(one);
  return one;
}

const told = { imageGb: 7, datasetGb: 1 };
const fast = { downMbps: 1000, upMbps: 1000, diskMbPerS: 1000 };
const codes = ({ assumptions }: OfferEstimate): string[] => assumptions.map(({ code }) => code).toSorted();

describe('an estimate on an offer', () => {
  it('is samples times seconds, and what comes before', () => {
    const { parts, hours, usd: cost } = estimate(workload(), offer({ details: fast }), told);
    assert.ok(parts && hours && cost);
    assert.ok(Math.abs(parts.trainHours.likely - 3200 / 3600) < 1e-9);
    assert.ok(Math.abs(hours.likely - totalHours(parts).likely) < 1e-12);
    assert.equal(cost.likely, chargeFor(allIn(offer()), hours.likely * 3_600_000));
    assert.ok(cost.low < cost.likely && cost.likely < cost.high);
  });

  it('adds a third of a pass for every sample that is evaluated', () => {
    const { parts } = estimate(workload({ evalPasses: 900, microBatch: 4 }), offer());
    assert.ok(Math.abs((parts?.evalHours.likely ?? 0) - 1200 / 3600) < 1e-9);
  });

  it('charges traffic on top where the host does', () => {
    const free = estimate(workload(), offer({ details: fast }), told).usd;
    const charged = estimate(workload(), offer({ details: { ...fast, downUsdPerGb: 0.02 } }), told).usd;
    assert.ok(free && charged);
    assert.equal(charged.likely, sumUsd([free.likely, usd((7 + 16.06 + 1) * 0.02)]));
  });

  it('uses one GPU of four where the script does, and pays for all', () => {
    const one = estimate(workload(), offer({ gpuCount: 4, gpuUsd: 1.24, details: fast }), told);
    const same = estimate(workload(), offer({ gpuCount: 1, gpuUsd: 1.24, details: fast }), told);
    assert.deepEqual(one.usd, same.usd);
    assert.ok(codes(one).includes('oneGpu') && !codes(same).includes('oneGpu'));
  });

  it('shares the same work between the GPUs of a script that takes what is there', () => {
    const script = workload({ parallelism: 'ddp', globalBatch: 32 });
    const on = (gpuCount: number): number => estimate(script, offer({ gpuCount }), told).parts?.trainHours.likely ?? NaN;
    assert.ok(Math.abs(on(1) / on(4) - 4) < 1e-9);
  });

  it('says for how many GPUs the script was written where the machine has others', () => {
    const { assumptions } = estimate(workload({ parallelism: 'ddp', gpus: 8 }), offer({ gpuCount: 2 }));
    assert.deepEqual(assumptions.find(({ code }) => code === 'oneGpu'), { code: 'oneGpu', detail: '8' });
  });

  describe('with too little known', () => {
    for (const [what, script, expected] of [
      ['steps', without(workload(), 'steps'), 'unknownSteps'],
      ['the batch', without(workload(), 'microBatch'), 'unknownSteps'],
    ] as const) {
      it(`gives memory alone without ${what}, and says why`, () => {
        const one = estimate(script, offer());
        assert.deepEqual([one.hours, one.usd, one.parts, one.reason, one.interruption], [undefined, undefined, undefined, undefined, undefined]);
        assert.equal(one.memory.gb.likely, 20);
        assert.ok(codes(one).includes(expected));
      });
    }

    it('gives no figure for a model that nobody can predict', () => {
      const one = estimate(without(workload(), 'model'), offer());
      assert.deepEqual([one.hours, one.time], [undefined, undefined]);
    });
  });

  it('names what it takes for granted, each once', () => {
    const all = codes(estimate(without(workload(), 'tokensPerSample'), offer({ kind: 'interruptible', gpu: 'RTX 9999', gpuCount: 2 }), {}, { basis: 'physics', lowConfidence: true }));
    assert.deepEqual(all, ['checkpointTime', 'datasetSize', 'gpuFromOffer', 'imageSize', 'interruptionRate', 'lowConfidence', 'meanLength', 'networkSpeed', 'oneGpu', 'usualStack']);
  });

  it('takes nothing for granted that it knows', () => {
    assert.deepEqual(codes(estimate(workload(), offer({ details: fast }), told)), []);
  });

  it('gives the same band for the same machine at two prices, and more money for the dearer', () => {
    fc.assert(fc.property(fc.nat(5_000_000), fc.nat(5_000_000), (a, b) => {
      const of = (micro: number): OfferEstimate => estimate(workload(), offer({ gpuUsd: micro / 1e6, details: fast }), told);
      const [cheap, dear] = [of(Math.min(a, b)), of(Math.max(a, b))];
      assert.deepEqual(cheap.hours, dear.hours);
      for (const end of ['low', 'likely', 'high'] as const) assert.ok((cheap.usd?.[end] ?? NaN) <= (dear.usd?.[end] ?? NaN));
    }), { numRuns: 50 });
  });
});

describe('an interruptible offer', () => {
  const spot = offer({ kind: 'interruptible', details: fast });
  const long = workload({ steps: 5000 });

  it('adds saves, lost work and restarts, and says how often to save', () => {
    const steady = estimate(long, offer({ details: fast }), told);
    const { parts, hours, interruption, usd: cost } = estimate(long, spot, told);
    assert.ok(parts && interruption && cost && steady.usd && hours && steady.hours);
    assert.ok(parts.lostHours.likely > 0 && parts.checkpointHours.likely > 0);
    assert.ok(interruption.intervalMinutes > 1 && interruption.intervalMinutes < 60, String(interruption.intervalMinutes));
    assert.ok(interruption.meanHoursBetween < 6);
    assert.ok(Math.abs(cost.likely - steady.usd.likely - interruption.extraUsd) <= 2);
    assert.ok(hours.likely > steady.hours.likely);
  });

  it('loses more where it is taken away more often', () => {
    const extra = (outbidHours: number): number => estimate(long, spot, { ...told, outbidHours }).interruption?.extraUsd ?? NaN;
    assert.ok(extra(1) > extra(6) && extra(6) > extra(100));
  });

  it('loses more where coming back takes longer', () => {
    const lost = (restartHours: number): number => estimate(long, spot, { ...told, restartHours }).parts?.lostHours.likely ?? NaN;
    assert.ok(lost(1) > lost(0.1));
  });

  it('counts the saves of a script that saves all the time', () => {
    const often = estimate(workload({ steps: 5000, checkpointEvery: 1 }), spot, told).parts?.checkpointHours.likely ?? NaN;
    const seldom = estimate(workload({ steps: 5000, checkpointEvery: 1000 }), spot, told).parts?.checkpointHours.likely ?? NaN;
    assert.ok(often > 10 * seldom);
  });

  it('widens with the time it takes', () => {
    const { lostHours } = estimate(long, spot, told).parts ?? assert.fail('no parts');
    assert.ok(lostHours.low < lostHours.likely && lostHours.likely < lostHours.high);
  });
});

describe('an on-demand offer', () => {
  it('pays for the saves that the script makes, and loses nothing', () => {
    const { parts, interruption } = estimate(workload({ steps: 1000, checkpointEvery: 300, method: 'full' }), offer({ details: fast }), told);
    assert.ok(parts);
    assert.ok(Math.abs(parts.checkpointHours.likely * 3600 - 3 * 101.36) < 0.5, String(parts.checkpointHours.likely * 3600));
    assert.deepEqual([parts.lostHours.likely, interruption], [0, undefined]);
  });

  it('pays for none where the job ends before the first', () => {
    const one = estimate(workload({ steps: 100, checkpointEvery: 500 }), offer({ details: { downMbps: 100 } }), told);
    assert.equal(one.parts?.checkpointHours.likely, 0);
    assert.ok(!codes(one).includes('checkpointTime'));
  });
});

describe('the reason', () => {
  it('is what a step waits for', () => {
    for (const [bound, reason] of [['launch', 'launchBound'], ['compute', 'computeBound'], ['links', 'linksBound'], ['input', 'inputBound']] as const) {
      assert.equal(estimate(workload({ steps: 5000 }), offer({ details: fast }), told, { bound }).reason, reason);
    }
  });

  it('is the download where that takes longer than the work', () => {
    assert.equal(estimate(workload({ steps: 10 }), offer({ details: { downMbps: 50 } }), { ...told, imageGb: 1 }).reason, 'downloadBound');
  });

  it('is the setup where that takes longest', () => {
    assert.equal(estimate(workload({ steps: 1, stack: 'nanogpt' }), offer({ details: fast }), { imageGb: 10, datasetGb: 0 }).reason, 'setupBound');
  });
});

describe('many offers', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => offer({
    id: `vast:${index}` as OfferId, gpu: ['RTX 4090', 'RTX 3090', 'H100 SXM', 'RTX 3060'][index % 4] ?? '', vramGb: [24, 24, 80, 12][index % 4] ?? 24,
    gpuCount: 2 ** (index % 3), gpuUsd: 0.1 + (index % 97) / 100, kind: index % 5 === 0 ? 'interruptible' : 'on-demand',
    details: { cpuCores: 4 + (index % 60), pcieGbPerS: 2 + (index % 23), downMbps: 50 + (index % 900) },
  }));

  it('are each estimated, in their order', () => {
    const estimates = estimateOffers(workload(), many, rememberMachines(fakeTools()));
    assert.deepEqual(estimates.map((one) => one.offer.id), many.map(({ id }) => id));
    for (const one of estimates) assert.ok(one.usd && Number.isInteger(one.usd.likely) && one.usd.likely > 0);
  });

  it('ask for a prediction once for each kind of machine, and a second time for none', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    const script = workload({ parallelism: 'ddp' });
    const first = estimateOffers(script, many, machines);
    assert.ok(tools.asked.predict < 1000, String(tools.asked.predict));
    const before = tools.asked.predict;
    assert.deepEqual(estimateOffers(script, many, machines), first);
    assert.equal(tools.asked.predict, before);
  });

  it('let each its own network', () => {
    const at = (downMbps: number): OfferEstimate => estimate(workload(), offer({ details: { downMbps } }), told);
    assert.ok((at(50).parts?.downloadHours.likely ?? NaN) > (at(500).parts?.downloadHours.likely ?? NaN));
  });
});
