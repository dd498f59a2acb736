/** What the pod's GPUs are doing, and the file through which its `nvidia-smi` learns of it. */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GpuReading {
  name: string;
  memoryMib: number;
  usedMib: number;
  utilPct: number;
  tempC: number;
  powerW: number;
  /** Left out where the card tells none. */
  limitW?: number;
  driver: string;
  cuda: string;
  /** Programs on this GPU. A container's nvidia-smi sees none, so this is left out as a rule. */
  apps?: readonly { pid: number; name: string; usedMib: number }[];
}

export const stateFile = (dir: string): string => join(dir, 'run', 'gpus.tsv');

const clean = (text: string): string => text.replaceAll(/[\t\r\n]+/g, ' ');

/** The same GPU keeps its id over restarts of the pod. */
function uuid(dir: string, index: number): string {
  const hex = createHash('sha256').update(`${dir}\0${index}`).digest('hex');
  return `GPU-${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')}`;
}

const busId = (index: number): string => `00000000:${(index + 1).toString(16).toUpperCase().padStart(2, '0')}:00.0`;

/** One line a GPU and one for each program on it, told apart by the first column. */
export function stateText(dir: string, gpus: readonly GpuReading[]): string {
  const lines = gpus.flatMap((gpu, index) => {
    const id = uuid(dir, index);
    const { memoryMib, usedMib, utilPct, tempC, powerW } = gpu;
    const whole = [memoryMib, usedMib, utilPct, tempC].map((value) => Math.round(value));
    const own = ['gpu', index, clean(gpu.name), id, busId(index), ...whole, powerW.toFixed(2), clean(gpu.driver), clean(gpu.cuda), gpu.limitW?.toFixed(2) ?? ''];
    const apps = (gpu.apps ?? []).map((app) => ['app', index, clean(gpu.name), id, busId(index), app.pid, clean(app.name), app.usedMib]);
    return [own, ...apps];
  });
  return lines.map((line) => `${line.join('\t')}\n`).join('');
}

/** Written whole and moved into place: a reader never sees half of it. */
export function writeState(dir: string, gpus: readonly GpuReading[]): void {
  const path = stateFile(dir);
  const text = stateText(dir, gpus);
  try {
    if (readFileSync(path, 'utf8') === text) return;
  } catch {
    // Not there yet.
  }
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
