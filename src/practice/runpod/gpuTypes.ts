// The GPU types RunPod rents, as its catalogue names them. Prices are dollars
// per GPU and hour, from published comparisons where there are any; 0 means
// that the cloud does not offer the type.

export type Cloud = 'SECURE' | 'COMMUNITY';

export interface GpuType {
  readonly id: string;
  readonly name: string;
  readonly memoryGb: number;
  readonly manufacturer: 'NVIDIA' | 'AMD' | 'UNKNOWN';
  readonly price: Readonly<Record<Cloud, number>>;
  readonly maxCount: Readonly<Record<Cloud, number>>;
  readonly cudaCores: number;
  readonly pool: string | null;
  /** How many hosts a cloud has of it: 0 hardly any, 3 plenty. */
  readonly plenty: 0 | 1 | 2 | 3;
  /** Only for accounts that RunPod has let in: creating one gives 403. */
  readonly byInvitation: boolean;
}

type Row = readonly [id: string, name: string, memoryGb: number, secure: number, community: number, maxSecure: number, maxCommunity: number, cores: number, pool: string | null, plenty: GpuType['plenty']];

const rows: readonly Row[] = [
  ['AMD Instinct MI300X OAM', 'MI300X', 192, 1.99, 0, 8, 0, 19456, null, 1],
  ['NVIDIA A100 80GB PCIe', 'A100 PCIe', 80, 1.39, 1.19, 8, 8, 6912, 'AMPERE_80', 3],
  ['NVIDIA A100-SXM4-80GB', 'A100 SXM', 80, 1.49, 1.35, 8, 4, 6912, 'AMPERE_80', 3],
  ['NVIDIA A30', 'A30', 24, 0, 0.22, 0, 4, 3584, null, 0],
  ['NVIDIA A40', 'A40', 48, 0.4, 0.35, 10, 4, 10752, 'AMPERE_48', 2],
  ['NVIDIA B200', 'B200', 180, 5.19, 0, 8, 0, 18432, 'BLACKWELL_180', 1],
  ['NVIDIA B300 SXM6 AC', 'B300', 288, 6.19, 0, 8, 0, 18944, null, 1],
  ['NVIDIA GeForce RTX 3070', 'RTX 3070', 8, 0, 0.13, 0, 4, 5888, null, 0],
  ['NVIDIA GeForce RTX 3080', 'RTX 3080', 10, 0.18, 0.17, 4, 4, 8704, null, 0],
  ['NVIDIA GeForce RTX 3080 Ti', 'RTX 3080 Ti', 12, 0, 0.18, 0, 4, 10240, null, 0],
  ['NVIDIA GeForce RTX 3090', 'RTX 3090', 24, 0.46, 0.34, 8, 8, 10496, 'AMPERE_24', 2],
  ['NVIDIA GeForce RTX 3090 Ti', 'RTX 3090 Ti', 24, 0, 0.36, 0, 4, 10752, 'AMPERE_24', 0],
  ['NVIDIA GeForce RTX 4070 Ti', 'RTX 4070 Ti', 12, 0, 0.19, 0, 4, 7680, null, 0],
  ['NVIDIA GeForce RTX 4080', 'RTX 4080', 16, 0, 0.27, 0, 4, 9728, null, 1],
  ['NVIDIA GeForce RTX 4080 SUPER', 'RTX 4080 SUPER', 16, 0, 0.28, 0, 4, 10240, null, 0],
  ['NVIDIA GeForce RTX 4090', 'RTX 4090', 24, 0.59, 0.49, 8, 8, 16384, 'ADA_24', 3],
  ['NVIDIA GeForce RTX 5080', 'RTX 5080', 16, 0, 0.39, 0, 4, 10752, null, 1],
  ['NVIDIA GeForce RTX 5090', 'RTX 5090', 32, 0.89, 0.69, 8, 8, 21760, 'ADA_32_PRO', 2],
  ['NVIDIA H100 80GB HBM3', 'H100 SXM', 80, 2.69, 2.29, 8, 8, 16896, 'ADA_80_PRO', 2],
  ['NVIDIA H100 NVL', 'H100 NVL', 94, 2.59, 0, 8, 0, 16896, 'ADA_80_PRO', 1],
  ['NVIDIA H100 PCIe', 'H100 PCIe', 80, 2.39, 1.99, 8, 8, 14592, 'ADA_80_PRO', 2],
  ['NVIDIA H200', 'H200 SXM', 141, 3.59, 0, 8, 0, 16896, 'HOPPER_141', 1],
  ['NVIDIA H200 NVL', 'H200 NVL', 143, 3.39, 0, 8, 0, 16896, 'HOPPER_141', 0],
  ['NVIDIA L4', 'L4', 24, 0.39, 0.32, 8, 8, 7424, 'AMPERE_24', 3],
  ['NVIDIA L40', 'L40', 48, 0.99, 0.69, 8, 4, 18176, 'ADA_48_PRO', 1],
  ['NVIDIA L40S', 'L40S', 48, 0.86, 0.79, 8, 4, 18176, 'ADA_48_PRO', 2],
  ['NVIDIA RTX 2000 Ada Generation', 'RTX 2000 Ada', 16, 0.24, 0, 4, 0, 2816, null, 1],
  ['NVIDIA RTX 4000 Ada Generation', 'RTX 4000 Ada', 20, 0.26, 0.2, 8, 4, 6144, null, 2],
  ['NVIDIA RTX 4000 SFF Ada Generation', 'RTX 4000 Ada SFF', 20, 0, 0.18, 0, 2, 6144, null, 0],
  ['NVIDIA RTX 5000 Ada Generation', 'RTX 5000 Ada', 32, 0, 0.55, 0, 4, 12800, null, 0],
  ['NVIDIA RTX 6000 Ada Generation', 'RTX 6000 Ada', 48, 0.77, 0.74, 8, 8, 18176, 'ADA_48_PRO', 2],
  ['NVIDIA RTX A2000', 'RTX A2000', 6, 0, 0.12, 0, 4, 3328, null, 0],
  ['NVIDIA RTX A4000', 'RTX A4000', 16, 0.25, 0.17, 8, 8, 6144, 'AMPERE_16', 2],
  ['NVIDIA RTX A4500', 'RTX A4500', 20, 0.25, 0.19, 8, 4, 7168, 'AMPERE_16', 2],
  ['NVIDIA RTX A5000', 'RTX A5000', 24, 0.27, 0.22, 8, 8, 8192, 'AMPERE_24', 2],
  ['NVIDIA RTX A6000', 'RTX A6000', 48, 0.49, 0.42, 8, 8, 10752, 'AMPERE_48', 2],
  ['NVIDIA RTX PRO 4500 Blackwell', 'RTX PRO 4500', 32, 0.72, 0, 4, 0, 10496, null, 1],
  ['NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition', 'RTX PRO 6000 MaxQ', 96, 1.79, 0, 8, 0, 24064, 'BLACKWELL_96', 0],
  ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 'RTX PRO 6000', 96, 1.89, 0, 8, 0, 24064, 'BLACKWELL_96', 2],
  ['NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb', 'RTX PRO 6000 MIG 24GB', 24, 0.52, 0, 1, 0, 6016, null, 1],
  ['NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 2g.48gb', 'RTX PRO 6000 MIG 48GB', 48, 0.99, 0, 1, 0, 12032, null, 1],
  ['NVIDIA RTX PRO 6000 Blackwell Workstation Edition', 'RTX PRO 6000 WK', 96, 1.99, 1.79, 4, 4, 24064, 'BLACKWELL_96', 1],
  ['Tesla V100-PCIE-16GB', 'Tesla V100', 16, 0, 0.18, 0, 4, 5120, null, 0],
  ['Tesla V100-SXM2-16GB', 'V100 SXM2', 16, 0, 0.19, 0, 8, 5120, null, 0],
  ['Tesla V100-SXM2-32GB', 'V100 SXM2 32GB', 32, 0.29, 0.24, 8, 8, 5120, null, 0],
  // The live catalogue carries this placeholder, and every client has to drop it.
  ['unknown', 'unknown', 0, 0, 0, 0, 0, 0, null, 0],
];

function manufacturer(id: string): GpuType['manufacturer'] {
  if (id.startsWith('AMD')) return 'AMD';
  return id === 'unknown' ? 'UNKNOWN' : 'NVIDIA';
}

export const gpuTypes: readonly GpuType[] = rows.map(([id, name, memoryGb, secure, community, maxSecure, maxCommunity, cudaCores, pool, plenty]) => ({
  id,
  name,
  memoryGb,
  manufacturer: manufacturer(id),
  price: { SECURE: secure, COMMUNITY: community },
  maxCount: { SECURE: maxSecure, COMMUNITY: maxCommunity },
  cudaCores,
  pool,
  plenty,
  byInvitation: id === 'NVIDIA B300 SXM6 AC',
}));

export function findGpuType(id: string): GpuType | undefined {
  return gpuTypes.find((type) => type.id === id);
}
