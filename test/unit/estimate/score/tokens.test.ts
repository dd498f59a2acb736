import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lengthsOf, truncatedMean } from '../../../../src/estimate/score/tokens.ts';

describe('the lengths of samples', () => {
  it('reads caps and means', () => {
    assert.deepEqual(lengthsOf('2048', ''), { seqLen: 2048 });
    assert.deepEqual(lengthsOf('max 768 (mean 210)', ''), { seqLen: 768, tokensPerSample: 210 });
    assert.deepEqual(lengthsOf('', 'long texts'), {});
  });

  it('cuts a stated spread of lengths at the cap', () => {
    const at = (cap: string): number => lengthsOf(cap, 'dataset tokens mean 3000+-2500 (max 19548) truncated').tokensPerSample ?? NaN;
    assert.ok(at('512') > 480 && at('512') <= 512, String(at('512')));
    assert.ok(at('2048') > 1500 && at('2048') < 2000, String(at('2048')));
    assert.ok(Math.abs(at('100000') - 3000) < 5, String(at('100000')));
  });

  it('agrees with a long draw from the same distribution', () => {
    const [mean, deviation, cap] = [1000, 800, 1200];
    const variance = Math.log(1 + (deviation / mean) ** 2);
    let sum = 0;
    const draws = 20_000;
    // Halton points and Box–Muller: the same draw on every run.
    const halton = (index: number, base: number): number => {
      let [result, part, rest] = [0, 1 / base, index];
      for (; rest > 0; rest = Math.floor(rest / base), part /= base) result += (rest % base) * part;
      return result;
    };
    for (let index = 1; index <= draws; index++) {
      const normal = Math.sqrt(-2 * Math.log(halton(index, 2))) * Math.cos(2 * Math.PI * halton(index, 3));
      sum += Math.min(cap, Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal));
    }
    assert.ok(Math.abs(truncatedMean(mean, deviation, cap) / (sum / draws) - 1) < 0.01);
  });

  it('never exceeds the mean or the cap', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e5 }), fc.integer({ min: 0, max: 1e5 }), fc.integer({ min: 1, max: 1e6 }), (mean, deviation, cap) => {
      const cut = truncatedMean(mean, deviation, cap);
      assert.ok(cut > 0 && cut <= Math.min(mean, cap) * 1.000_001, String(cut));
    }));
  });
});
