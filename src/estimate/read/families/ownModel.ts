/** The model that a script loads, or builds of sizes that stand in it. */
import { modelFromDims } from '../../catalogue/modelDims.ts';
import type { Model } from '../../workload.ts';
import type { Program } from '../python/program.ts';
import { type Call, callOf, lastPart, numberOf, type Place, scalar, type Value } from '../python/value.ts';
import { putBuiltModel, putDefault, putModel, type Reader } from '../reader.ts';
import { argument, valuesOf } from '../table.ts';

const notTrained = /Tokenizer|Processor|FeatureExtractor|Config|Scheduler|VAE|Autoencoder|TextModel|\bcls\b/i;

export function readModel(reader: Reader, { calls }: Program): void {
  const certain = calls.filter((call) => call.certain);
  for (const call of [...certain, ...calls]) {
    if (reader.draft.get('model') !== undefined) return;
    if (/(^|\.)from_pretrained$/.test(call.callee)) {
      if (call.receiver === undefined && !notTrained.test(call.callee)) putModel(reader, argument(call, 'pretrained_model_name_or_path', 0));
    } else if (/(^|\.)create_model$/.test(call.callee)) putModel(reader, argument(call, 'model_name', 0));
    else if (/(^|\.)(get_model|get_torchvision_model)$/.test(call.callee)) putModel(reader, argument(call, 'name', 0));
    else if (/^torch\.hub\.load$/.test(call.callee)) putModel(reader, call.args[1]);
    else if (/^(torchvision\.)?models(\.\w+)*\.[a-z]\w*$/.test(call.callee) && call.of === undefined) putModel(reader, scalar(lastPart(call.callee), call.place));
    else if (call.of !== undefined || /Config$|Transformer|GPT|Llama/.test(call.callee)) buildModel(reader, call);
  }
}

const size = (values: ReadonlyMap<string, Value>, ...names: readonly string[]): Value | undefined =>
  names.map((name) => values.get(name)).find((value) => numberOf(value) !== undefined);

/** A transformer of the script's own, from the sizes in its configuration. */
function buildModel(reader: Reader, call: Call): void {
  const values = valuesOf(call);
  const config = [...call.args, ...call.keywords.values()].map(callOf).find((inner) => inner?.of !== undefined);
  for (const [key, value] of config ? valuesOf(config) : []) if (!values.has(key)) values.set(key, value);
  const dims = transformerSizes(values);
  if (dims === undefined) return;
  putBuiltModel(reader, dims.model, dims.at);
  putDefault(reader, 'task', 'language');
}

export function transformerSizes(values: ReadonlyMap<string, Value>): { readonly model: Model; readonly at: Place } | undefined {
  const layers = size(values, 'n_layer', 'n_layers', 'num_layers', 'num_hidden_layers', 'depth');
  const hidden = size(values, 'n_embd', 'd_model', 'dim', 'hidden_size', 'embed_dim');
  const heads = size(values, 'n_head', 'n_heads', 'num_heads', 'num_attention_heads', 'nhead');
  const vocab = size(values, 'vocab_size', 'n_vocab');
  const [l, h, n, v] = [numberOf(layers), numberOf(hidden), numberOf(heads), numberOf(vocab)];
  if (layers === undefined || l === undefined || h === undefined || n === undefined || v === undefined) return undefined;
  const kvHeads = numberOf(size(values, 'n_kv_heads', 'num_key_value_heads', 'n_kv_head'));
  const ffn = numberOf(size(values, 'intermediate_size', 'd_ff', 'ffn_dim'));
  const model = modelFromDims({ layers: l, hidden: h, heads: n, vocab: v, ...(kvHeads === undefined ? {} : { kvHeads }), ...(ffn === undefined ? {} : { ffn }) });
  return model && { model, at: layers.at };
}
