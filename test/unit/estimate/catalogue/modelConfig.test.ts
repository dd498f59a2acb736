import assert from 'node:assert/strict';
import fc from 'fast-check';
import { modelFromConfig } from '../../../../src/estimate/catalogue/modelConfig.ts';
import { modelFromDims } from '../../../../src/estimate/catalogue/modelDims.ts';
import { findModel, modelEntries } from '../../../../src/estimate/catalogue/models.ts';
import { nodeOf, type Plain } from '../read/config/node.ts';

const within = (actual: number | undefined, wanted: number, part = 0.03) =>
  assert.ok(actual !== undefined && Math.abs(actual / wanted - 1) <= part, `${actual} is not about ${wanted}`);

const configs: readonly (readonly [string, number, { readonly [key: string]: Plain }])[] = [
  ['Llama 3 8B', 8030, { model_type: 'llama', num_hidden_layers: 32, hidden_size: 4096, intermediate_size: 14336, num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 128256, hidden_act: 'silu', tie_word_embeddings: false }],
  ['Llama 3.2 1B', 1236, { model_type: 'llama', num_hidden_layers: 16, hidden_size: 2048, intermediate_size: 8192, num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 128256, hidden_act: 'silu', tie_word_embeddings: true }],
  ['Mistral 7B', 7242, { model_type: 'mistral', num_hidden_layers: 32, hidden_size: 4096, intermediate_size: 14336, num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 32000, hidden_act: 'silu' }],
  ['Qwen3 4B', 4022, { model_type: 'qwen3', num_hidden_layers: 36, hidden_size: 2560, intermediate_size: 9728, num_attention_heads: 32, num_key_value_heads: 8, head_dim: 128, vocab_size: 151936, hidden_act: 'silu', tie_word_embeddings: true }],
  ['Qwen 7B', 7721, { model_type: 'qwen', num_hidden_layers: 32, hidden_size: 4096, intermediate_size: 22016, num_attention_heads: 32, vocab_size: 151936 }],
  ['Gemma 2 2B', 2614, { model_type: 'gemma2', num_hidden_layers: 26, hidden_size: 2304, intermediate_size: 9216, num_attention_heads: 8, num_key_value_heads: 4, head_dim: 256, vocab_size: 256000, hidden_act: 'gelu_pytorch_tanh' }],
  ['GPT-2', 124, { model_type: 'gpt2', n_layer: 12, n_embd: 768, n_head: 12, vocab_size: 50257, activation_function: 'gelu_new' }],
  ['Pythia 1.4B', 1415, { model_type: 'gpt_neox', num_hidden_layers: 24, hidden_size: 2048, intermediate_size: 8192, num_attention_heads: 16, vocab_size: 50304 }],
  ['MPT 7B', 6650, { model_type: 'mpt', n_layers: 32, d_model: 4096, n_heads: 32, vocab_size: 50432 }],
  ['Falcon 7B', 6922, { model_type: 'falcon', num_hidden_layers: 32, hidden_size: 4544, num_attention_heads: 71, multi_query: true, vocab_size: 65024 }],
  ['BERT base', 109.5, { model_type: 'bert', num_hidden_layers: 12, hidden_size: 768, intermediate_size: 3072, num_attention_heads: 12, vocab_size: 30522 }],
  ['T5 base', 222.9, { model_type: 't5', num_layers: 12, num_decoder_layers: 12, d_model: 768, d_ff: 3072, d_kv: 64, num_heads: 12, vocab_size: 32128, feed_forward_proj: 'relu' }],
  ['Flan-T5 large', 783.2, { model_type: 't5', num_layers: 24, num_decoder_layers: 24, d_model: 1024, d_ff: 2816, d_kv: 64, num_heads: 16, vocab_size: 32128, feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }],
  ['BART base', 139.4, { model_type: 'bart', encoder_layers: 6, decoder_layers: 6, num_hidden_layers: 6, d_model: 768, encoder_ffn_dim: 3072, encoder_attention_heads: 12, vocab_size: 50265 }],
  ['Whisper small', 241.7, { model_type: 'whisper', encoder_layers: 12, decoder_layers: 12, num_hidden_layers: 12, d_model: 768, encoder_ffn_dim: 3072, encoder_attention_heads: 12, vocab_size: 51865 }],
  ['DistilBERT', 66.4, { model_type: 'distilbert', n_layers: 6, dim: 768, hidden_dim: 3072, n_heads: 12, vocab_size: 30522 }],
];

