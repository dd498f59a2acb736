/**
 * What the GPUs of a practice machine show: idle, unless a job claims to load them. Use and memory are what the job
 * says; temperature and power follow from it and waver with market time, as they do on a real card.
 */
import type { GpuReading } from './pod/pod.ts';
import { chanceAt } from './random.ts';

export interface Load {
  readonly utilPct: number;
  readonly usedMib: number;
  readonly program?: { readonly pid: number; readonly name: string };
}

/** `87 18000`, and behind it `4321 python train.py` where the job says who it is. */
export function parseLoad(text: string): Load {
  const [util = '', used = '', pid = '', ...name] = text.trim().split(/\s+/);
  const load = { utilPct: Math.min(100, Math.max(0, Number(util) || 0)), usedMib: Math.max(0, used === '' ? 2 : Number(used) || 0) };
  return /^[1-9]\d*$/.test(pid) && name.length > 0 ? { ...load, program: { pid: Number(pid), name: name.join(' ') } } : load;
}

export interface Card {
  readonly name: string;
  readonly memoryMib: number;
  readonly driver: string;
  readonly cuda: string;
}

const limitW = 360;
/** How often a reading changes. */
const stepMs = 1000;

/** `at` is market time. */
export function gpuReading({ name, memoryMib, driver, cuda }: Card, load: Load, id: string, at: number): GpuReading {
  const { utilPct, program } = load;
  const usedMib = Math.min(memoryMib, load.usedMib);
  const waver = (of: string): number => chanceAt(id, of, Math.floor(at / stepMs)) - 0.5;
  return {
    name, memoryMib, driver, cuda, utilPct, usedMib, limitW,
    tempC: 29 + Math.floor(chanceAt(id, 'place') * 8) + Math.round(utilPct * 0.4 + 2 * waver('temperature')),
    powerW: 18 + utilPct * 3.2 + (1 + utilPct / 10) * waver('power'),
    ...(program === undefined ? {} : { apps: [{ ...program, usedMib }] }),
  };
}
