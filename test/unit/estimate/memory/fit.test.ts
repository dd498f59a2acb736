import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { bandAround } from '../../../../src/estimate/band.ts';
import { fitOn, fitProbability } from '../../../../src/estimate/memory/fit.ts';
import { remedies } from '../../../../src/estimate/memory/remedies.ts';
import type { Fit, MemoryPrediction } from '../../../../src/estimate/result.ts';
import type { Machine } from '../../../../src/estimate/machine.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { anyMachine, anyWorkload, languageRun, machineOf, visionRun } from './sampleWorkloads.ts';

const fit = (workload: Workload, machine: Machine): Fit => {
  const found = fitOn(workload, machine);
  assert.ok(found);
  return found;
};

const peakOf = (likely: number): MemoryPrediction => ({
  gb: bandAround(likely, 0.15),
  parts: { weights: likely, gradients: 0, optimizer: 0, activations: 0, logits: 0, overhead: 0 },
});

describe('fitProbability', () => {
  it('is a half where the peak is just what the card leaves', () => {
    assert.ok(Math.abs(fitProbability(peakOf(24 * 0.98 - 0.5), 24) - 0.5) < 1e-9);
  });

  it('promises what the band promises: nine of ten stay below its high end', () => {
    const peak = peakOf(10);
    const vram = (peak.gb.high + 0.5) / 0.98;
    assert.ok(Math.abs(fitProbability(peak, vram) - 0.9) < 0.001);
  });

  it('falls with the peak, rises with the card and stays between 0 and 1', () => {
    const gb = fc.double({ min: 0.1, max: 300, noNaN: true });
    fc.assert(fc.property(gb, gb, gb, (peak, more, vram) => {
      const less = fitProbability(peakOf(peak), vram);
      assert.ok(less >= 0 && less <= 1);
      assert.ok(fitProbability(peakOf(peak + more), vram) <= less);
      assert.ok(fitProbability(peakOf(peak), vram + more) >= less);
    }));
  });

  it('is nothing on a card that the context fills', () => {
    assert.equal(fitProbability(peakOf(1), 0.5), 0);
  });
});

describe('fitOn', () => {
  it('says nothing of an unknown model', () => {
    const { model: _, ...unknown } = languageRun();
    assert.equal(fitOn(unknown, machineOf('A100')), undefined);
  });

  it('knows what people run and what they cannot', () => {
    assert.equal(fit(languageRun({ method: 'qlora', stack: 'unsloth' }), machineOf('RTX 4090')).verdict, 'fits');
    assert.equal(fit(languageRun({ method: 'lora', microBatch: 4 }), machineOf('A100')).verdict, 'fits');
    assert.equal(fit(languageRun({ method: 'lora', microBatch: 4 }), machineOf('RTX 3090')).verdict, 'no');
    assert.equal(fit(languageRun(), machineOf('RTX 4090')).verdict, 'no');
    assert.equal(fit(visionRun(), machineOf('RTX 3060')).verdict, 'fits');
    assert.equal(fit(visionRun({ microBatch: 1024 }), machineOf('RTX 3060')).verdict, 'no');
  });

  it('offers a remedy only where one is needed', () => {
    fc.assert(fc.property(anyWorkload, anyMachine, (workload, machine) => {
      const { verdict, remedy, probability } = fit(workload, machine);
      if (verdict === 'fits') assert.equal(remedy, undefined);
      assert.ok(verdict === 'fits' ? probability >= 0.8 : verdict === 'no' ? probability < 0.2 : probability >= 0.2 && probability < 0.8);
    }));
  });

  it('offers only remedies that are enough', () => {
    let offered = 0;
    fc.assert(fc.property(anyWorkload, anyMachine, (workload, machine) => {
      const { remedy } = fit(workload, machine);
      if (remedy === undefined) return;
      offered++;
      assert.equal(fit({ ...workload, ...remedy.change }, machine).verdict, 'fits', JSON.stringify(remedy));
    }), { numRuns: 500 });
    assert.ok(offered > 25, `${offered} remedies`);
  });

  it('finds one wherever one of the changes it knows would be enough', () => {
    fc.assert(fc.property(anyWorkload, anyMachine, (workload, machine) => {
      const before = fit(workload, machine);
      if (before.verdict === 'fits' || before.remedy !== undefined) return;
      for (const { change } of remedies(workload, machine).flat()) assert.notEqual(fit({ ...workload, ...change }, machine).verdict, 'fits');
    }));
  });

  it('keeps the samples of a step when it makes the batch smaller', () => {
    fc.assert(fc.property(anyWorkload, anyMachine, fc.integer({ min: 1, max: 96 }), (workload, machine, microBatch) => {
      const started = { ...workload, microBatch, accumulation: 3 };
      for (const { change } of remedies(started, machine).flat()) {
        const changed = { ...started, ...change };
        assert.equal(changed.microBatch * changed.accumulation, microBatch * 3);
        assert.ok(Number.isInteger(changed.microBatch) && changed.microBatch >= 1);
      }
    }));
  });

  it('names the change that the code says', () => {
    const changes: Record<string, (change: Partial<Workload>) => boolean> = {
      checkpointing: ({ checkpointing }) => checkpointing === true,
      smallerBatch: ({ microBatch }) => microBatch !== undefined,
      optimizer8bit: ({ optimizer }) => optimizer === 'adamw-8bit',
      sharding: ({ parallelism }) => parallelism === 'fsdp',
      lora: ({ method }) => method === 'lora',
      qlora: ({ method, baseWeights }) => method === 'qlora' && baseWeights === 'nf4',
    };
    fc.assert(fc.property(anyWorkload, anyMachine, (workload, machine) => {
      for (const { code, change, slowdown } of remedies(workload, machine).flat()) {
        assert.ok(changes[code]?.(change), `${code}: ${JSON.stringify(change)}`);
        assert.ok(slowdown > 0.5 && slowdown < 10, `${code}: ${slowdown}`);
      }
    }));
  });
});

