/**
 * nnU-Net's plans.json. An epoch is 250 iterations whatever the data, and the network is planned from the images: its
 * size and work follow from the stages listed here.
 */
import type { Model } from '../../workload.ts';
import { type ConfigFamily, tell, tellDefault, tellNumber } from './job.ts';
import { at, firstAt, has, type Node, numberOf, textOf } from './node.ts';

export const nnunet: ConfigFamily = {
  recognises: ({ root }) => has(root, 'configurations') && has(root, 'plans_name', 'dataset_name', 'original_median_spacing_after_transp'),
  read(job) {
    const { root } = job;
    const name = ['3d_fullres', '3d_lowres', '2d'].find((each) => has(root, `configurations.${each}`));
    const plan = name === undefined ? undefined : at(root, `configurations.${name}`);
    if (plan === undefined || name === undefined) return;
    tell(job, 'stack', 'nnunet', plan);
    tell(job, 'task', 'medical', plan);
    tell(job, 'dataset', textOf(at(root, 'dataset_name')), at(root, 'dataset_name'));
    tellNumber(job, 'globalBatch', at(plan, 'batch_size'), { note: name });
    const patch = at(plan, 'patch_size');
    const sides = numbersIn(patch);
    if (sides.length > 0) tell(job, 'resolution', Math.round(volume(sides) ** (1 / sides.length)), patch, { certainty: 'derived', note: sides.join(' × ') });
    const model = plannedModel(name, plan, sides);
    tell(job, 'model', model, plan, { certainty: 'derived', note: `${name}, ${sides.join(' × ')}` });
    tellDefault(job, 'steps', 250_000, '1000 epochs of 250 iterations');
    tellDefault(job, 'evalPasses', 50_000, '1000 epochs of 50 validation batches');
    tellDefault(job, 'accumulation', 1);
    tellDefault(job, 'optimizer', 'sgd');
    tellDefault(job, 'precision', 'fp16', 'amp');
    tellDefault(job, 'method', 'full');
    tellDefault(job, 'checkpointing', false);
  },
};

const volume = (sides: readonly number[]): number => sides.reduce((product, side) => product * side, 1);
const numbersIn = (node: Node | undefined): readonly number[] => (node?.items ?? []).map(numberOf).filter((each) => each !== undefined && each > 0 && each <= 4096).map(Number);

interface Stage {
  readonly features: number;
  readonly voxels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly convolutions: number;
}

/** Encoder and decoder of plain convolutions. Two modalities and three classes stand for what the plans do not say. */
function plannedModel(name: string, plan: Node, patch: readonly number[]): Model | undefined {
  const stages = stagesOf(plan, patch);
  const [first] = stages;
  if (first === undefined || stages.length < 2 || patch.length === 0) return undefined;
  let params = 0;
  let macs = 0;
  let activations = 0;
  const layer = (inputs: number, outputs: number, kernel: number, voxels: number): void => {
    params += kernel * inputs * outputs;
    macs += kernel * inputs * outputs * voxels;
    activations += outputs * voxels;
  };
  stages.forEach((stage, depth) => {
    for (let index = 0; index < stage.convolutions; index += 1) layer(index === 0 ? stages[depth - 1]?.features ?? 1 : stage.features, stage.features, stage.kernel, stage.voxels);
  });
  stages.slice(1).forEach((below, depth) => {
    const stage = stages[depth];
    if (stage === undefined) return;
    params += below.stride * below.features * stage.features;
    macs += below.features * stage.features * stage.voxels;
    activations += stage.features * stage.voxels;
    for (let index = 0; index < stage.convolutions; index += 1) layer(index === 0 ? 2 * stage.features : stage.features, stage.features, stage.kernel, stage.voxels);
  });
  return {
    name: `nnU-Net ${name}`, paramsM: Math.round(params / 1e4) / 100, gmacs: Math.round(macs / 1e7) / 100, mActs: Math.round(activations / 1e4) / 100,
    resolution: Math.round(volume(patch) ** (1 / patch.length)),
  };
}

/** Older plans state the shape beside the configuration, newer ones inside `architecture`. */
function stagesOf(plan: Node, patch: readonly number[]): readonly Stage[] {
  const shape = at(plan, 'architecture.arch_kwargs') ?? plan;
  const kernels = (firstAt(shape, 'kernel_sizes', 'conv_kernel_sizes')?.items ?? []).map((node) => volume(numbersIn(node)));
  const strides = (firstAt(shape, 'strides', 'pool_op_kernel_sizes')?.items ?? []).map((node) => volume(numbersIn(node)));
  const counts = numbersIn(firstAt(shape, 'n_conv_per_stage', 'n_conv_per_stage_encoder'));
  const features = numbersIn(at(shape, 'features_per_stage'));
  const base = numberOf(at(shape, 'UNet_base_num_features')) ?? 32;
  const most = numberOf(at(shape, 'unet_max_num_features')) ?? 320;
  let voxels = volume(patch);
  return kernels.slice(0, 10).map((kernel, depth) => {
    const stride = strides[depth] ?? 1;
    voxels = Math.max(1, voxels / stride);
    return { features: features[depth] ?? Math.min(most, base * 2 ** depth), voxels, kernel, stride, convolutions: Math.min(10, counts[depth] ?? 2) };
  });
}