describe('a model from its config.json', () => {
  for (const [name, paramsM, config] of configs) {
    it(`counts the parameters of ${name}`, () => within(modelFromConfig(nodeOf(config))?.paramsM, paramsM));
  }

  it('counts all experts in memory and the chosen ones at work', () => {
    const mixtral = modelFromConfig(nodeOf({
      model_type: 'mixtral', num_hidden_layers: 32, hidden_size: 4096, intermediate_size: 14336, num_attention_heads: 32, num_key_value_heads: 8,
      vocab_size: 32000, hidden_act: 'silu', num_local_experts: 8, num_experts_per_tok: 2,
    }));
    within(mixtral?.paramsM, 46703);
    within(mixtral?.activeParamsM, 12880);
    assert.equal(mixtral?.ffn, 28672);
    const qwen = modelFromConfig(nodeOf({
      model_type: 'qwen3_moe', num_hidden_layers: 48, hidden_size: 2048, intermediate_size: 6144, moe_intermediate_size: 768, num_attention_heads: 32,
      num_key_value_heads: 4, head_dim: 128, vocab_size: 151936, hidden_act: 'silu', num_experts: 128, num_experts_per_tok: 8,
    }));
    within(qwen?.paramsM, 30532);
    within(qwen?.activeParamsM, 3350);
  });

  it('reads the language part of a model with images and adds the tower', () => {
    const llava = modelFromConfig(nodeOf({
      model_type: 'llava',
      text_config: { model_type: 'llama', num_hidden_layers: 32, hidden_size: 4096, intermediate_size: 11008, num_attention_heads: 32, vocab_size: 32064, hidden_act: 'silu' },
      vision_config: { num_hidden_layers: 24, hidden_size: 1024, intermediate_size: 4096 },
    }));
    within(llava?.paramsM, 7063);
    assert.equal(llava?.hidden, 4096);
  });

  it('calls the model what the file calls it', () => {
    const base = { model_type: 'gpt2', n_layer: 2, n_embd: 64, n_head: 2, vocab_size: 100 };
    assert.equal(modelFromConfig(nodeOf({ ...base, _name_or_path: 'me/tiny' }))?.name, 'me/tiny');
    assert.equal(modelFromConfig(nodeOf(base))?.name, 'gpt2');
  });

  for (const [what, config] of [
    ['nothing', {}], ['a list', [1, 2]], ['a word', 'x'], ['no vocabulary', { num_hidden_layers: 2, hidden_size: 64, num_attention_heads: 2 }],
    ['words for numbers', { n_layer: '12', n_embd: 768, n_head: 12, vocab_size: 50257 }],
    ['a fraction of a layer', { n_layer: 1.5, n_embd: 768, n_head: 12, vocab_size: 50257 }],
    ['no layers', { n_layer: 0, n_embd: 768, n_head: 12, vocab_size: 50257 }],
    ['more than anyone has', { n_layer: 12, n_embd: 1e9, n_head: 12, vocab_size: 50257 }],
  ] as readonly (readonly [string, Plain])[]) {
    it(`makes no model of ${what}`, () => assert.equal(modelFromConfig(nodeOf(config)), undefined));
  }
});

describe('a model from its dimensions', () => {
  it('is GPT-2 where the dimensions are', () => {
    const built = modelFromDims({ layers: 12, hidden: 768, vocab: 50304, heads: 12 });
    within(built?.paramsM, 124.4, 0.01);
    assert.deepEqual([built?.ffn, built?.kvHeads, built?.gated, built?.tiedEmbeddings], [3072, 12, false, true]);
  });

  it('agrees with every dense entry of the table that has ordinary heads', () => {
    let compared = 0;
    for (const { model, headDim, outsideM } of modelEntries) {
      const { layers, hidden, vocab, heads, kvHeads, ffn, gated, tiedEmbeddings } = model;
      if (model.activeParamsM !== undefined || layers === undefined || hidden === undefined || vocab === undefined || heads === undefined) continue;
      if (kvHeads === undefined || ffn === undefined || gated === undefined || tiedEmbeddings === undefined) continue;
      const built = modelFromDims({ layers, hidden, vocab, heads, kvHeads, ffn, gated, tiedEmbeddings, ...(headDim === undefined ? {} : { headDim }) });
      within((built?.paramsM ?? 0) + (outsideM ?? 0), model.paramsM);
      compared += 1;
    }
    assert.ok(compared > 170);
  });

  it('grows with each dimension', () => {
    const size = fc.integer({ min: 1, max: 64 });
    fc.assert(fc.property(size, size, size, fc.constantFrom('layers', 'hidden', 'vocab'), (layers, hidden, vocab, grown) => {
      const dims = { layers, hidden: hidden * 64, vocab: vocab * 1000, heads: 8 };
      const more = modelFromDims({ ...dims, [grown]: dims[grown] * 2 });
      assert.ok((more?.paramsM ?? 0) > (modelFromDims(dims)?.paramsM ?? Infinity));
    }));
  });

  it('refuses sizes that no model has', () => {
    const fair = { layers: 2, hidden: 64, vocab: 100, heads: 2 };
    assert.notEqual(modelFromDims(fair), undefined);
    for (const slip of [{ layers: 0 }, { hidden: -1 }, { vocab: NaN }, { heads: 1.5 }, { hidden: Infinity }, { layers: 1e6 }, { vocab: 1e8 }]) {
      assert.equal(modelFromDims({ ...fair, ...slip }), undefined, JSON.stringify(slip));
    }
  });

  it('stands for the published one under the same name', () => {
    assert.equal(findModel('gpt2')?.layers, modelFromDims({ name: 'gpt2', layers: 12, hidden: 768, vocab: 50257, heads: 12 })?.layers);
  });
});
