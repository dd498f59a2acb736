import assert from 'node:assert/strict';
import { chargeFor, sumUsd, usd } from '../../../../src/domain/money.ts';
import { allIn } from '../../../../src/domain/offer.ts';
import { probe } from '../../../../src/estimate/learn/probe.ts';
import { estimateOffers } from '../../../../src/estimate/offers/estimateOffers.ts';
import { rememberMachines } from '../../../../src/estimate/offers/tools.ts';
import type { OfferEstimate } from '../../../../src/estimate/result.ts';
import { offer } from '../../../fakes/offers.ts';
import { fakeTools } from '../offers/fakeTools.ts';
import { without, workload } from '../workloads.ts';

const on = (script = workload({ steps: 5000 }), details = {}): OfferEstimate => {
  const [one] = estimateOffers(script, [offer({ gpuUsd: 0.4, details: { downMbps: 1000, ...details } })], rememberMachines(fakeTools()));
  assert.ok(one);
  return one;
};

describe('a probe', () => {
  it('costs setup, download, traffic and the minutes of training', () => {
    const estimate = on(undefined, { downUsdPerGb: 0.01 });
    const { parts, offer: of } = estimate;
    const cost = probe(estimate, 4);
    assert.ok(cost && parts);
    const hours = parts.setupHours.likely + parts.downloadHours.likely + cost.minutes / 60;
    assert.equal(cost.hours, hours);
    assert.equal(cost.usd, sumUsd([chargeFor(allIn(of), hours * 3_600_000), parts.trafficUsd]));
    assert.ok(parts.trafficUsd > usd(0.1));
  });

  it('lasts two minutes, three where steps are slow, and longer where thirty take longer', () => {
    // A second for each sample.
    for (const [samplesPerStep, minutes, steps] of [[1, 2, 120], [4, 2, 30], [5, 3, 36], [32, 16, 30]] as const) {
      const made = probe(on(), samplesPerStep);
      assert.deepEqual([made?.minutes, made?.steps], [minutes, steps]);
    }
  });

  it('costs cents where the whole job costs dollars', () => {
    const estimate = on();
    const cost = probe(estimate, 4)?.usd ?? NaN;
    assert.ok(cost < usd(0.15) && cost * 10 < (estimate.usd?.likely ?? 0), String(cost));
  });

  it('has no price where there is no estimate', () => {
    assert.equal(probe(on(without(workload(), 'steps')), 4), undefined);
    assert.equal(probe(on(), 0), undefined);
  });
});
