/** How the figures of a machine are written. Its own words, which are names here, are a stranger's. */
import type { Amount, GpuSample, MachineSample } from '../../domain/machineSample.ts';
import type { Watched } from '../../services/machineWatch.ts';
import type { Translate, Voice } from '../voice.ts';
import { age, line } from '../words.ts';
import { plain } from '../escape.ts';

/** Two answers late: what is shown is no longer of now. */
const oldMs = 6000;

/** `63 % · 18 of 24 GB · 71 °C · 320 W`: the machine on one line, all its cards together. */
export function liveWords({ samples, trouble }: Watched, now: number, { t }: Voice): string {
  const sample = samples.at(-1);
  if (sample === undefined) return trouble === undefined ? t('asking the machine') : t('no answer');
  const old = now - sample.at > oldMs;
  return line(old && age(now - sample.at, t), sample.gpuTrouble === undefined ? gpuWords(sample.gpus, t) : troubleWords(sample.gpuTrouble, t), trouble !== undefined && t('no answer'));
}

function gpuWords(gpus: readonly GpuSample[], t: Translate): string {
  const busy = known(gpus, ({ busy: share }) => share);
  const memory = known(gpus, (gpu) => gpu.memory);
  const celsius = known(gpus, (gpu) => gpu.celsius);
  const watts = known(gpus, (gpu) => gpu.watts);
  return line(
    busy.length > 0 && share(sum(busy) / busy.length),
    memory.length > 0 && ofMemory({ usedBytes: sum(memory.map(({ usedBytes }) => usedBytes)), totalBytes: sum(memory.map(({ totalBytes }) => totalBytes)) }, t),
    celsius.length > 0 && degrees(Math.max(...celsius)),
    watts.length > 0 && power(sum(watts)),
  ) || t('tells no figures');
}

export function troubleWords(trouble: NonNullable<MachineSample['gpuTrouble']>, t: Translate): string {
  switch (trouble) {
    case 'absent':
      return t('no nvidia-smi on it');
    case 'silent':
      return t('its GPU driver does not answer');
    case 'failed':
      return t('its GPU driver fails');
  }
}

export const share = (of: number): string => `${Math.round(of * 100)} %`;
export const degrees = (celsius: number): string => `${Math.round(celsius)} °C`;
export const power = (watts: number): string => `${Math.round(watts)} W`;

const gibibyte = 1024 ** 3;

/** Memory goes by powers of two, as cards are named by it; disks do not. */
export const ofMemory = ({ usedBytes, totalBytes }: Amount, t: Translate): string => t('{0} of {1} GB', size(usedBytes / gibibyte), size(totalBytes / gibibyte));
export const ofDisk = ({ usedBytes, totalBytes }: Amount, t: Translate): string => t('{0} of {1} GB', size(usedBytes / 1e9), size(totalBytes / 1e9));
export const memorySize = (bytes: number): string => `${size(bytes / gibibyte)} GB`;

const size = (gb: number): string => (gb < 9.95 && gb > 0 ? gb.toFixed(1) : String(Math.round(gb)));

export const gpuName = ({ index, name }: GpuSample): string => `${index} · ${plain(name, 40)}`;

function known<T>(gpus: readonly GpuSample[], of: (gpu: GpuSample) => T | undefined): T[] {
  return gpus.flatMap((gpu) => of(gpu) ?? []);
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
