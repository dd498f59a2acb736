import assert from 'node:assert/strict';
import fc from 'fast-check';
import { columnOf, compareCells, holds, isOperator, meets } from '../../../../src/practice/vast/filters.ts';

const cell = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constantFrom('a', 'b', 'RTX 4090', '22.04', ''),
  fc.boolean(),
  fc.constant(null),
);

describe('the comparison language of Vast', () => {
  it('has operators that are each other’s opposites', () => {
    fc.assert(
      fc.property(cell, cell, (one, other) => {
        assert.equal(holds(one, 'neq', other), !holds(one, 'eq', other));
        assert.equal(holds(one, 'in', [other]), holds(one, 'eq', other));
        assert.equal(holds(one, 'notin', [other]), !holds(one, 'in', [other]));
        if (typeof one === 'number' && typeof other === 'number') {
          assert.equal(holds(one, 'gte', other), holds(one, 'gt', other) || holds(one, 'eq', other));
          assert.equal(holds(one, 'lt', other), !holds(one, 'gte', other));
          assert.equal(holds(one, 'gt', other), holds(other, 'lt', one));
        }
      }),
    );
  });

  it('reads a value in the type of its column', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 }), (number, other) => {
        for (const operator of ['eq', 'neq', 'gt', 'gte', 'lt', 'lte'] as const) assert.equal(holds(number, operator, String(other)), holds(number, operator, other));
      }),
    );
    for (const yes of [true, 'true', 'True', 1, '1']) assert.ok(holds(true, 'eq', yes) && !holds(false, 'eq', yes), String(yes));
    for (const no of [false, 'false', 'False', 0, '0']) assert.ok(holds(false, 'eq', no), String(no));
    assert.ok(holds(1, 'eq', true));
    assert.ok(holds('24.04', 'gt', 22.04) && holds('8', 'lt', '22.04'), 'versions as numbers');
    assert.ok(!holds(5, 'eq', '') && !holds(5, 'gt', '') && !holds(5, 'gt', 'abc'), 'nonsense is met by nothing');
  });

  it('takes nothing for equal to nothing only, and for no number', () => {
    assert.ok(holds(null, 'eq', null) && holds(undefined, 'eq', null));
    assert.ok(!holds(null, 'eq', 0) && !holds(null, 'eq', ''));
    assert.ok(holds(null, 'neq', 5) && holds(5, 'neq', null));
    for (const operator of ['gt', 'gte', 'lt', 'lte'] as const) assert.ok(!holds(null, operator, 5) && !holds(5, operator, null));
    assert.ok(holds(null, 'in', ['a', null]) && holds(null, 'notin', ['a']));
  });

  it('compares lists only with lists', () => {
    assert.equal(holds(1, 'in', 1), false);
    assert.equal(holds(1, 'notin', 1), false);
    assert.deepEqual(['eq', 'like', 'toString', ''].map(isOperator), [true, false, false, false]);
  });

  it('sorts one way and the other, and keeps nothing last', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer()), { maxLength: 20 }), fc.boolean(), (cells, descending) => {
        const sorted = cells.toSorted((one, other) => compareCells(one, other, descending));
        const values = sorted.filter((value) => value !== null);
        assert.deepEqual(values, values.toSorted((one, other) => (descending ? other - one : one - other)));
        assert.ok(sorted.slice(values.length).every((value) => value === null));
      }),
    );
    assert.ok(compareCells(false, true, false) < 0 && compareCells('a', 'b', true) > 0);
  });

  it('knows which column a filter reads', () => {
    const names = { verified: 'vericode', datacenter: 'hosting_type', driver_version: 'driver_vers', gpu_totalram: 'gpu_total_ram', ubuntu_version: 'os_version', cpu_ram_GB: 'cpu_ram', num_gpus: 'num_gpus', chunked: null, georegion: null };
    for (const [field, column] of Object.entries(names)) assert.equal(columnOf(field), column, field);
  });

  it('finds a place by country or by its whole name', () => {
    const at = (geolocation: string | null, operator: 'eq' | 'neq' | 'in' | 'notin', value: unknown) => meets({ geolocation }, { field: 'geolocation', operator, value });
    assert.ok(at('Texas, US', 'eq', 'US') && at(', US', 'eq', 'US') && at('Texas, US', 'eq', 'Texas, US'));
    assert.ok(!at('Texas, US', 'eq', 'CA') && !at('Texas, US', 'eq', 'California, US'));
    assert.ok(at('Norway, NO', 'in', ['SE', 'NO']) && !at('Norway, NO', 'notin', ['SE', 'NO']));
    assert.ok(!at(null, 'eq', 'US') && at(null, 'neq', 'US') && at(null, 'notin', ['US']) && at(null, 'eq', null));
  });
});
