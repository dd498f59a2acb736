// Time buckets of RunPod's billing answers, in UTC; weeks begin on Monday.

export type BucketSize = 'hour' | 'day' | 'week' | 'month' | 'year';

export interface Bucket {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
// 1970-01-01 was a Thursday; the Monday before it lies three days back.
const weekOffsetMs = 3 * dayMs;

export function bucketAt(time: number, size: BucketSize): Bucket {
  if (size === 'hour') return fixed(time, hourMs, 0);
  if (size === 'day') return fixed(time, dayMs, 0);
  if (size === 'week') return fixed(time, 7 * dayMs, weekOffsetMs);
  const date = new Date(time);
  const year = date.getUTCFullYear();
  if (size === 'year') return { from: Date.UTC(year, 0), to: Date.UTC(year + 1, 0) };
  return { from: Date.UTC(year, date.getUTCMonth()), to: Date.UTC(year, date.getUTCMonth() + 1) };
}

function fixed(time: number, length: number, offset: number): Bucket {
  const from = Math.floor((time + offset) / length) * length - offset;
  return { from, to: from + length };
}

/** The buckets from..to touches, oldest first. */
export function bucketsBetween(from: number, to: number, size: BucketSize): Bucket[] {
  const buckets: Bucket[] = [];
  for (let bucket = bucketAt(from, size); bucket.from < to; bucket = bucketAt(bucket.to, size)) buckets.push(bucket);
  return buckets;
}

/** The last `count` buckets, the one of `now` included, but none before `earliest`. */
export function lastBuckets(count: number, now: number, size: BucketSize, earliest: number): Bucket[] {
  const buckets = [bucketAt(now, size)];
  for (let first = buckets[0]; first !== undefined && buckets.length < count && first.from > earliest; first = buckets[0]) {
    buckets.unshift(bucketAt(first.from - 1, size));
  }
  return buckets;
}