describe('the nearest remedy', () => {
  const remedyOf = (workload: Workload, machine: Machine): NonNullable<Fit['remedy']> => {
    const { remedy } = fit(workload, machine);
    assert.ok(remedy);
    return remedy;
  };

  it('is a smaller batch where that is enough, for it costs least', () => {
    const { code, change, slowdown } = remedyOf(visionRun({ microBatch: 512 }), machineOf('RTX 4090'));
    assert.equal(code, 'smallerBatch');
    assert.deepEqual(change, { microBatch: 256, accumulation: 2 });
    assert.ok(slowdown > 1 && slowdown < 1.1);
  });

  it('is checkpointing where even one sample is too long', () => {
    const long = languageRun({ method: 'lora', checkpointing: false, seqLen: 16_384, stack: 'torchtune' });
    const { code, slowdown } = remedyOf(long, machineOf('A100', 1, 40));
    assert.equal(code, 'checkpointing');
    assert.ok(slowdown >= 1.3);
  });

  it('spreads a full fine-tune over the cards that are there before it trains something else', () => {
    assert.equal(remedyOf(languageRun(), machineOf('A100', 8, 40)).code, 'sharding');
    assert.equal(remedyOf(languageRun(), machineOf('A100', 1, 40)).code, 'lora');
    assert.equal(remedyOf(languageRun(), machineOf('RTX 4090')).code, 'qlora');
  });

  it('costs more where the cards talk over PCIe', () => {
    const linked = remedyOf(languageRun(), machineOf('A100', 8, 40));
    const unlinked = remedyOf(languageRun(), machineOf('RTX A6000', 8));
    assert.ok(unlinked.slowdown > linked.slowdown);
  });

  it('asks cards without bfloat16 for float16', () => {
    const { change } = remedyOf(languageRun({ microBatch: 1, seqLen: 512 }), machineOf('T4'));
    assert.equal(change.precision, 'fp16');
  });

  it('is none where nothing helps', () => {
    const huge = languageRun({ model: { name: 'huge', paramsM: 400_000 } });
    assert.deepEqual(fit(huge, machineOf('RTX 3060')).remedy, undefined);
  });
});
