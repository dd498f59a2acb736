import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commonName, findModel, modelEntries, modelNamed, taskOfModel } from '../../../../src/estimate/catalogue/models.ts';
import { tableKey } from '../../../../src/estimate/catalogue/modelNames.ts';

/** Weights of embeddings, attention and feed-forward part, in millions; biases and norms are below a percent. */
function counted(entry: (typeof modelEntries)[number]): number | undefined {
  const { layers, hidden, ffn, gated, heads, kvHeads, vocab, tiedEmbeddings } = entry.model;
  if (layers === undefined || hidden === undefined || ffn === undefined || heads === undefined || kvHeads === undefined) return undefined;
  if (vocab === undefined || tiedEmbeddings === undefined || entry.model.activeParamsM !== undefined) return undefined;
  const head = entry.headDim ?? hidden / heads;
  const layer = 2 * hidden * head * (heads + kvHeads) + (gated === true ? 3 : 2) * hidden * ffn;
  return (vocab * hidden * (tiedEmbeddings ? 1 : 2) + layers * layer) / 1e6 + (entry.outsideM ?? 0);
}

describe('the table of models', () => {
  it('states dimensions that make up the stated parameters within 3 percent', () => {
    const dense = modelEntries.filter((entry) => counted(entry) !== undefined);
    assert.ok(dense.length > 170, `${dense.length} dense models carry every dimension`);
    for (const entry of dense) {
      const ratio = (counted(entry) ?? 0) / entry.model.paramsM;
      assert.ok(Math.abs(ratio - 1) <= 0.03, `${entry.model.name}: ${ratio.toFixed(3)} of what is stated`);
    }
  });

  it('gives no name to two models', () => {
    const owners = new Map<string, string>();
    for (const { model, names } of modelEntries) {
      for (const name of names) {
        const key = tableKey(name);
        assert.equal(owners.get(key) ?? model.name, model.name, `${name} names two`);
        owners.set(key, model.name);
      }
    }
  });

  it('finds each model by each of its names, and knows what it is trained for', () => {
    for (const { model, names } of modelEntries) {
      for (const name of names) assert.equal(findModel(name)?.name, model.name, name);
      assert.notEqual(taskOfModel(model.name), undefined);
    }
  });

  it('lets no mixture of experts work with more parameters than it has', () => {
    const mixtures = modelEntries.filter(({ model }) => model.activeParamsM !== undefined);
    assert.ok(mixtures.length > 10);
    for (const { model } of mixtures) assert.ok((model.activeParamsM ?? 0) < model.paramsM, model.name);
  });
});

