/** Parameters that the dimensions of a transformer make up. Biases, norms and learned positions are below a percent. */
import type { Model } from '../workload.ts';

export interface Dims {
  readonly layers: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly heads: number;
  readonly kvHeads?: number;
  readonly headDim?: number;
  /** Four times the hidden width where nothing else is said, as in GPT-2. */
  readonly ffn?: number;
  readonly gated?: boolean;
  readonly tiedEmbeddings?: boolean;
  /** Layers among `layers` that attend to an encoder as well and so have a second attention. */
  readonly crossLayers?: number;
  readonly experts?: { readonly count: number; readonly chosen: number; readonly ffn: number; readonly sharedFfn: number; readonly denseLayers: number };
}

/** A model built in code. Undefined for sizes no model has: a slip in a script must not become a bill. */
export function modelFromDims(dims: Dims & { readonly name?: string }): Model | undefined {
  const { layers, hidden, vocab, heads } = dims;
  const kvHeads = dims.kvHeads ?? heads;
  const ffn = dims.ffn ?? 4 * hidden;
  if (![layers, hidden, heads, kvHeads, ffn].every((size) => Number.isInteger(size) && size > 0 && size < 1e6)) return undefined;
  if (!Number.isInteger(vocab) || vocab < 1 || vocab > 1e7) return undefined;
  const gated = dims.gated ?? false;
  const tiedEmbeddings = dims.tiedEmbeddings ?? true;
  const sized = { ...dims, kvHeads, ffn, gated, tiedEmbeddings };
  const paramsM = millions(sized, dims.experts?.count);
  const active = dims.experts === undefined ? {} : { activeParamsM: millions(sized, dims.experts.chosen) };
  const name = dims.name ?? `${layers} layers × ${hidden}`;
  return { name, paramsM, ...active, layers, hidden, ffn: workingFfn(sized), gated, heads, kvHeads, vocab, tiedEmbeddings };
}

type Sized = Dims & Required<Pick<Dims, 'kvHeads' | 'ffn' | 'gated' | 'tiedEmbeddings'>>;

/** With `experts` of them counted in each layer that has them. */
function millions(dims: Sized, experts: number | undefined): number {
  const { layers, hidden } = dims;
  const attention = 2 * hidden * (dims.headDim ?? hidden / dims.heads) * (dims.heads + dims.kvHeads);
  const matrices = (dims.gated ? 3 : 2) * hidden;
  const mixed = dims.experts === undefined ? 0 : layers - dims.experts.denseLayers;
  const mixedFfn = dims.experts === undefined ? 0 : dims.experts.ffn * (experts ?? 0) + dims.experts.sharedFfn;
  const router = dims.experts === undefined ? 0 : hidden * dims.experts.count;
  const feedForward = matrices * ((layers - mixed) * dims.ffn + mixed * mixedFfn) + mixed * router;
  const embeddings = dims.vocab * hidden * (dims.tiedEmbeddings ? 1 : 2);
  return Math.round((embeddings + (layers + (dims.crossLayers ?? 0)) * attention + feedForward) / 1e4) / 100;
}

const workingFfn = (dims: Sized): number =>
  (dims.experts === undefined ? dims.ffn : dims.experts.ffn * dims.experts.chosen + dims.experts.sharedFfn);
