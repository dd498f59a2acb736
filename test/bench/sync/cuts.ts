/** The line is cut in the middle of each transfer; afterwards both sides are compared byte by byte. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderSync } from '../../../src/domain/sync.ts';
import { type Bench, runProgram } from './bench.ts';

export interface Cut {
  readonly of: string;
  readonly way: 'up' | 'down';
  readonly atBytes: number;
  /** Sent or fetched by the call that was cut and went on, all in all. */
  readonly bytes: number;
  readonly right: boolean;
}

export async function cuts(bench: Bench, sync: FolderSync, folder: string): Promise<readonly Cut[]> {
  const done: Cut[] = [];
  for (const kind of ['oneFile', 'smallFiles']) for (const way of ['up', 'down'] as const) done.push(await cut(bench, sync, join(folder, kind), kind, way));
  return done;
}

async function cut({ door, signal, folder }: Bench, sync: FolderSync, from: string, of: string, way: 'up' | 'down'): Promise<Cut> {
  const to = join(folder, `cut ${of} ${way}`);
  let atBytes = 0;
  const onProgress = ({ bytesDone, bytesInAll }: { readonly bytesDone: number; readonly bytesInAll: number }): void => {
    if (atBytes > 0 || bytesDone < bytesInAll / 2) return;
    atBytes = bytesDone;
    door.cut();
  };
  const { bytes } = await sync[way]({ link: door.link, signal, onProgress, localFolder: way === 'up' ? from : to, remoteFolder: way === 'up' ? to : from });
  const right = await runProgram('diff', ['-rq', from, to]).then(() => true, () => false);
  rmSync(to, { recursive: true, force: true });
  return { of, way, atBytes, bytes, right: right && atBytes > 0 };
}
