// The GPU models of the practice Vast market. VRAM is what the driver reports
// (a 24 GB card has less); prices are the ranges published for 2025-2026.

export interface GpuModel {
  /** As Vast spells it, with spaces. */
  readonly name: string;
  readonly vramMib: number;
  readonly tflops: number;
  readonly memoryGbPerS: number;
  readonly watts: number;
  /** Compute capability x 100. */
  readonly computeCap: number;
  readonly nvlinkGbPerS: number;
  readonly pciGen: number;
  readonly lowUsd: number;
  readonly highUsd: number;
  /** How many machines of a hundred carry it. */
  readonly share: number;
  /** GPUs per machine that occur. */
  readonly counts: readonly [number, ...number[]];
  readonly datacenter: boolean;
}

type Row = readonly [
  string,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  readonly [number, ...number[]],
  boolean,
];

const few = [1, 1, 2, 4] as const;
const many = [1, 2, 4, 8] as const;
const eight = [8] as const;

const rows: readonly Row[] = [
  ['RTX 3060', 12288, 12.7, 360, 170, 860, 0, 4, 0.05, 0.12, 5, few, false],
  ['RTX 3070', 8192, 20.3, 448, 220, 860, 0, 4, 0.06, 0.14, 2, few, false],
  ['RTX 3080', 10240, 29.8, 760, 320, 860, 0, 4, 0.09, 0.22, 3, few, false],
  ['RTX 3090', 24576, 35.6, 936, 350, 860, 0, 4, 0.18, 0.6, 14, many, false],
  ['RTX 3090 Ti', 24564, 40, 1008, 450, 860, 0, 4, 0.2, 0.55, 1, few, false],
  ['RTX 4070 Ti', 12282, 40.1, 504, 285, 890, 0, 4, 0.12, 0.28, 2, few, false],
  ['RTX 4080', 16376, 48.7, 717, 320, 890, 0, 4, 0.18, 0.4, 3, few, false],
  ['RTX 4090', 24564, 82.6, 1008, 450, 890, 0, 4, 0.29, 0.78, 22, many, false],
  ['RTX 5080', 16303, 56.3, 960, 360, 1200, 0, 5, 0.2, 0.45, 2, few, false],
  ['RTX 5090', 32607, 104.8, 1792, 575, 1200, 0, 5, 0.38, 1.08, 14, many, false],
  ['RTX A4000', 16376, 19.2, 448, 140, 860, 0, 4, 0.09, 0.2, 2, few, false],
  ['RTX A5000', 24564, 27.8, 768, 230, 860, 0, 4, 0.16, 0.35, 3, few, false],
  ['RTX A6000', 49140, 38.7, 768, 300, 860, 0, 4, 0.4, 0.7, 5, many, true],
  ['RTX 6000Ada', 49140, 91.1, 960, 300, 890, 0, 4, 0.58, 0.95, 2, many, true],
  ['RTX PRO 6000 WS', 97887, 126, 1792, 600, 1200, 0, 5, 0.95, 1.7, 2, few, true],
  ['L4', 23034, 30.3, 300, 72, 890, 0, 4, 0.35, 0.5, 2, few, true],
  ['L40S', 46068, 91.6, 864, 350, 890, 0, 4, 0.55, 1, 2, many, true],
  ['A40', 46068, 37.4, 696, 300, 860, 0, 4, 0.3, 0.5, 1, many, true],
  ['A100 PCIE', 40960, 19.5, 1555, 250, 800, 0, 4, 0.8, 1.2, 2, many, true],
  ['A100 PCIE', 81920, 19.5, 1935, 300, 800, 0, 4, 0.84, 1.35, 2, many, true],
  ['A100 SXM4', 40960, 19.5, 1555, 400, 800, 600, 4, 0.8, 1.2, 1, eight, true],
  ['A100 SXM4', 81920, 19.5, 2039, 400, 800, 600, 4, 0.9, 1.49, 3, eight, true],
  ['H100 PCIE', 81559, 51, 2000, 350, 900, 0, 5, 1.47, 2.4, 1, many, true],
  ['H100 SXM', 81559, 67, 3350, 700, 900, 900, 5, 1.65, 2.94, 4, eight, true],
  ['H200', 143771, 67, 4800, 700, 900, 900, 5, 2.1, 3.6, 2, eight, true],
  ['B200', 183359, 80, 8000, 1000, 1000, 1800, 5, 3.2, 5.2, 1, eight, true],
];

export const gpuModels: readonly GpuModel[] = rows.map(
  ([name, vramMib, tflops, memoryGbPerS, watts, computeCap, nvlinkGbPerS, pciGen, lowUsd, highUsd, share, counts, datacenter]) => ({
    name,
    vramMib,
    tflops,
    memoryGbPerS,
    watts,
    computeCap,
    nvlinkGbPerS,
    pciGen,
    lowUsd,
    highUsd,
    share,
    counts,
    datacenter,
  }),
);
