import type { Model, Workload } from '../workload.ts';

/** What memory depends on in a transformer: as published, or inferred from the size as such models are usually cut. */
export interface Shape {
  readonly params: number;
  readonly layers: number;
  readonly hidden: number;
  readonly ffn: number;
  readonly gated: boolean;
  readonly heads: number;
  readonly vocab: number;
  /** Parameters of input embedding and output head, which quantisation leaves in 16 bits. */
  readonly embedding: number;
}

/** Heads are 64 to 128 wide, layers about a hundredth of the width: 12·h²·L parameters. */
const widthPerLayer = 128;
const headWidth = 128;
const usualVocab: Partial<Record<Workload['task'], number>> = { language: 100_000, 'vision-language': 150_000, encoder: 30_000 };

export function shapeOf({ model, task }: Workload): Shape | undefined {
  if (model === undefined || !(model.paramsM > 0)) return undefined;
  const params = model.paramsM * 1e6;
  const layers = model.layers ?? Math.max(2, Math.round(widthOf(model) / widthPerLayer));
  const hidden = model.hidden ?? Math.sqrt(params / (12 * layers));
  const vocab = model.vocab ?? usualVocab[task] ?? 0;
  return {
    params, layers, hidden, vocab,
    ffn: model.ffn ?? hidden * 3.5,
    gated: model.gated ?? (task === 'language' || task === 'vision-language'),
    heads: model.heads ?? Math.max(1, Math.round(hidden / headWidth)),
    embedding: Math.min(params / 2, vocab * hidden * (model.tiedEmbeddings ?? false ? 1 : 2)),
  };
}

const widthOf = (model: Model): number => model.hidden ?? Math.cbrt(model.paramsM * 1e6 * widthPerLayer / 12);

/** Parameters of one adapter rank over all linear layers: each matrix adds its height and its width. */
export const paramsPerRank = ({ layers, hidden, ffn, gated }: Shape): number => layers * (8 * hidden + (gated ? 3 : 2) * (hidden + ffn));
