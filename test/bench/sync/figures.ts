export type Race = Record<'ours' | 'scp' | 'sftp' | 'rsync', number[]>;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const value = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
  return Math.round((value ?? NaN) * 1000) / 1000;
}

/** How many times as long the peer takes; null where it is not installed. */
export const ratio = (peer: readonly number[], ours: readonly number[]): number | null =>
  (peer.length === 0 ? null : Math.round((median(peer) / median(ours)) * 100) / 100);