describe('finding a model', () => {
  const sameModel: readonly (readonly [written: string, name: string])[] = [
    ['meta-llama/Meta-Llama-3-8B-Instruct', 'meta-llama/Meta-Llama-3-8B'],
    ['unsloth/llama-3-8b-bnb-4bit', 'meta-llama/Meta-Llama-3-8B'],
    ['NousResearch/Meta-Llama-3-8B', 'meta-llama/Meta-Llama-3-8B'],
    ['llama3_1_8b', 'meta-llama/Llama-3.1-8B'],
    ['models--meta-llama--Llama-3.1-8B/snapshots/0a1b', 'meta-llama/Llama-3.1-8B'],
    ['TheBloke/Llama-2-7B-GPTQ', 'meta-llama/Llama-2-7b-hf'],
    ['meta-llama/Llama-2-7b-chat-hf', 'meta-llama/Llama-2-7b-hf'],
    ['TinyLlama/TinyLlama-1.1B-Chat-v1.0', 'TinyLlama/TinyLlama-1.1B'],
    ['HuggingFaceH4/zephyr-7b-beta', 'mistralai/Mistral-7B-v0.1'],
    ['mistralai/Mistral-7B-Instruct-v0.3', 'mistralai/Mistral-7B-v0.3'],
    ['Qwen/Qwen3-4B-Instruct-2507', 'Qwen/Qwen3-4B'],
    ['unsloth/Qwen3-14B-Base-unsloth-bnb-4bit', 'Qwen/Qwen3-14B'],
    ['Qwen/Qwen-1_8B-Chat', 'Qwen/Qwen-1_8B'],
    ['01-ai/Yi-1.5-9B-Chat-16K', '01-ai/Yi-9B'],
    ['EleutherAI/pythia-1.4b-deduped', 'EleutherAI/pythia-1.4b'],
    ['google/gemma-2-9b-it', 'google/gemma-2-9b'],
    ['lmsys/vicuna-13b-v1.5', 'meta-llama/Llama-2-13b-hf'],
    ['resnet18', 'resnet18'],
    ['torchvision.models.resnet50', 'resnet50'],
    ['timm/vit_base_patch16_224.augreg2_in21k_ft_in1k', 'vit_base_patch16_224'],
    ['ResNet50_Weights.IMAGENET1K_V2', 'resnet50'],
    ['ViT-B/32', 'vit_base_patch32_224'],
    ['./weights/yolov8n.pt', 'yolov8n'],
    ['yolov8m-seg.pt', 'yolov8m-seg'],
    ['C:\\models\\sd_xl_base_1.0.safetensors', 'stabilityai/stable-diffusion-xl-base-1.0'],
    ['openai/whisper-small.en', 'openai/whisper-small'],
    ['ResNet-50 (MLPerf)', 'resnet50'],
    ['SD 1.5 (dreamshaper-8)', 'stable-diffusion-v1-5/stable-diffusion-v1-5'],
    ['bert-base-cased', 'google-bert/bert-base-cased'],
  ];
  for (const [written, name] of sameModel) {
    it(`takes ${written} for ${name}`, () => assert.equal(findModel(written)?.name, name));
  }

  for (const unknown of [
    '', ' ', '/', '...', 'llama', 'mistral', 'bert', './outputs', 'checkpoint-500', 'llama-3-9b', 'resnet', 'resnet51', 'my-llama-3-8b-eagle',
    'llama-31-8b', 'qwen2.5-7b-rm', 'tiny-random-llama-3', 'gpt-4', 'speculator-llama-3-8b', 'sdxl-vae', 'controlnet-sdxl', 'constructor', 'LLaMA 70B (Llama 2)', '(gpt2)', 'whisper-small-base', 'resnet50-base',
  ]) {
    it(`knows no ${JSON.stringify(unknown)}`, () => assert.equal(findModel(unknown), undefined));
  }

  const names = modelEntries.flatMap(({ names }) => names);
  const decoration = fc.constantFrom(
    'instruct', 'chat', 'it', 'hf', 'bnb-4bit', 'GPTQ', 'AWQ', 'gguf', '2407', '20240229', 'v0.1', 'v2', 'unsloth-bnb-4bit', '128k', 'base', 'fp16',
    'mini', 'large', 'small', 'xl', '7b', '70b', '1.5b', 'x', 'a3b', 'moe', 'vision', 'vl', 'lora', 'draft', 'tiny', '2', '3.1', '50', '18', 'seg',
  );

  it('never takes a decorated name for a model of another size', () => {
    // A larger relative whose whole name the decorated one spells is what was asked for, not a mistake.
    const spelled = new Map(modelEntries.flatMap(({ model, names }) => names.map((name) => [tableKey(name), model] as const)));
    fc.assert(fc.property(fc.constantFrom(...names), fc.array(decoration, { maxLength: 4 }), fc.constantFrom('-', '_'), (name, added, by) => {
      const written = [name, ...added].join(by);
      const found = findModel(written);
      if (found === undefined) return;
      const telling = added.filter((each) => !/^(?:\d{1,3}k|2407|20240229|instruct|chat|it|hf|bnb-4bit|gptq|awq|gguf|unsloth-bnb-4bit|base|fp16)$/i.test(each));
      const plain = telling.filter((each) => !/^v\d/.test(each));
      const begun = telling.map((_, at) => telling.slice(0, telling.length - at));
      const meant = [added, ...begun, plain].map((words) => spelled.get(tableKey([name, ...words].join(by)))).find((model) => model !== undefined) ?? (plain.length === 0 ? findModel(name) : undefined);
      assert.equal(found.paramsM, meant?.paramsM, `${written} was taken for ${found.name}`);
    }), { numRuns: 2000 });
  });

  it('finds the same model under any organisation and case', () => {
    fc.assert(fc.property(fc.constantFrom(...names), fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/), fc.boolean(), (name, owner, loud) => {
      const bare = name.split('/').at(-1) ?? name;
      assert.equal(findModel(`${owner}/${loud ? bare.toUpperCase() : bare}`)?.name, findModel(name)?.name);
    }));
  });

  it('ends on any text without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      const found = findModel(text);
      if (found !== undefined) assert.ok(found.paramsM > 0);
    }));
  });
});

describe('a model under the name a script gives it', () => {
  it('is a fine-tuned one by its own name, with the sizes of its base', () => {
    for (const [name, base] of [['lmsys/vicuna-13b-v1.5', 'meta-llama/Llama-2-13b-hf'], ['NousResearch/Meta-Llama-3-8B', 'meta-llama/Meta-Llama-3-8B']] as const) {
      const { name: said, ...sizes } = modelNamed(name) ?? assert.fail(name);
      const { name: known, ...ofBase } = findModel(base) ?? assert.fail(base);
      assert.deepEqual([said, known], [name, base]);
      assert.deepEqual(sizes, ofBase);
      assert.equal(commonName(name), base);
    }
  });

  it('is the published name for a file, a folder or a short form', () => {
    for (const name of ['sd_xl_base_1.0.safetensors', 'models/sd_xl_base_1.0.safetensors', 'gpt2']) {
      assert.equal(modelNamed(name)?.name, findModel(name)?.name, name);
    }
    assert.equal(modelNamed('nobody/knows-this'), undefined);
    assert.equal(commonName('nobody/knows-this'), 'nobody/knows-this');
  });
});
