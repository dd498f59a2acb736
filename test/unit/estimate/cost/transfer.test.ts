import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd } from '../../../../src/domain/money.ts';
import { trafficUsd, trainedParams, transferHours, transferOf, type Transfer } from '../../../../src/estimate/cost/transfer.ts';
import { llama8b, without, workload } from '../workloads.ts';

const near = (actual: number, expected: number, share = 0.01): void =>
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * share, `${actual} is not near ${expected}`);
const codes = ({ assumptions }: { readonly assumptions: readonly { readonly code: string }[] }): string[] => assumptions.map(({ code }) => code);

describe('what has to be transferred', () => {
  it('is two bytes for each parameter of the model', () => near(transferOf(workload()).modelGb, 16.06));

  it('is no model where training begins from nothing, and none where the model is unknown', () => {
    assert.equal(transferOf(workload({ stack: 'nanogpt' })).modelGb, 0);
    assert.equal(transferOf(without(workload(), 'model')).modelGb, 0);
  });

  it('is quantised files only where the stack fetches those', () => {
    near(transferOf(workload({ method: 'qlora', baseWeights: 'nf4', stack: 'unsloth' })).modelGb, 4.82);
    near(transferOf(workload({ method: 'qlora', baseWeights: 'nf4', stack: 'hf' })).modelGb, 16.06);
  });

  it('takes four bytes for a token and says that it did', () => {
    const transfer = transferOf(workload({ samples: 1_000_000, tokensPerSample: 500 }));
    near(transfer.datasetGb, 2);
    assert.deepEqual(transfer.assumptions.find(({ code }) => code === 'datasetSize'), { code: 'datasetSize', detail: '2 GB' });
  });

  it('knows what ImageNet weighs', () => near(transferOf(workload({ task: 'vision', samples: 1_281_167 })).datasetGb, 138));

  it('leaves data of unknown size out and names the gap', () => {
    for (const unknown of [workload(), workload({ task: 'speech', samples: 100 }), without(workload({ samples: 10 }), 'tokensPerSample', 'seqLen')]) {
      const transfer = transferOf(unknown);
      assert.equal(transfer.datasetGb, 0);
      assert.deepEqual(transfer.assumptions.find(({ code }) => code === 'datasetSize'), { code: 'datasetSize' });
    }
  });

  it('assumes nothing that it was told', () => {
    const told = transferOf(workload(), { imageGb: 3, datasetGb: 12 });
    assert.deepEqual([told.imageGb, told.datasetGb, told.assumptions], [3, 12, []]);
  });

  it('brings home the adapter, or the whole model', () => {
    near(transferOf(workload({ method: 'full' })).resultGb, 16.06);
    assert.ok(transferOf(workload()).resultGb < 0.2);
  });
});

describe('parameters that are trained', () => {
  it('come to what PEFT counts for rank 16 on all matrices of Llama 3.1 8B, within a tenth', () => near(trainedParams(workload()), 41.9e6, 0.1));
  it('grow with the rank', () => assert.equal(trainedParams(workload({ loraRank: 64 })), 4 * trainedParams(workload({ loraRank: 16 }))));
  it('are a hundredth where the shape is unknown', () => {
    near(trainedParams(workload({ model: { name: 'x', paramsM: llama8b.paramsM } })), 80.3e6);
  });
});

describe('the time of a transfer', () => {
  it('is 53 minutes for a 70B model over 500 Mb/s', () => near(transferHours(140, 500).hours.likely * 60, 53.3));

  it('has no band where the line is known, and a wide one that is named where not', () => {
    const known = transferHours(10, 800);
    assert.deepEqual([known.hours.low, known.hours.high, codes(known)], [known.hours.likely, known.hours.likely, []]);
    for (const unsaid of [undefined, 0]) {
      const unknown = transferHours(10, unsaid);
      near(unknown.hours.high / unknown.hours.low, 9);
      assert.deepEqual(codes(unknown), ['networkSpeed']);
    }
  });

  it('halves when the line is twice as fast', () => {
    fc.assert(fc.property(fc.double({ min: 0.001, max: 1e4, noNaN: true }), fc.double({ min: 1, max: 1e5, noNaN: true }), (gb, mbps) => {
      near(transferHours(gb, mbps * 2).hours.likely * 2, transferHours(gb, mbps).hours.likely, 1e-9);
    }));
  });
});

describe('the price of traffic', () => {
  const transfer: Transfer = { imageGb: 5, modelGb: 10, datasetGb: 5, resultGb: 2, assumptions: [] };

  it('is each way at its own price', () => {
    assert.equal(trafficUsd(transfer, { downUsdPerGb: 0.01, upUsdPerGb: 0.05 }), usd(0.3));
    assert.equal(trafficUsd(transfer, { downUsdPerGb: 0.01 }), usd(0.2));
  });

  it('is nothing where none is charged', () => assert.equal(trafficUsd(transfer, {}), 0));

  it('is whole micro-dollars', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 500, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (modelGb, downUsdPerGb) =>
      Number.isInteger(trafficUsd({ ...transfer, modelGb }, { downUsdPerGb }))));
  });
});
