import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findGpu } from '../../../../src/estimate/catalogue/gpus.ts';
import { heldOut, wideners } from '../../../../src/estimate/time/calibrate.ts';
import { compose, priorLogs, priors } from '../../../../src/estimate/time/coefficients.ts';
import { covariance, effects, keyTable, noiseOf, type Point, sourceSigma } from '../../../../src/estimate/time/effects.ts';
import { cholesky, inverseColumns } from '../../../../src/estimate/time/matrix.ts';
import { type Observation, regress } from '../../../../src/estimate/time/regress.ts';
import { stepOf, type Terms, termNames } from '../../../../src/estimate/time/terms.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { workload } from '../workloads.ts';

const terms = (change: Partial<Terms> = {}): Terms => ({
  matmul: 1, attention: 0.2, elementwise: 0.3, vocabulary: 0.1, optimizer: 0.05, links: 0, tensorLinks: 0, dequantise: 0, launch: 0.2, ...change,
});

function point(change: Partial<Workload> = {}, gpuName = 'A100 SXM', source?: string): Point {
  const job = workload({ seqLen: 2048, packing: true, ...change });
  const gpu = findGpu(gpuName) ?? assert.fail(gpuName);
  return { workload: job, gpu, gpuCount: 1, step: stepOf(job, { gpu, count: 1 }) ?? assert.fail(), ...(source === undefined ? {} : { source }) };
}

/** Runs of one source that take `factor` times what the priors say. */
const runs = (source: string, factor: number, changes: readonly Partial<Workload>[] = [{}, { microBatch: 8 }, { seqLen: 4096 }]): Observation[] =>
  changes.flatMap((change) => ['A100 SXM', 'H100 SXM', 'L40S'].map((gpu) => {
    const at = point(change, gpu, source);
    return { point: at, secondsPerSample: compose(at.step.terms, priorLogs()).seconds * factor };
  }));

const ratio = (observations: readonly Observation[], at: Point): number =>
  Math.exp(regress(observations).predict(at).log) / compose(at.step.terms, priorLogs()).seconds;

describe('a step put together from its terms', () => {
  const none = new Float64Array(termNames.length);

  it('is the sum of what runs one after another, unless launching takes longer', () => {
    assert.ok(Math.abs(compose(terms({ launch: 0 }), none).seconds - 1.65) < 1e-9);
    assert.ok(Math.abs(compose(terms({ launch: 100 }), none).seconds - 100) < 0.01);
    const corner = compose(terms({ launch: 1.65 }), none).seconds;
    assert.ok(corner > 1.65 && corner < 2.2, String(corner));
  });

  it('knows what each term contributes: shares sum to one and are its derivatives', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: 9, maxLength: 9 }), fc.nat(8), (values, index) => {
      const each = Object.fromEntries(termNames.map((name, at) => [name, values[at]])) as Record<keyof Terms, number>;
      const { seconds, shares } = compose(each, none);
      assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
      const nudged = none.slice();
      nudged[index] = 1e-6;
      assert.ok(Math.abs((Math.log(compose(each, nudged).seconds) - Math.log(seconds)) / 1e-6 - (shares[index] ?? NaN)) < 1e-4);
    }));
  });

  it('starts from coefficients near one', () => {
    for (const name of termNames) assert.ok(priors[name].factor >= 0.5 && priors[name].factor <= 2.5 && priors[name].sigma > 0, name);
  });
});

describe('what runs share', () => {
  const keysOf = keyTable();
  const shared = (a: Point, b: Point): number => covariance(keysOf(a), keysOf(b));

  it('is most for the same work of the same source and falls with every difference', () => {
    const at = point({}, 'A100 SXM', 's');
    const falling = [at, point({}, 'A100 SXM'), point({}, 'H100 SXM'), point({ method: 'full' }, 'H100 SXM'), point({ method: 'full', stack: 'nemo' }, 'H100 SXM')]
      .map((other) => shared(at, other));
    falling.slice(1).forEach((value, i) => assert.ok(value < (falling[i] ?? 0), `${i} ${falling.join()}`));
    assert.ok(falling.every((value) => value > 0));
  });

  it('holds the source only where both were published', () => {
    const difference = shared(point({}, 'T4', 's'), point({}, 'T4', 's')) - shared(point({}, 'T4', 's'), point({}, 'T4', 't'));
    assert.ok(difference >= sourceSigma ** 2 - 1e-12, String(difference));
    assert.equal(shared(point({}, 'T4'), point({}, 'T4')), shared(point({}, 'T4'), point({}, 'T4', 's')));
  });

  it('has effects with names of their own', () => {
    assert.equal(new Set(effects.map(({ name }) => name)).size, effects.length);
    for (const { sigma } of effects) assert.ok(sigma > 0 && sigma < 1);
  });

  it('leaves more to chance where lengths are guessed', () => {
    const { tokensPerSample: _, ...guessed } = workload({ packing: false });
    const gpu = findGpu('T4') ?? assert.fail();
    assert.ok(noiseOf({ workload: guessed, gpu, gpuCount: 1, step: stepOf(guessed, { gpu, count: 1 }) ?? assert.fail() }) > 2 * noiseOf(point()));
  });
});

