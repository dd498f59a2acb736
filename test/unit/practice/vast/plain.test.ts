import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberOf, textOf } from '../../../../src/practice/vast/plain.ts';

describe('what stands where a text or a number belongs', () => {
  it('never throws, whatever JSON can hold', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      assert.equal(typeof textOf(value), 'string');
      assert.equal(typeof numberOf(value), 'number');
    }));
    for (const value of [{ toString: null }, { valueOf: 1, toString: 2 }, [{ toString: null }]]) {
      assert.equal(textOf(value), JSON.stringify(value));
      assert.ok(Number.isNaN(numberOf(value)));
    }
  });

  it('is itself where it is one already', () => {
    assert.deepEqual([textOf('a'), textOf(7), textOf(true)], ['a', '7', 'true']);
    assert.deepEqual([numberOf('7.5'), numberOf(7), numberOf(true)], [7.5, 7, 1]);
    assert.ok(Number.isNaN(numberOf('seven')) && Number.isNaN(numberOf(null)) && Number.isNaN(numberOf(undefined)));
  });
});
