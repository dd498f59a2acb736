/** What a type of instance is made of, from `H100 (80 GB SXM5)` and figures in GiB. */
import { gpuName } from '../../domain/gpu.ts';
import { usdPerHour, type UsdPerHour } from '../../domain/money.ts';
import type { InstanceType } from './schemas/instanceType.ts';

export interface Gpu {
  readonly gpu: string;
  /** Per GPU. */
  readonly vramGb: number;
}

/** Undefined where the text is no GPU with its memory. */
export function gpuOf(description: string): Gpu | undefined {
  const [, model, size, form = ''] = /^\s*([\w][\w .+-]{0,40}?)\s*\(\s*(\d{1,4})\s*GB\b\s*([^)]*)\)\s*$/.exec(description) ?? [];
  const vramGb = Number(size);
  if (model === undefined || !(vramGb > 0)) return undefined;
  return { gpu: gpuName(modelName(model, vramGb, form)), vramGb };
}

/** Two cards are sold in two forms that differ; the card of 2018 has the name of its successors. */
function modelName(model: string, vramGb: number, form: string): string {
  if (/^RTX 6000$/i.test(model) && vramGb === 24) return `Quadro ${model}`;
  if (!/^[AH]100$/i.test(model)) return model;
  return /sxm/i.test(form) ? `${model} SXM` : /pcie/i.test(form) ? `${model} PCIe` : model;
}

/** For the whole machine, its disk included. */
export const rateOf = ({ price_cents_per_hour: cents }: InstanceType): UsdPerHour => usdPerHour(cents / 100);

const gib = 2 ** 30;

/** Whole GB of the disk that comes with it; nobody can have another. */
export const diskGbOf = ({ specs }: InstanceType): number => Math.floor((specs.storage_gib * gib) / 1e9);
