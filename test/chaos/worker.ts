/** Plays schedules, one at a time, in a thread whose time and chance are the schedule's. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeSchedule, type Schedule } from './schedule.ts';
import { play, type Played } from './simulation.ts';

export interface WorkerData {
  /** A fast folder of this worker's own. */
  readonly folder: string;
  readonly tell?: boolean;
}

export type WorkerAnswer =
  | { readonly played: Played }
  | { readonly broken: string }
  | { readonly told: string };

const { folder, tell } = workerData as WorkerData;
const port = parentPort;
if (port === null) throw new Error('this is a worker');

// Most errors of a bad day are expected, and nobody reads where they came from.
if (tell !== true) Error.stackTraceLimit = 0;

const answer = (what: WorkerAnswer): void => port.postMessage(what, []);

port.on('message', (day: number | Schedule) => {
  play(typeof day === 'number' ? makeSchedule(day) : day, { folder, ...(tell === true ? { tell: (told: string) => answer({ told }) } : {}) }).then(
    (played) => answer({ played }),
    (error: unknown) => answer({ broken: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
