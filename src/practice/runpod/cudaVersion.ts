/** Orders "12.9" before "12.11", part by part; a bare major counts as its first release. */
export function compareCuda(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}
