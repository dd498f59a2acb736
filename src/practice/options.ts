// The command line of the practice market.
import { parseArgs } from 'node:util';
import { createFaults } from './faults.ts';
import { createRandom } from './random.ts';
import type { MarketOptions } from './market.ts';

export interface CommandLine {
  readonly market: MarketOptions;
  readonly json: boolean;
}

export const usage = 'usage: market [--seed N] [--offers N] [--clock-rate R] [--latency-ms N] [--fault NAME=P]… [--boot-scale X] [--json]';

function number(name: string, text: string | undefined, allowed: (value: number) => boolean): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || !allowed(value)) throw new RangeError(`--${name} does not take ${text}`);
  return value;
}

function readFaults(given: readonly string[]): Record<string, number> {
  const faults: Record<string, number> = {};
  for (const text of given) {
    const [name = '', probability = ''] = text.split('=');
    faults[name] = probability === '' ? Number.NaN : Number(probability);
  }
  // Made only to have the names and probabilities checked.
  createFaults(createRandom(0), faults);
  return faults;
}

/** Throws an Error whose message is one line. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      seed: { type: 'string' },
      offers: { type: 'string' },
      'clock-rate': { type: 'string' },
      'latency-ms': { type: 'string' },
      'boot-scale': { type: 'string' },
      fault: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  });
  const given: Record<string, number | undefined> = {
    seed: number('seed', values.seed, Number.isInteger),
    offers: number('offers', values.offers, (value) => Number.isInteger(value) && value >= 0 && value <= 100_000),
    clockRate: number('clock-rate', values['clock-rate'], (value) => value > 0),
    latencyMs: number('latency-ms', values['latency-ms'], (value) => value >= 0),
    bootScale: number('boot-scale', values['boot-scale'], (value) => value >= 0),
  };
  const market = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { market: { ...market, faults: readFaults(values.fault ?? []) }, json: values.json ?? false };
}
