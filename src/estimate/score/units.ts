import { firstNumber } from './text.ts';

/** What a throughput counts: whole samples (sequences, images, clips), steps, or tokens. */
export interface Work {
  readonly gpus: number;
  readonly tokensPerSample: number | undefined;
  readonly globalBatch: number | undefined;
  readonly microBatch: number | undefined;
  /** The cell of the total work, for epochs of a fixed length. */
  readonly total: string;
}

/**
 * Seconds per sample over the whole machine. Tables count per GPU only where they say so; `node` and the bare unit
 * mean all GPUs of the row. Undefined where the unit says nothing about work: `seconds for the fixed benchmark`.
 */
export function secondsPerSample(value: number, unit: string, work: Work): number | undefined {
  const lower = unit.toLowerCase();
  const [counted = ''] = /^(?:tokens|images|samples|sequences|mel frames|frames|s|ms|seconds?)(?=\/)/.exec(lower) ?? [];
  const per = /^[a-z ]+\/ ?(\w+)/.exec(lower)?.[1] ?? '';
  const perGpu = /\/ ?(?:gpu|device)/.test(lower) ? work.gpus : 1;
  const scale = counted === 'ms' ? 1e-3 : 1;
  if (/^(?:s|ms|second|seconds)$/.test(counted)) {
    const batch = work.globalBatch ?? (work.microBatch === undefined ? undefined : work.microBatch * work.gpus);
    const samples = /^(?:step|it|iter|iteration|batch)$/.test(per) ? batch
      : /^(?:sample|image|token)$/.test(per) ? 1
      : per === 'epoch' ? epochSamples(work.total, batch)
      : undefined;
    return samples === undefined ? undefined : value * scale / samples;
  }
  if (counted === '' || !/^(?:s|sec|second)$/.test(per)) return undefined;
  if (counted === 'mel frames') return framesPerClip / (value * perGpu);
  if (counted !== 'tokens') return 1 / (value * perGpu);
  return work.tokensPerSample === undefined ? undefined : work.tokensPerSample / (value * perGpu);
}

/** An utterance of read speech lasts six and a half seconds; 86 frames show a second. */
const framesPerClip = 560;

/** `250 iterations per epoch` is fixed work, whatever the batch is. */
function epochSamples(total: string, batch: number | undefined): number | undefined {
  const count = firstNumber(total);
  if (count === undefined) return undefined;
  return /iterations/i.test(total) ? count * (batch ?? 1) : /epoch/i.test(total) ? count : undefined;
}
