/**
 * What the large clouds and Lambda ask for whole machines, as their lists stood on the day named: for comparison only,
 * never for a bill. A spot price is of the cheapest zone on that day; zones of one region differ up to threefold.
 */
import { type Cloud, vcpusInName } from './clouds.ts';

export interface ListPrice {
  readonly cloud: Cloud;
  readonly instance: string;
  readonly gpu: string;
  readonly gpuCount: number;
  /** Of each GPU, in GB. */
  readonly vramGb: number;
  /** Of the whole machine, CPU and memory included; disk and traffic are not. */
  readonly usdPerHour: number;
  /** What it costs while nobody pays more; undefined where the list does not tell. */
  readonly spotUsdPerHour?: number;
  readonly vcpus?: number;
  readonly ramGb?: number;
  readonly region: string;
  /** Day on which the list was read, as year-month-day. */
  readonly readOn: string;
  readonly source: string;
}

type Row = readonly [instance: string, gpu: string, gpuCount: number, vramGb: number, usdPerHour: number, spotUsdPerHour?: number];

const list = (cloud: Cloud, region: string, readOn: string, source: string, rows: readonly Row[]): readonly ListPrice[] =>
  rows.map(([instance, gpu, gpuCount, vramGb, usdPerHour, spotUsdPerHour]) => {
    const vcpus = vcpusInName(cloud, instance);
    return {
      cloud, instance, gpu, gpuCount, vramGb, usdPerHour, region, readOn, source,
      ...(spotUsdPerHour === undefined ? {} : { spotUsdPerHour }), ...(vcpus === undefined ? {} : { vcpus }),
    };
  });

