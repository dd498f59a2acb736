import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createFaults, faultNames } from '../../../src/practice/faults.ts';
import { createRandom } from '../../../src/practice/random.ts';

const make = (initial: Record<string, number> = {}) => createFaults(createRandom(1), initial);

describe('faults', () => {
  it('never hit at 0 and always hit at 1', () => {
    fc.assert(
      fc.property(fc.constantFrom(...faultNames), (name) => {
        const faults = make();
        assert.equal(faults.hit(name, 'vast'), false);
        faults.set(name, 1);
        assert.equal(faults.hit(name, 'vast'), true);
        faults.set(name, 0);
        assert.equal(faults.hit(name, 'vast'), false);
      }),
    );
  });

  it('hit about as often as they should', () => {
    const faults = make({ slow: 0.3 });
    let hits = 0;
    for (let count = 0; count < 3000; count += 1) hits += Number(faults.hit('slow', 'runpod'));
    assert.ok(hits > 780 && hits < 1020, String(hits));
    assert.equal(faults.counts.get('runpod.slow'), hits);
  });

  it('can be meant for one provider, which outranks what is meant for all', () => {
    const faults = make({ 'vast.html': 1, slow: 1, 'runpod.slow': 0 });
    assert.equal(faults.hit('html', 'vast'), true);
    assert.equal(faults.hit('html', 'runpod'), false);
    assert.equal(faults.hit('slow', 'vast'), true);
    assert.equal(faults.hit('slow', 'runpod'), false);
  });

  it('can be forced for a number of draws', () => {
    const faults = make();
    faults.force('vast.offer-gone', 2);
    assert.deepEqual(
      [1, 2, 3].map(() => faults.hit('offer-gone', 'vast')),
      [true, true, false],
    );
    faults.force('offer-gone');
    faults.clear();
    assert.equal(faults.hit('offer-gone', 'vast'), false);
  });

  it('refuses unknown names and probabilities outside 0..1', () => {
    assert.throws(() => make({ 'no-such-fault': 1 }), /no fault named no-such-fault/);
    assert.throws(() => make({ 'azure.html': 1 }), RangeError);
    for (const probability of [-0.1, 1.1, Number.NaN]) assert.throws(() => make({ html: probability }), RangeError);
    assert.throws(() => make().force('nonsense'), RangeError);
  });

  it('do not use up chance while they are off', () => {
    const random = createRandom(9);
    const faults = createFaults(random, {});
    for (const name of faultNames) faults.hit(name, 'vast');
    assert.equal(random.next(), createRandom(9).next());
  });
});
