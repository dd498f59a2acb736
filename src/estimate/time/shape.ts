import type { Model } from '../workload.ts';

/** What the work of a transformer depends on. Where only its size is known, the rest follows common proportions. */
export interface Shape {
  /** Parameters that every token passes. */
  readonly active: number;
  /** Parameters in memory, which is what is moved between GPUs and updated. */
  readonly total: number;
  readonly layers: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly experts: boolean;
}

/** Published models are about 128 wide per layer: 12·L·h² parameters with h = 128·L. */
const widthPerLayer = 128;
const usualVocab = 50_257;

export function shapeOf(model: Model): Shape | undefined {
  const total = model.paramsM * 1e6;
  if (!(total > 0)) return undefined;
  const active = (model.activeParamsM ?? model.paramsM) * 1e6;
  const layers = model.layers ?? Math.max(4, Math.round(Math.cbrt(active / (12 * widthPerLayer ** 2))));
  return {
    active, total, layers,
    hidden: model.hidden ?? Math.max(64, Math.round(Math.sqrt(active / (12 * layers)) / 64) * 64),
    vocab: model.vocab ?? usualVocab,
    experts: model.activeParamsM !== undefined && model.activeParamsM < model.paramsM * 0.9,
  };
}
