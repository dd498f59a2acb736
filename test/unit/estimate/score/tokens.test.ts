import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lengthsOf, meanBelow, truncatedMean } from '../../../../src/estimate/score/tokens.ts';

describe('the lengths of samples', () => {
  it('reads caps and means', () => {
    assert.deepEqual(lengthsOf('2048', ''), { seqLen: 2048 });
    assert.deepEqual(lengthsOf('max 768 (mean 210)', ''), { seqLen: 768, tokensPerSample: 210 });
    assert.deepEqual(lengthsOf('', 'long texts'), {});
  });

  it('leaves out what is longer than the cap where a spread is stated', () => {
    const at = (cap: string): number => lengthsOf(cap, 'dataset tokens mean 3000+-2500 (max 19548) truncated').tokensPerSample ?? NaN;
    assert.ok(at('512') > 256 && at('512') < 400, String(at('512')));
    assert.ok(at('2048') > 1000 && at('2048') < 1400, String(at('2048')));
    assert.ok(Math.abs(at('100000') - 3000) < 30, String(at('100000')));
  });

  it('knows the usual length of a data set by its name, cut at the cap', () => {
    assert.equal(lengthsOf('', '', 'tatsu-lab/alpaca').tokensPerSample, 110);
    const cut = lengthsOf('128', '', 'tatsu-lab/alpaca').tokensPerSample ?? NaN;
    assert.ok(cut > 60 && cut < 105, String(cut));
    assert.equal(lengthsOf('max 768 (mean 210)', '', 'tatsu-lab/alpaca').tokensPerSample, 210);
    assert.equal(lengthsOf('128', '', 'nobody/knows').tokensPerSample, undefined);
  });

  it('agrees with a long draw from the same distribution', () => {
    // The sum of two exponentials is a gamma distribution of shape two. Halton points: the same draw on every run.
    const [mean, cap, draws] = [1000, 1200, 20_000];
    const halton = (index: number, base: number): number => {
      let [result, part, rest] = [0, 1 / base, index];
      for (; rest > 0; rest = Math.floor(rest / base), part /= base) result += (rest % base) * part;
      return result;
    };
    const lengths = Array.from({ length: draws }, (_, index) => -mean / 2 * Math.log(halton(index + 1, 2) * halton(index + 1, 3)));
    const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(truncatedMean(mean, mean / Math.SQRT2, cap) / average(lengths.map((length) => Math.min(length, cap))) - 1) < 0.01);
    assert.ok(Math.abs(meanBelow(mean, mean / Math.SQRT2, cap) / average(lengths.filter((length) => length < cap)) - 1) < 0.01);
  });

  it('never exceeds the mean or the cap', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e5 }), fc.integer({ min: 0, max: 1e5 }), fc.integer({ min: 1, max: 1e6 }), (mean, deviation, cap) => {
      for (const cut of [truncatedMean(mean, deviation, cap), meanBelow(mean, deviation, cap)]) {
        assert.ok(cut > 0 && cut <= Math.min(mean, cap), String(cut));
      }
    }));
  });
});
