import { hasBf16 } from '../catalogue/gpus.ts';
import type { Machine } from '../machine.ts';
import type { Fit } from '../result.ts';
import { microBatchOf } from '../time/transferPhysics.ts';
import type { Workload } from '../workload.ts';

/** Changes that make a run smaller, and by what factor each makes a step longer. */
export type Remedy = NonNullable<Fit['remedy']>;

/** Recomputation is a third more work; torchtune lost 21 % of its speed, ms-swift 30 %. */
const checkpointingSlowdown = 1.33;
const optimizer8bitSlowdown = 1.03;
/** What each halving of the batch costs in fuller launches. */
const halvingSlowdown = 1.06;
/** Weights travel for every layer: little over NVLink, much over PCIe (two RTX 3090: 1.5 to 3.5). */
const shardingSlowdown = { nvlink: 1.15, pcie: 1.6 } as const;
/** Frozen weights need no gradient of their own; packed ones are unpacked for every product. */
const loraSlowdown = 0.75;
const qloraSlowdown = 1.0;

const withCheckpoints = (workload: Workload): readonly Remedy[] =>
  workload.checkpointing ? [] : [{ code: 'checkpointing', change: { checkpointing: true }, slowdown: checkpointingSlowdown }];

/** Every even part of the batch, down to one sample, with as many more forward passes: each step sees the same samples. */
function smallerBatches(workload: Workload): readonly Remedy[] {
  const batch = Math.floor(microBatchOf(workload));
  const parts = Array.from({ length: batch - 1 }, (_, i) => i + 2).filter((part) => batch % part === 0);
  return parts.map((part) => ({
    code: 'smallerBatch',
    change: { microBatch: batch / part, accumulation: (workload.accumulation ?? 1) * part },
    slowdown: halvingSlowdown ** Math.log2(part),
  }));
}

const smallerOptimizer = ({ optimizer }: Workload): readonly Remedy[] =>
  optimizer === 'adamw' || optimizer === 'adamw-bf16' ? [{ code: 'optimizer8bit', change: { optimizer: 'adamw-8bit' }, slowdown: optimizer8bitSlowdown }] : [];

function sharded({ parallelism, gpus }: Workload, { count, gpu }: Machine): readonly Remedy[] {
  if (count < 2 || !['single', 'ddp', 'zero1', 'zero2'].includes(parallelism)) return [];
  const slowdown = gpu.nvlinkGbPerS === undefined ? shardingSlowdown.pcie : shardingSlowdown.nvlink;
  return [{ code: 'sharding', change: { parallelism: 'fsdp', ...(gpus === undefined ? {} : { gpus: count }) }, slowdown }];
}

/** Adapters are made for transformers; a convolutional network is small enough as it is. */
const takesAdapters = ({ task }: Workload): boolean => ['language', 'vision-language', 'diffusion', 'encoder', 'speech'].includes(task);

function adapted(workload: Workload, { gpu }: Machine): { readonly lora: readonly Remedy[]; readonly qlora: readonly Remedy[] } {
  if (!takesAdapters(workload) || workload.method === 'qlora') return { lora: [], qlora: [] };
  const half = hasBf16(gpu) ? 'bf16' : 'fp16';
  const loraRank = workload.loraRank ?? 16;
  return {
    lora: workload.method === 'lora' ? [] : [{ code: 'lora', change: { method: 'lora', loraRank, precision: half, baseWeights: half }, slowdown: loraSlowdown }],
    qlora: [{ code: 'qlora', change: { method: 'qlora', loraRank, precision: half, baseWeights: 'nf4' }, slowdown: qloraSlowdown }],
  };
}

/** Each first change alone, and with each second; the first one names the pair. */
const together = (firsts: readonly Remedy[], seconds: readonly Remedy[]): readonly Remedy[] => firsts.flatMap((first) => seconds.map((second) => ({
  code: first.code, change: { ...second.change, ...first.change }, slowdown: first.slowdown * second.slowdown,
})));

/** In groups, from what only costs time to what trains something else. */
export function remedies(workload: Workload, machine: Machine): readonly (readonly Remedy[])[] {
  const checkpoints = withCheckpoints(workload);
  const batches = smallerBatches(workload);
  const optimizer = smallerOptimizer(workload);
  const sharding = sharded(workload, machine);
  const { lora, qlora } = adapted(workload, machine);
  const same = [...checkpoints, ...batches, ...together(checkpoints, batches)];
  const within = (firsts: readonly Remedy[]): readonly Remedy[] => [...firsts, ...together(firsts, same)];
  return [
    same,
    within(optimizer),
    within(sharding),
    within(together(sharding, optimizer)),
    within(lora),
    within(qlora),
    within(together(qlora, sharding)),
  ];
}
