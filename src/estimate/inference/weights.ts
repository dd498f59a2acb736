import type { Model, ServedWeights } from '../workload.ts';

export type { ServedWeights } from '../workload.ts';

/** Bytes per parameter on average, with scales and with what stays in 16 bits. */
const bytesPer: Readonly<Record<ServedWeights, number>> = { fp32: 4, fp16: 2, fp8: 1.03, int8: 1.05, int4: 0.53, q8: 1.06, q4: 0.606 };

export const weightBytes = (paramsM: number, weights: ServedWeights): number => paramsM * 1e6 * bytesPer[weights];

/** Packed by a server with recorded launches: next to no time between kernels. */
export const recordsLaunches = (weights: ServedWeights): boolean => weights === 'int8' || weights === 'int4' || weights === 'fp8';

export const isExperts = ({ paramsM, activeParamsM }: Model): boolean => activeParamsM !== undefined && activeParamsM < paramsM;

export const layersOf = ({ layers, paramsM }: Model): number => layers ?? Math.max(8, Math.round(32 * Math.cbrt(paramsM / 7000)));

/** Bytes of keys and values that one token leaves for all that follow, in 16 bits. */
export function keyValueBytes(model: Model): number {
  const layers = layersOf(model);
  const hidden = model.hidden ?? Math.sqrt(model.paramsM * 1e6 / (12 * layers));
  const heads = model.heads ?? Math.max(1, Math.round(hidden / 128));
  // Grouped queries are the rule since 2023: an eighth to a quarter of the heads.
  const share = model.kvHeads === undefined ? 0.25 : model.kvHeads / heads;
  return 2 * layers * hidden * share * 2;
}

/**
 * Parameters that one step of `batch` sequences reads. Each token picks its own experts, so a batch soon needs them
 * all, while each token still works with few.
 */
export function paramsRead(model: Model, batch: number): number {
  const active = model.activeParamsM ?? model.paramsM;
  const untouched = (1 - active / model.paramsM) ** Math.max(1, batch);
  return model.paramsM * (1 - untouched);
}
