import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program of this computer lies; undefined when it has none. */
export function findTool(name: string): string | undefined {
  const named = process.env[`GPU_RENTAL_TEST_${name.toUpperCase()}`];
  const places = named === undefined ? (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)) : [named];
  return places.find((place) => existsSync(place));
}

/** rclone that can also play an S3 server, which came with 1.65. */
export function findRclone(): string | undefined {
  const rclone = findTool('rclone');
  return rclone !== undefined && spawnSync(rclone, ['serve', 's3', '--help']).status === 0 ? rclone : undefined;
}
