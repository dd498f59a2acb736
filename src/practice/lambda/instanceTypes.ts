// The types of instances that Lambda rents, as it listed them on 22 November 2025. Prices are cents per hour for the
// whole instance.

export interface InstanceType {
  readonly name: string;
  readonly description: string;
  readonly gpuDescription: string;
  readonly cents: number;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly storageGib: number;
  readonly gpus: number;
  readonly arm: boolean;
  /** What nvidia-smi says, and GB of one GPU. */
  readonly card: string;
  readonly vramGb: number;
  /** In how many regions Lambda has it, and the share of time that others want it. */
  readonly regions: number;
  readonly demand: number;
}

type Row = readonly [name: string, gpu: string, gpus: number, cents: number, vcpus: number, memoryGib: number, storageGib: number, card: string, vramGb: number, regions: number, demand: number];

const rows: readonly Row[] = [
  ['gpu_1x_gh200', 'GH200 (96 GB)', 1, 149, 64, 432, 4096, 'NVIDIA GH200 480GB', 96, 2, 0.8],
  ['gpu_8x_b200_sxm6', 'B200 (180 GB SXM6)', 8, 3992, 208, 2900, 22_528, 'NVIDIA B200', 180, 3, 0.5],
  ['gpu_8x_h100_sxm5', 'H100 (80 GB SXM5)', 8, 2392, 208, 1800, 22_528, 'NVIDIA H100 80GB HBM3', 80, 4, 0.5],
  ['gpu_4x_h100_sxm5', 'H100 (80 GB SXM5)', 4, 1236, 104, 900, 11_264, 'NVIDIA H100 80GB HBM3', 80, 3, 0.5],
  ['gpu_2x_h100_sxm5', 'H100 (80 GB SXM5)', 2, 638, 52, 450, 5632, 'NVIDIA H100 80GB HBM3', 80, 3, 0.5],
  ['gpu_1x_h100_sxm5', 'H100 (80 GB SXM5)', 1, 329, 26, 225, 2816, 'NVIDIA H100 80GB HBM3', 80, 4, 0.4],
  ['gpu_1x_h100_pcie', 'H100 (80 GB PCIe)', 1, 249, 26, 200, 1024, 'NVIDIA H100 PCIe', 80, 3, 0.5],
  ['gpu_8x_a100_80gb_sxm4', 'A100 (80 GB SXM4)', 8, 1432, 240, 1800, 20_480, 'NVIDIA A100-SXM4-80GB', 80, 4, 0.5],
  ['gpu_1x_a10', 'A10 (24 GB PCIe)', 1, 75, 30, 200, 1400, 'NVIDIA A10', 24, 6, 0.2],
  ['gpu_1x_rtx6000', 'RTX 6000 (24 GB)', 1, 50, 14, 46, 512, 'Quadro RTX 6000', 24, 2, 0.8],
  ['gpu_1x_a100', 'A100 (40 GB PCIe)', 1, 129, 30, 200, 512, 'NVIDIA A100-PCIE-40GB', 40, 2, 0.7],
  ['gpu_1x_a100_sxm4', 'A100 (40 GB SXM4)', 1, 129, 30, 200, 512, 'NVIDIA A100-SXM4-40GB', 40, 6, 0.3],
  ['gpu_2x_a100', 'A100 (40 GB PCIe)', 2, 258, 60, 400, 1024, 'NVIDIA A100-PCIE-40GB', 40, 2, 0.7],
  ['gpu_4x_a100', 'A100 (40 GB PCIe)', 4, 516, 120, 800, 1024, 'NVIDIA A100-PCIE-40GB', 40, 2, 0.7],
  ['gpu_8x_a100', 'A100 (40 GB SXM4)', 8, 1032, 124, 1800, 6144, 'NVIDIA A100-SXM4-40GB', 40, 7, 0.3],
  ['gpu_1x_a6000', 'A6000 (48 GB)', 1, 80, 14, 100, 200, 'NVIDIA RTX A6000', 48, 3, 0.5],
  ['gpu_2x_a6000', 'A6000 (48 GB)', 2, 160, 28, 200, 1024, 'NVIDIA RTX A6000', 48, 2, 0.7],
  ['gpu_4x_a6000', 'A6000 (48 GB)', 4, 320, 56, 400, 1024, 'NVIDIA RTX A6000', 48, 2, 0.7],
  ['gpu_8x_v100', 'Tesla V100 (16 GB)', 8, 440, 92, 448, 6041, 'Tesla V100-SXM2-16GB', 16, 2, 0.6],
  ['cpu_4x_general', 'CPU General (16 GiB)', 0, 20, 4, 16, 100, '', 0, 3, 0.2],
];

export const instanceTypes: readonly InstanceType[] = rows.map(([name, gpu, gpus, cents, vcpus, memoryGib, storageGib, card, vramGb, regions, demand]) => ({
  name,
  description: `${gpus || vcpus}x ${gpu}`,
  gpuDescription: gpus === 0 ? 'N/A' : gpu,
  cents, vcpus, memoryGib, storageGib, gpus, card, vramGb, regions, demand,
  arm: name === 'gpu_1x_gh200',
}));

export const findType = (name: string): InstanceType | undefined => instanceTypes.find((type) => type.name === name);
