import assert from 'node:assert/strict';
import { chargeFor } from '../../../../src/domain/money.ts';
import { allIn, type Offer } from '../../../../src/domain/offer.ts';
import { exactly } from '../../../../src/estimate/band.ts';
import { listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import { elsewhere, servedElsewhere } from '../../../../src/estimate/offers/elsewhere.ts';
import { estimateServing } from '../../../../src/estimate/offers/serving.ts';
import { createSpeeds, rememberSpeeds } from '../../../../src/estimate/offers/servingTools.ts';
import { unknownMemory } from '../../../../src/estimate/offers/tools.ts';
import type { Fit, OfferEstimate } from '../../../../src/estimate/result.ts';
import { llama8b, workload } from '../workloads.ts';

/** Every machine takes `hours`; memory under `leastGb` is not enough. */
const judge = (hours: (offer: Offer) => number, leastGb = 0, verdict: Fit['verdict'] = 'no') => (machines: readonly Offer[]): OfferEstimate[] =>
  machines.map((offer) => {
    const cost = chargeFor(allIn(offer), hours(offer) * 3_600_000);
    const fits = offer.vramGb >= leastGb;
    return { offer, memory: unknownMemory, fit: { verdict: fits ? 'fits' : verdict, probability: fits ? 1 : 0.5 }, hours: exactly(hours(offer)), usd: { low: cost, likely: cost, high: cost }, assumptions: [] };
  });

describe('the same job elsewhere', () => {
  it('takes the cheapest machine of every cloud, at its list price', () => {
    const found = elsewhere(judge(() => 2));
    assert.deepEqual(found.map(({ cloud }) => cloud).toSorted(), [...new Set(listPrices.map(({ cloud }) => cloud))].toSorted());
    for (const { cloud, usd, instance } of found) {
      const least = Math.min(...listPrices.filter((price) => price.cloud === cloud).map(({ usdPerHour }) => usdPerHour));
      assert.equal(usd, Math.round(least * 2 * 1e6), instance);
    }
    assert.deepEqual(found.map(({ usd }) => usd), found.map(({ usd }) => usd).toSorted((a, b) => a - b), 'the cheapest first');
  });

  it('counts with the prices that were read last, of the home region', () => {
    const fresh = listPrices.map((price) => (price.instance === 'g4dn.xlarge' ? { ...price, usdPerHour: 0.6, readOn: '2026-11-29' } : price));
    const abroad = listPrices.map((price) => ({ ...price, region: price.cloud === 'lambda' ? price.region : 'elsewhere', usdPerHour: 0.01 }));
    const [aws] = elsewhere(judge(() => 1), [...fresh, ...abroad]).filter(({ cloud }) => cloud === 'aws');
    assert.deepEqual([aws?.instance, aws?.usd, aws?.readOn], ['g4dn.xlarge', 600_000, '2026-11-29']);
  });

  it('weighs a dearer machine that ends sooner', () => {
    const [aws] = elsewhere(judge(({ gpu }) => (gpu.startsWith('H100') ? 0.01 : 10))).filter(({ cloud }) => cloud === 'aws');
    assert.match(aws?.gpu ?? '', /^H100/);
    assert.equal(aws?.hours, 0.01);
  });

  it('leaves out machines that are too small, or may be', () => {
    for (const verdict of ['no', 'risky'] as const) for (const { gpu } of elsewhere(judge(() => 1, 80, verdict))) assert.match(gpu, /H100|A100|H200|B200|B300|GB200|GB300|GH200|MI300X|RTX PRO 6000/, gpu);
    assert.deepEqual(elsewhere(judge(() => 1, 1e6)), []);
  });
});

describe('the same tokens elsewhere', () => {
  it('come from the cheapest machine of each cloud that holds the model', () => {
    const work = workload({ work: 'inference', model: { ...llama8b, name: 'meta-llama/Llama-2-70b-hf', paramsM: 68_976, layers: 80, hidden: 8192, heads: 64 }, servedWeights: 'int4' });
    const found = servedElsewhere((machines) => estimateServing(work, machines, rememberSpeeds(createSpeeds([]))));
    assert.ok(found.length >= 3, JSON.stringify(found));
    assert.equal(new Set(found.map(({ cloud }) => cloud)).size, found.length);
    for (const { gpu, gpuCount, usd, hours } of found) {
      const vramGb = listPrices.find((price) => price.gpu === gpu)?.vramGb ?? 0;
      assert.ok(vramGb * gpuCount > 35 && usd > 0 && hours > 0, gpu);
    }
  });
});