describe('the fit', () => {
  it('is the priors where there is no evidence', () => {
    const at = point();
    const { log, sigma } = regress([]).predict(at);
    assert.ok(Math.abs(log - Math.log(compose(at.step.terms, priorLogs()).seconds)) < 1e-9);
    assert.ok(sigma > 0.3, String(sigma));
  });

  it('follows evidence of the same stack, the more the more sources say so', () => {
    const one = ratio(runs('a', 2), point());
    const three = ratio([...runs('a', 2), ...runs('b', 2), ...runs('c', 2)], point());
    assert.ok(one > 1.2 && one < 2, String(one));
    assert.ok(three > one && three < 2.05, `${one} ${three}`);
  });

  it('narrows with evidence, and less for another stack', () => {
    const fitted = regress([...runs('a', 1), ...runs('b', 1)]);
    const [same, other] = [point(), point({ stack: 'nemo', method: 'full' })].map((at) => fitted.predict(at).sigma);
    assert.ok(same !== undefined && other !== undefined && same < other && same < regress([]).predict(point()).sigma);
  });

  it('does not take many rows of one table for many opinions', () => {
    const many = runs('a', 2, Array.from({ length: 8 }, (_, index) => ({ microBatch: index + 1 })));
    const both = [...many, ...runs('b', 1), ...runs('c', 1)];
    assert.ok(ratio(both, point()) < 1.55, String(ratio(both, point())));
  });

  it('is hardly moved by one row that is off by a factor of ten', () => {
    const clean = [...runs('a', 1), ...runs('b', 1)];
    const dirty = clean.map((each, index) => index === 4 ? { ...each, secondsPerSample: each.secondsPerSample * 10 } : each);
    assert.ok(Math.abs(Math.log(ratio(dirty, point()) / ratio(clean, point()))) < 0.2);
  });

  it('finds the coefficient behind work that one term governs', () => {
    const launches: Partial<Workload>[] = [{ microBatch: 1, seqLen: 64 }, { microBatch: 1, seqLen: 128 }];
    const slow = ['a', 'b', 'c'].flatMap((source) => [
      ...runs(source, 1),
      ...runs(source, 1.8, launches),
    ]);
    const { logs } = regress(slow);
    assert.ok((logs[termNames.indexOf('launch')] ?? 0) > Math.log(1.25), String(Math.exp(logs[termNames.indexOf('launch')] ?? 0)));
    assert.ok(Math.abs(logs[termNames.indexOf('matmul')] ?? 9) < 0.25);
  });

  it('gives the same answer every time', () => {
    const observations = [...runs('a', 1.3), ...runs('b', 0.8)];
    assert.deepEqual(regress(observations).predict(point()), regress(observations).predict(point()));
  });
});

describe('bands from errors on what was left out', () => {
  it('leaves groups out as a second fit would', () => {
    const observations = [...runs('a', 1.5), ...runs('b', 1), ...runs('c', 0.8)];
    const fitted = regress(observations);
    const groups = [...Map.groupBy(observations.keys(), (index) => observations[index]?.point.source ?? '').values()];
    const seen: number[] = [];
    const held = heldOut({ ...fitted, columns: inverseColumns(fitted.factor) }, groups, (index, left) => {
      assert.ok(left.has(index) && left.size === 9);
      seen.push(index);
      return 'similarRuns';
    });
    assert.deepEqual(seen.toSorted((a, b) => a - b), [...observations.keys()]);
    const [first] = observations;
    assert.ok(first);
    const { source: _, ...at } = first.point;
    const refitted = regress(observations.slice(9)).predict(at);
    const error = Math.abs(Math.log(first.secondsPerSample) - refitted.log);
    assert.ok(Math.abs((held[0]?.score ?? NaN) / (error / Math.hypot(refitted.sigma, sourceSigma)) - 1) < 0.35, `${held[0]?.score} ${error / refitted.sigma}`);
  });

  it('scores a lone observation by its own deviation', () => {
    const factor = cholesky(Float64Array.of(4), 1);
    const [held] = heldOut({ factor, columns: inverseColumns(factor), deviations: Float64Array.of(6) }, [[0]], () => 'physics');
    assert.deepEqual(held, { basis: 'physics', score: 3, weight: 1 });
  });

  it('widens so that eight of ten scores fall inside, each basis for itself where it has enough', () => {
    const scores = (basis: 'sameStack' | 'physics', factor: number) => Array.from({ length: 20 }, (_, index) => ({ basis, score: factor * 1.2816 * (index + 1) / 16, weight: 1 }));
    const widen = wideners([...scores('sameStack', 1), ...scores('physics', 2)]);
    assert.ok(Math.abs(widen('sameStack') - 1) < 1e-9 && Math.abs(widen('physics') - 2) < 1e-9);
    assert.ok(widen('similarRuns') > 1 && widen('similarRuns') < 2);
    assert.equal(wideners([])('physics'), 1);
  });
});
