import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bucketAt, bucketsBetween, lastBuckets, type BucketSize } from '../../../../src/practice/runpod/rest/buckets.ts';

const sizes: readonly BucketSize[] = ['hour', 'day', 'week', 'month', 'year'];
const sizeArb = fc.constantFrom(...sizes);
const timeArb = fc.integer({ min: Date.UTC(2022, 0), max: Date.UTC(2032, 0) });
const iso = (time: number) => new Date(time).toISOString();

describe('practice RunPod billing buckets', () => {
  it('puts every time into the one bucket that holds it', () => {
    fc.assert(
      fc.property(timeArb, sizeArb, (time, size) => {
        const { from, to } = bucketAt(time, size);
        assert.ok(from <= time && time < to);
        assert.deepEqual(bucketAt(from, size), { from, to });
        assert.deepEqual(bucketAt(to - 1, size), { from, to });
        assert.equal(bucketAt(to, size).from, to);
      }),
    );
  });

  it('covers a period without gaps and snaps it outward', () => {
    fc.assert(
      fc.property(timeArb, fc.integer({ min: 1, max: 400 * 86_400_000 }), sizeArb.filter((size) => size !== 'hour'), (from, length, size) => {
        const buckets = bucketsBetween(from, from + length, size);
        assert.ok((buckets[0]?.from ?? Infinity) <= from);
        const last = buckets.at(-1);
        assert.ok(last !== undefined && last.to >= from + length && last.from < from + length);
        for (const [index, bucket] of buckets.entries()) if (index > 0) assert.equal(bucket.from, buckets[index - 1]?.to);
      }),
    );
  });

  it('counts back from the running bucket', () => {
    const now = Date.UTC(2026, 9, 1, 10, 30);
    const hours = lastBuckets(3, now, 'hour', 0);
    assert.deepEqual(hours.map((bucket) => iso(bucket.from)), ['2026-10-01T08:00:00.000Z', '2026-10-01T09:00:00.000Z', '2026-10-01T10:00:00.000Z']);
    assert.equal(iso(hours.at(-1)?.to ?? 0), '2026-10-01T11:00:00.000Z');
    assert.equal(lastBuckets(1_000_000, now, 'month', Date.UTC(2022, 0)).length, 58);
  });

  it('begins weeks on Monday and months on the first', () => {
    const thursday = Date.UTC(2026, 9, 1, 5);
    assert.equal(iso(bucketAt(thursday, 'week').from), '2026-09-28T00:00:00.000Z');
    assert.equal(iso(bucketAt(thursday, 'month').from), '2026-10-01T00:00:00.000Z');
    assert.equal(iso(bucketAt(thursday, 'year').to), '2027-01-01T00:00:00.000Z');
    assert.equal(iso(bucketAt(Date.UTC(2024, 1, 29), 'month').to), '2024-03-01T00:00:00.000Z');
  });
});
