import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chanceAt, createRandom, hexAt } from '../../../src/practice/random.ts';

describe('chance that can be repeated', () => {
  it('gives the same sequence for the same seed, and another for another', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    assert.deepEqual(draw(42), draw(42));
    assert.notDeepEqual(draw(42), draw(43));
  });

  it('stays inside its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, low, span) => {
        const random = createRandom(seed);
        for (let count = 0; count < 50; count += 1) {
          const whole = random.integer(low, low + span);
          assert.ok(Number.isInteger(whole) && whole >= low && whole <= low + span);
          const real = random.between(low, low + span);
          assert.ok(real >= low && real <= low + span);
          assert.ok([3, 1, 2].includes(random.pick([3, 1, 2])));
        }
      }),
    );
  });

  it('reaches both ends of an integer range and every item by weight', () => {
    const random = createRandom(5);
    const seen = new Set(Array.from({ length: 400 }, () => random.integer(1, 6)));
    assert.equal(seen.size, 6);
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let count = 0; count < 4000; count += 1)
      counts[
        random.weighted([
          ['often', 9],
          ['seldom', 1],
          ['never', 0],
        ] as const)
      ] += 1;
    assert.equal(counts.never, 0);
    assert.ok(counts.seldom > 250 && counts.seldom < 600, String(counts.seldom));
  });

  it('forks without disturbing', () => {
    const plain = createRandom(1);
    const forked = createRandom(1);
    forked.fork('side').next();
    assert.equal(plain.next(), forked.next());
    assert.notEqual(createRandom(1).fork('one').next(), createRandom(1).fork('other').next());
  });

  it('is spread evenly as a function of keys', () => {
    let sum = 0;
    for (let key = 0; key < 5000; key += 1) sum += chanceAt('seed', 'machine', key);
    assert.ok(Math.abs(sum / 5000 - 0.5) < 0.02, String(sum / 5000));
    assert.match(hexAt(40, 'a'), /^[0-9a-f]{40}$/);
    assert.notEqual(hexAt(40, 'a'), hexAt(40, 'b'));
  });
});
