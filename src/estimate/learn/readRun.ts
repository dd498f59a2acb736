/** What a file of a run says: `trainer_state.json`, or the output of a trainer. */
import { gpuName } from '../../domain/gpu.ts';
import { findGpu } from '../catalogue/gpus.ts';
import type { Gpu } from '../machine.ts';
import type { Progress } from './progress.ts';
import { readProgress } from './readLog.ts';
import { progressOfState, readTrainerState } from './trainerState.ts';

export interface RunFile {
  /** Undefined before thirty steps, and where the file holds no times. */
  readonly progress?: Progress;
  /** A trainer's state of a run that has not ended: it counts steps and keeps no times. */
  readonly withoutTimes: boolean;
  /** The card that the output names, where it names one kind alone. */
  readonly gpu?: Gpu;
}

export function readRunFile(text: string): RunFile {
  const state = readTrainerState(text);
  const progress = state === undefined ? readProgress(text) : progressOfState(state);
  const gpu = gpuIn(text);
  return { withoutTimes: state !== undefined && state.seconds === undefined, ...(progress === undefined ? {} : { progress }), ...(gpu === undefined ? {} : { gpu }) };
}

const readCharacters = 400_000;

/** `NVIDIA GeForce RTX 4090`, as drivers, PyTorch and ultralytics print it. */
function gpuIn(text: string): Gpu | undefined {
  const named = [...text.slice(0, readCharacters).matchAll(/\b(?:NVIDIA|Tesla) [A-Z][\w-]*(?: [\w-]+){0,4}/g)].flatMap(([words]) => longestName(words) ?? []);
  const names = new Set(named.map(({ name, vramGb }) => `${name} ${vramGb}`));
  return names.size === 1 ? named[0] : undefined;
}

/** What follows the name, `, 24217MiB` or `with CUDA`, is no part of it. */
function longestName(words: string): Gpu | undefined {
  const parts = words.split(' ');
  for (let length = parts.length; length >= 2; length -= 1) {
    const name = parts.slice(0, length).join(' ');
    const gpu = findGpu(gpuName(name));
    if (gpu !== undefined) return gpu;
  }
  return undefined;
}
