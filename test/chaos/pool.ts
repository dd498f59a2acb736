/** Threads that play schedules. Each has a folder of its own, in memory where the system has such a place. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Schedule } from './schedule.ts';
import type { Played } from './simulation.ts';
import type { WorkerAnswer, WorkerData } from './worker.ts';

export interface Player extends AsyncDisposable {
  /** One at a time; a number stands for the schedule that is made of it. */
  play(day: number | Schedule): Promise<Played>;
}

/** Every commit is flushed to its disk, which costs nothing in memory. */
const fastFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

const ownWorker = new URL('worker.ts', import.meta.url);

/** `entry` is another build of the worker: one with a bug planted in it. */
export function startPlayer(entry: URL = ownWorker, tell?: (line: string) => void): Player {
  const folder = mkdtempSync(join(fastFolder(), 'gpu-rental-chaos-'));
  const workerData: WorkerData = { folder, tell: tell !== undefined };
  // What a day leaves behind is rubbish at once: with more room for the young it is cleared away less often.
  const worker = new Worker(entry, { workerData, stderr: false, resourceLimits: { maxYoungGenerationSizeMb: 64 } });
  let waiting: { readonly day: number | Schedule; resolve(played: Played): void; reject(error: Error): void } | undefined;
  const fail = (error: Error): void => waiting?.reject(error);
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the worker ended')));
  worker.on('message', (answer: WorkerAnswer) => {
    if ('told' in answer) tell?.(answer.told);
    else if ('broken' in answer) fail(new Error(`schedule ${JSON.stringify(waiting?.day)} broke the simulation: ${answer.broken}`));
    else waiting?.resolve(answer.played);
  });
  return {
    play: (day) =>
      new Promise((resolve, reject) => {
        waiting = { day, resolve, reject };
        worker.postMessage(day, []);
      }),
    async [Symbol.asyncDispose]() {
      worker.removeAllListeners('exit');
      await worker.terminate();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Plays all of them on so many threads; `see` gets each as it ends, in no order. */
export async function playAll(schedules: readonly number[], threads: number, see: (schedule: number, played: Played) => void): Promise<void> {
  const left = schedules.values();
  await Promise.all(Array.from({ length: Math.min(threads, schedules.length) }, async () => {
    await using player = startPlayer();
    for (const schedule of left) see(schedule, await player.play(schedule));
  }));
}
