/**
 * What one sample leaves in the denoisers that people train, from peaks that SimpleTuner and PEFT publish, less the
 * weights. Families differ by a factor of seven at equal size, in norms kept in 32 bits, in streams for text and in
 * what is compiled, so a measured figure beats any formula.
 */
export interface Denoiser {
  readonly resolution: number;
  readonly frames: number;
  /** GiB of one sample at that size in 16 bits, with all activations kept and with checkpoints. */
  readonly wholeGib: number;
  readonly checkpointedGib: number;
}

type Row = readonly [name: RegExp, resolution: number, frames: number, wholeGib: number, checkpointedGib: number];

const rows: readonly Row[] = [
  [/aura-?flow/i, 1024, 1, 6.3, 0.5],
  [/chroma/i, 1024, 1, 9.4, 1],
  [/hidream/i, 512, 1, 11, 0.5],
  [/kolors/i, 1024, 1, 2.2, 0.4],
  [/ltx/i, 627, 49, 4.8, 0.4],
  [/lumina/i, 512, 1, 5.4, 0.7],
  [/pixart/i, 1024, 1, 13.4, 1.5],
  [/qwen-?image/i, 1024, 1, 38, 3],
  [/flux\.?2-klein/i, 512, 1, 7, 1.1],
  [/stable-diffusion-v?1|\bsd[ -]?(?:v?1)/i, 512, 1, 1.1, 0.35],
  [/stable-diffusion-3|\bsd-?3/i, 1024, 1, 10, 1.15],
  [/sdxl|stable-diffusion-xl|\bsd-?xl/i, 1024, 1, 8, 1.6],
  [/wan.*1\.3b/i, 632, 81, 69, 2],
  [/z-image/i, 1024, 1, 9.4, 1],
];

export function measuredDenoiser(modelName: string): Denoiser | undefined {
  const row = rows.find(([name]) => name.test(modelName));
  if (row === undefined) return undefined;
  const [, resolution, frames, wholeGib, checkpointedGib] = row;
  return { resolution, frames, wholeGib, checkpointedGib };
}
