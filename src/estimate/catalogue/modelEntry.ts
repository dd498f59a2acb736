/**
 * How the tables of models are written: one line a model, its names first. The first name is the one shown; all of
 * them are found, in any writing that `modelNames.ts` takes for the same.
 */
import type { Model } from '../workload.ts';

export interface ModelEntry {
  readonly model: Model;
  readonly names: readonly string[];
  /** Width of one attention head where it is not hidden ÷ heads (Gemma, Qwen3). */
  readonly headDim?: number;
  /** Millions of parameters that the dimensions do not cover: a vision tower, a projector, learned positions. */
  readonly outsideM?: number;
}

/** Names separated by spaces, millions of parameters, layers, hidden, feed-forward, heads, key-value heads, vocabulary. */
export type DecoderRow = readonly [
  names: string, paramsM: number, layers: number, hidden: number, ffn: number, heads: number, kvHeads: number, vocab: number,
  more?: { readonly headDim?: number; readonly outsideM?: number; readonly activeParamsM?: number },
];

export function transformers(kind: { readonly gated: boolean; readonly tied: boolean }, rows: readonly DecoderRow[]): readonly ModelEntry[] {
  return rows.map(([written, paramsM, layers, hidden, ffn, heads, kvHeads, vocab, more = {}]) => {
    const { activeParamsM, ...beside } = more;
    const { name, names } = split(written);
    const active = activeParamsM === undefined ? {} : { activeParamsM };
    const sizes = { layers, hidden, ffn, gated: kind.gated, heads, kvHeads, vocab, tiedEmbeddings: kind.tied };
    return { model: { name, paramsM, ...active, ...sizes }, names, ...beside };
  });
}

/** Names, millions of parameters, billions of multiply-accumulates, pixels of a side, millions of activations. */
export type ImageRow = readonly [names: string, paramsM: number, gmacs: number, resolution: number, mActs?: number];

export function imageModels(rows: readonly ImageRow[]): readonly ModelEntry[] {
  return rows.map(([written, paramsM, gmacs, resolution, mActs]) => {
    const { name, names } = split(written);
    return { model: { name, paramsM, gmacs, resolution, ...(mActs === undefined ? {} : { mActs }) }, names };
  });
}

/** Models of which no more than the size is published, or whose shape no field here describes. */
export type BareRow = readonly [names: string, paramsM: number, more?: Omit<Partial<Model>, 'name' | 'paramsM'>];

export function bareModels(rows: readonly BareRow[]): readonly ModelEntry[] {
  return rows.map(([written, paramsM, more = {}]) => {
    const { name, names } = split(written);
    return { model: { name, paramsM, ...more }, names };
  });
}

function split(written: string): { readonly name: string; readonly names: readonly string[] } {
  const names = written.split(' ');
  return { name: names[0] ?? written, names };
}
