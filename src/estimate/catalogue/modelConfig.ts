/** A hub `config.json` as a model. Each family of code has its own words for the same dimensions. */
import type { ConfigNode } from '../../domain/source.ts';
import type { Model } from '../workload.ts';
import { type Dims, modelFromDims } from './modelDims.ts';

/** Undefined for a file that states too little, and for one that is something else. */
export function modelFromConfig(root: ConfigNode): Model | undefined {
  const text = root.entries?.get('text_config') ?? root.entries?.get('llm_config') ?? root;
  const dims = dimsOf(text);
  if (dims === undefined) return undefined;
  const model = modelFromDims({ ...dims, name: word(root, '_name_or_path') ?? word(root, 'model_type') ?? 'config.json' });
  const tower = towerOf(root.entries?.get('vision_config'));
  return model === undefined || tower === 0 ? model : { ...model, paramsM: model.paramsM + tower };
}

/** Families whose code ties input and output embeddings only when told to; everywhere else they are tied. */
const untiedFamilies = /^(?:llama|mistral|mixtral|ministral|qwen\d?|qwen\d_moe|gpt_neox|gptj|phi|phi3|phi3small|phimoe|deepseek.*|internlm\d?|baichuan|chatglm|glm\d?|olmo.*|stablelm|yi|gpt_oss)$/i;
const plainFamilies = /^(?:gpt2|gpt_neo|gpt_neox|gptj|gpt_bigcode|starcoder2|opt|bloom|mpt|falcon|RefinedWebModel|phi|bert|roberta|xlm-roberta|distilbert|deberta.*|electra|albert|bart|mbart|whisper|wav2vec2|hubert)$/i;

function dimsOf(config: ConfigNode): Dims | undefined {
  const { layers, crossLayers } = layersOf(config);
  const hidden = count(config, 'hidden_size', 'n_embd', 'd_model', 'dim', 'hidden_dim');
  const vocab = count(config, 'vocab_size', 'padded_vocab_size');
  const heads = count(config, 'num_attention_heads', 'n_head', 'n_heads', 'num_heads', 'encoder_attention_heads');
  if (layers === undefined || hidden === undefined || vocab === undefined || heads === undefined) return undefined;
  const family = word(config, 'model_type') ?? '';
  // The first Qwen states the width of its two gated halves together.
  const wide = count(config, 'intermediate_size', 'ffn_hidden_size', 'n_inner', 'd_ff', 'ffn_dim', 'encoder_ffn_dim')
    ?? (family === 'distilbert' ? count(config, 'hidden_dim') : undefined);
  const ffn = wide !== undefined && family === 'qwen' ? wide / 2 : wide;
  const headDim = count(config, 'head_dim', 'd_kv', 'kv_channels');
  const kvHeads = count(config, 'num_key_value_heads', 'num_kv_heads', 'multi_query_group_num')
    ?? (value(config, 'multi_query') === true && value(config, 'new_decoder_architecture') !== true ? 1 : undefined);
  const experts = expertsOf(config, ffn);
  return {
    layers, hidden, vocab, heads, crossLayers, gated: gatedIn(config, family), tiedEmbeddings: tiedIn(config, family),
    ...(ffn === undefined ? {} : { ffn }), ...(headDim === undefined ? {} : { headDim }),
    ...(kvHeads === undefined ? {} : { kvHeads }), ...(experts === undefined ? {} : { experts }),
  };
}

function layersOf(config: ConfigNode): { readonly layers?: number; readonly crossLayers: number } {
  const encoder = count(config, 'encoder_layers');
  const decoder = count(config, 'decoder_layers', 'num_decoder_layers') ?? (word(config, 'model_type') === 't5' ? count(config, 'num_layers') : undefined);
  const single = count(config, 'num_hidden_layers', 'n_layer', 'n_layers', 'num_layers');
  // BART and Whisper repeat their encoder's layers under the common name.
  const first = encoder ?? single;
  if (first === undefined) return { crossLayers: 0 };
  return decoder === undefined ? { layers: first, crossLayers: 0 } : { layers: first + decoder, crossLayers: decoder };
}

function expertsOf(config: ConfigNode, ffn: number | undefined): Dims['experts'] {
  const experts = count(config, 'num_local_experts', 'num_experts', 'n_routed_experts');
  const chosen = count(config, 'num_experts_per_tok', 'num_experts_per_token', 'experts_per_token', 'moe_topk');
  const width = count(config, 'moe_intermediate_size') ?? ffn;
  if (experts === undefined || experts < 2 || chosen === undefined || width === undefined) return undefined;
  const shared = count(config, 'shared_expert_intermediate_size') ?? (count(config, 'n_shared_experts') ?? 0) * width;
  return { count: experts, chosen, ffn: width, sharedFfn: shared, denseLayers: count(config, 'first_k_dense_replace') ?? 0 };
}

function gatedIn(config: ConfigNode, family: string): boolean {
  const projection = word(config, 'feed_forward_proj');
  if (projection !== undefined) return projection.startsWith('gated');
  if (plainFamilies.test(family)) return false;
  return /^gemma|^modernbert/i.test(family) || /silu|swi?glu|swish/i.test(word(config, 'hidden_act') ?? word(config, 'hidden_activation') ?? '') || family === 'qwen';
}

function tiedIn(config: ConfigNode, family: string): boolean {
  const stated = value(config, 'tie_word_embeddings');
  return typeof stated === 'boolean' ? stated : !untiedFamilies.test(family);
}

/** Millions of parameters of a vision transformer beside the language model. */
function towerOf(config: ConfigNode | undefined): number {
  if (config === undefined) return 0;
  const layers = count(config, 'num_hidden_layers', 'depth');
  const hidden = count(config, 'hidden_size', 'embed_dim');
  if (layers === undefined || hidden === undefined) return 0;
  const ffn = count(config, 'intermediate_size') ?? 4 * hidden;
  return Math.round((layers * (4 * hidden * hidden + 2 * hidden * ffn)) / 1e4) / 100;
}

const value = (config: ConfigNode, key: string) => config.entries?.get(key)?.value;

function word(config: ConfigNode, key: string): string | undefined {
  const found = value(config, key);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function count(config: ConfigNode, ...keys: readonly string[]): number | undefined {
  const found = keys.map((key) => value(config, key)).find((each) => typeof each === 'number');
  return typeof found === 'number' && Number.isInteger(found) && found > 0 ? found : undefined;
}
