import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { searchQuery, type Query } from '../../../../src/providers/vast/query.ts';
import { Pager, smallestCap, type Priced } from '../../../../src/providers/vast/paging.ts';

interface ServerModel {
  readonly rows: readonly Priced[];
  readonly cap: number;
  /** How it orders rows of one price: as asked, the same odd way each time, or differently each time. */
  readonly ties: 'asked' | 'odd' | 'fickle';
  readonly ignoresFilters?: boolean;
}

type Ops = Readonly<Record<string, number>>;
const holds = (value: number, ops: Ops | undefined): boolean =>
  Object.entries(ops ?? {}).every(([op, other]) => (op === 'gte' ? value >= other : op === 'lte' ? value <= other : op === 'gt' ? value > other : value === other));

/** What a server with these habits answers to a query of ours. */
function answerOf(server: ServerModel, query: Query, round: number): Priced[] {
  const scramble = (id: number): number => (Math.imul(id, 2_654_435_761) ^ (server.ties === 'fickle' ? Math.imul(round + 1, 40_503) : 0)) >>> 0;
  const limit = Math.min(server.cap, Number(query['limit']));
  return server.rows
    .filter((row) => server.ignoresFilters === true || (holds(row.price, query['dph_total'] as Ops | undefined) && holds(row.id, query['ask_contract_id'] as Ops | undefined)))
    .toSorted((a, b) => a.price - b.price || (server.ties === 'asked' ? a.id - b.id : scramble(a.id) - scramble(b.id)))
    .slice(0, limit);
}

interface Walk {
  readonly found: number[];
  readonly more: boolean;
  readonly searches: number;
}

function walk(server: ServerModel): Walk {
  const pager = new Pager();
  const found: number[] = [];
  for (let searches = 1; ; searches++) {
    assert.ok(searches < 500, 'the search never ends');
    const rows = answerOf(server, searchQuery({ diskGb: 40 }, 'on-demand', undefined, pager.start), searches);
    const { fresh, next } = pager.take({ length: rows.length, rows });
    found.push(...fresh);
    if ('end' in next) return { found, more: next.more, searches };
  }
}

/** Many offers over few prices, so that ties fill whole pages. */
const market = fc
  .tuple(fc.integer({ min: 0, max: 700 }), fc.array(fc.integer({ min: 10_000, max: 5_000_000 }).map((micros) => micros / 1e6), { minLength: 1, maxLength: 60 }), fc.integer())
  .map(([count, prices, seed]) =>
    Array.from({ length: count }, (_, index): Priced => {
      const chance = (Math.imul(index + 1, 747_796_405) ^ seed) >>> 0;
      return { id: 1 + index, price: prices[chance % prices.length] ?? 1 };
    }),
  );
const cap = fc.constantFrom(64, 100, 1_000, 3_000, Number.POSITIVE_INFINITY);
/** A few of the offers that were not found: enough to see, and quick to print. */
function missing(rows: readonly Priced[], found: readonly number[]): number[] {
  const seen = new Set(found);
  return rows.map(({ id }) => id).filter((id) => !seen.has(id)).slice(0, 3);
}

describe('paging by price', () => {
  it('finds every offer once, whatever the cap, when equal prices are ordered as asked', () => {
    fc.assert(
      fc.property(market, cap, (rows, cap) => {
        const { found, more } = walk({ rows, cap, ties: 'asked' });
        assert.equal(new Set(found).size, found.length);
        assert.deepEqual(missing(rows, found), []);
        assert.equal(more, false);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('never claims to have everything when it has not, whatever the order of equal prices', () => {
    fc.assert(
      fc.property(market, cap, fc.constantFrom('odd' as const, 'fickle' as const), (rows, cap, ties) => {
        const { found, more } = walk({ rows, cap, ties });
        assert.equal(new Set(found).size, found.length);
        if (found.length < rows.length) assert.equal(more, true);
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('still reads on above a price that it cannot read through', () => {
    const tie = Array.from({ length: 200 }, (_, index) => ({ id: 1 + index, price: 0.5 }));
    const dearer = Array.from({ length: 30 }, (_, index) => ({ id: 1_000 + index, price: 0.6 + index / 100 }));
    const { found, more } = walk({ rows: [...tie, ...dearer], cap: 64, ties: 'odd' });
    assert.ok(dearer.every(({ id }) => found.includes(id)));
    assert.equal(more, true);
  });

  it('ends at once on a page that cannot have been cut off', () => {
    const few = Array.from({ length: smallestCap - 1 }, (_, index) => ({ id: 1 + index, price: 0.1 }));
    assert.deepEqual(walk({ rows: few, cap: 64, ties: 'asked' }), { found: few.map(({ id }) => id), more: false, searches: 1 });
    assert.deepEqual(walk({ rows: [], cap: 64, ties: 'asked' }), { found: [], more: false, searches: 1 });
  });

  it('needs one search to see that a long page was all', () => {
    const rows = Array.from({ length: 500 }, (_, index) => ({ id: 1 + index, price: 0.1 + index / 1_000 }));
    const { searches, more } = walk({ rows, cap: Number.POSITIVE_INFINITY, ties: 'asked' });
    assert.deepEqual([searches, more], [2, false]);
  });

  it('gives up on a server that answers the same whatever it is asked', () => {
    const rows = Array.from({ length: 300 }, (_, index) => ({ id: 1 + index, price: 0.1 + index / 1_000 }));
    const { found, more, searches } = walk({ rows, cap: 64, ties: 'asked', ignoresFilters: true });
    assert.deepEqual([found.length, more, searches], [64, true, 2]);
  });

  it('gives up on pages that are not ordered by price, or not readable', () => {
    const rows = Array.from({ length: 64 }, (_, index) => ({ id: 1 + index, price: index % 2 }));
    assert.deepEqual(new Pager().take({ length: 64, rows }).next, { end: true, more: true });
    assert.deepEqual(new Pager().take({ length: 64, rows: [] }).next, { end: true, more: true });
  });

  it('survives prices that differ in their last digit', () => {
    const price = 0.1 + 0.2;
    const rows = Array.from({ length: 130 }, (_, index) => ({ id: 1 + index, price: index % 2 === 0 ? price : 0.3 }));
    const { found } = walk({ rows, cap: 64, ties: 'asked' });
    assert.equal(new Set(found).size, found.length);
  });
});
