import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FactSource } from '../../../../src/estimate/facts.ts';
import { Draft } from '../../../../src/estimate/read/draft.ts';

const sources: readonly FactSource[] = ['default', 'table', 'files', 'hub', 'config', 'script', 'command', 'user'];
const stated = (source: FactSource, line = 1) => ({ source, certainty: 'stated', file: 'train.py', line } as const);

describe('a workload while it is being read', () => {
  it('keeps the value of the strongest source, and of equal ones the later', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...sources), fc.nat(1000)), { minLength: 1 }), (said) => {
      const draft = new Draft();
      for (const [source, value] of said) draft.set('steps', value, stated(source));
      const best = Math.max(...said.map(([source]) => sources.indexOf(source)));
      const winner = said.findLast(([source]) => sources.indexOf(source) === best);
      assert.equal(draft.get('steps'), winner?.[1]);
      assert.equal(draft.build().steps, winner?.[1]);
      assert.equal(draft.facts.length, 1);
    }));
  });

  it('says whether a value was taken, and where it stands', () => {
    const draft = new Draft();
    assert.equal(draft.set('epochs', 3, stated('default')), true);
    assert.equal(draft.set('epochs', 5, stated('script', 12)), true);
    assert.equal(draft.set('epochs', 7, stated('config', 2)), false);
    assert.deepEqual(draft.fact('epochs'), { name: 'epochs', value: 5, source: 'script', certainty: 'stated', file: 'train.py', line: 12 });
  });

  it('forgets what is taken back', () => {
    const draft = new Draft();
    draft.set('steps', 10, stated('script'));
    draft.drop('steps');
    assert.equal(draft.get('steps'), undefined);
    assert.ok(!('steps' in draft.build()));
  });

  it('shows a model by its name, and holds all of it', () => {
    const draft = new Draft();
    draft.set('model', { name: 'gpt2', paramsM: 124 }, stated('table'));
    assert.equal(draft.fact('model')?.value, 'gpt2');
    assert.equal(draft.build().model?.paramsM, 124);
  });

  it('is the plainest training there is where nothing was said', () => {
    const workload = new Draft().build();
    assert.equal(workload.method, 'full');
    assert.equal(workload.packing, false);
    assert.equal(workload.microBatch, undefined);
  });
});