export const listPrices: readonly ListPrice[] = [
  ...list('aws', 'us-east-1', '2026-07-20', 'karpenter-provider-aws', [
    ['g4dn.xlarge', 'T4', 1, 16, 0.526],
    ['g4dn.2xlarge', 'T4', 1, 16, 0.752],
    ['g4dn.12xlarge', 'T4', 4, 16, 3.912],
    ['g5.xlarge', 'A10G', 1, 24, 1.006],
    ['g5.2xlarge', 'A10G', 1, 24, 1.212],
    ['g5.12xlarge', 'A10G', 4, 24, 5.672],
    ['g5.48xlarge', 'A10G', 8, 24, 16.288],
    ['g6.xlarge', 'L4', 1, 24, 0.8048],
    ['g6.2xlarge', 'L4', 1, 24, 0.9776],
    ['g6.12xlarge', 'L4', 4, 24, 4.6016],
    ['g6.48xlarge', 'L4', 8, 24, 13.3504],
    ['g6e.xlarge', 'L40S', 1, 48, 1.861],
    ['g6e.2xlarge', 'L40S', 1, 48, 2.24208],
    ['g6e.12xlarge', 'L40S', 4, 48, 10.49264],
    ['g6e.48xlarge', 'L40S', 8, 48, 30.13118],
    ['g7.2xlarge', 'RTX PRO 4500', 1, 32, 2.52],
    ['g7e.2xlarge', 'RTX PRO 6000 S', 1, 96, 3.36312],
    ['g7e.48xlarge', 'RTX PRO 6000 S', 8, 96, 33.14432],
    ['p3.2xlarge', 'V100', 1, 16, 3.06],
    ['p3.8xlarge', 'V100', 4, 16, 12.24, 1.4932],
    ['p3.16xlarge', 'V100', 8, 16, 24.48],
    ['p3dn.24xlarge', 'V100', 8, 32, 31.212, 4.5474],
    ['p4d.24xlarge', 'A100 SXM', 8, 40, 21.957642, 6.5323],
    ['p4de.24xlarge', 'A100 SXM', 8, 80, 27.44705, 14.2574],
    ['p5.4xlarge', 'H100 SXM', 1, 80, 6.88, 5.4046],
    ['p5.48xlarge', 'H100 SXM', 8, 80, 55.04, 16.9508],
    ['p5en.48xlarge', 'H200', 8, 141, 63.296, 14.8209],
    ['p6-b200.48xlarge', 'B200', 8, 180, 113.9328, 23.8385],
    ['p6-b300.48xlarge', 'B300', 8, 268, 142.416],
  ]),
  ...list('azure', 'eastus', '2026-06-18', 'karpenter-provider-azure', [
    ['Standard_NC4as_T4_v3', 'T4', 1, 16, 0.526],
    ['Standard_NC64as_T4_v3', 'T4', 4, 16, 4.352],
    ['Standard_NC6s_v3', 'V100', 1, 16, 3.06],
    ['Standard_NC24s_v3', 'V100', 4, 16, 12.24],
    ['Standard_NV36ads_A10_v5', 'A10', 1, 24, 3.2],
    ['Standard_NC24ads_A100_v4', 'A100 PCIe', 1, 80, 3.673],
    ['Standard_NC48ads_A100_v4', 'A100 PCIe', 2, 80, 7.346],
    ['Standard_NC96ads_A100_v4', 'A100 PCIe', 4, 80, 14.692],
    ['Standard_ND96asr_v4', 'A100 SXM', 8, 40, 27.197],
    ['Standard_ND96amsr_A100_v4', 'A100 SXM', 8, 80, 32.77],
    ['Standard_NC40ads_H100_v5', 'H100 NVL', 1, 94, 6.98],
    ['Standard_NC80adis_H100_v5', 'H100 NVL', 2, 94, 13.96],
    ['Standard_ND96isr_H100_v5', 'H100 SXM', 8, 80, 98.32],
    ['Standard_ND96is_noIB_H100_v5', 'H100 SXM', 8, 80, 88.488],
    ['Standard_ND128isr_NDR_GB200_v6', 'GB200', 4, 186, 108.16],
  ]),
  ...list('gcp', 'us-central1', '2026-08-03', 'karpenter-provider-gcp', [
    ['g2-standard-4', 'L4', 1, 24, 0.7068, 0.3973],
    ['g2-standard-8', 'L4', 1, 24, 0.8536, 0.4799],
    ['g2-standard-24', 'L4', 2, 24, 2.0008, 1.1248],
    ['g2-standard-48', 'L4', 4, 24, 4.0017, 2.2496],
    ['g2-standard-96', 'L4', 8, 24, 8.0033, 4.4993],
    ['g4-standard-48', 'RTX PRO 6000 S', 1, 96, 4.4999, 1.7998],
    ['g4-standard-384', 'RTX PRO 6000 S', 8, 96, 35.9994, 14.3986],
    ['a2-highgpu-1g', 'A100 SXM', 1, 40, 3.6734, 1.928],
    ['a2-highgpu-2g', 'A100 SXM', 2, 40, 7.3468, 3.856],
    ['a2-highgpu-4g', 'A100 SXM', 4, 40, 14.6935, 7.7121],
    ['a2-highgpu-8g', 'A100 SXM', 8, 40, 29.3871, 15.4242],
    ['a2-megagpu-16g', 'A100 SXM', 16, 40, 55.7395, 29.2557],
    ['a2-ultragpu-1g', 'A100 SXM', 1, 80, 5.0688, 2.7595],
    ['a2-ultragpu-8g', 'A100 SXM', 8, 80, 40.5504, 22.0764],
    ['a3-highgpu-1g', 'H100 SXM', 1, 80, 11.0612, 6.3262],
    ['a3-highgpu-2g', 'H100 SXM', 2, 80, 22.1225, 12.6524],
    ['a3-highgpu-4g', 'H100 SXM', 4, 80, 44.245, 25.3048],
    ['a3-highgpu-8g', 'H100 SXM', 8, 80, 88.49, 50.6095],
  ]),
  ...list('lambda', 'all', '2026-08-21', 'gpu-pricing-tracker', [
    ['gpu_1x_gh200', 'GH200', 1, 96, 2.29],
  ]),
  ...list('lambda', 'all', '2025-11-22', 'lambda-ai-cloud-api-client', [
    ['gpu_8x_b200_sxm6', 'B200', 8, 180, 39.92],
    ['gpu_8x_h100_sxm5', 'H100 SXM', 8, 80, 23.92],
    ['gpu_4x_h100_sxm5', 'H100 SXM', 4, 80, 12.36],
    ['gpu_2x_h100_sxm5', 'H100 SXM', 2, 80, 6.38],
    ['gpu_8x_a100_80gb_sxm4', 'A100 SXM', 8, 80, 14.32],
    ['gpu_1x_a10', 'A10', 1, 24, 0.75],
    ['gpu_1x_rtx6000', 'Quadro RTX 6000', 1, 24, 0.5],
    ['gpu_1x_a100', 'A100 PCIe', 1, 40, 1.29],
    ['gpu_2x_a100', 'A100 PCIe', 2, 40, 2.58],
    ['gpu_4x_a100', 'A100 PCIe', 4, 40, 5.16],
    ['gpu_8x_a100', 'A100 SXM', 8, 40, 10.32],
    ['gpu_1x_a6000', 'RTX A6000', 1, 48, 0.8],
    ['gpu_2x_a6000', 'RTX A6000', 2, 48, 1.6],
    ['gpu_4x_a6000', 'RTX A6000', 4, 48, 3.2],
    ['gpu_8x_v100', 'V100', 8, 16, 4.4],
  ]),
  ...list('lambda', 'all', '2026-05-24', 'tardellirs/gpu-pricing', [
    ['gpu_1x_h100_sxm5', 'H100 SXM', 1, 80, 4.29],
    ['gpu_1x_h100_pcie', 'H100 PCIe', 1, 80, 3.29],
    ['gpu_1x_a100_sxm4', 'A100 SXM', 1, 40, 1.99],
  ]),
];
