/** The command line of the simulation. */
import { parseArgs } from 'node:util';

export interface ChaosCommand {
  readonly schedules: number;
  readonly seed: number;
  readonly json: boolean;
  readonly mutants: boolean;
  /** Plays this one schedule, as a failure names it, and tells all about it. */
  readonly only: number | undefined;
}

export const usage = 'usage: chaos [--schedules N] [--seed S] [--mutants] [--only SCHEDULE] [--json]';

/** Throws an Error whose message is one line. */
export function readCommandLine(args: readonly string[]): ChaosCommand {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      schedules: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { mutants, json, only } = values;
  return {
    schedules: whole('schedules', values.schedules, 1_000_000),
    seed: whole('seed', values.seed, 1_000_000_000),
    only: only === undefined ? undefined : whole('only', only, Number.MAX_SAFE_INTEGER),
    mutants,
    json,
  };
}

function whole(name: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new RangeError(`--${name} does not take ${text}`);
  return value;
}

/** The number of the n-th schedule of a run: it alone says everything about it. */
export const scheduleNumber = (seed: number, index: number): number => seed * 1_000_000 + index;
