/** `812 B`, `4.1 MB`, `38 GB`: decimal units, two digits at least, so that a size in a question can be pictured. */
export function fileSize(bytes: number): string {
  let value = bytes;
  let at = 0;
  // What would be shown as a thousand belongs to the next unit.
  while (at < units.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    at++;
  }
  return `${at === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
