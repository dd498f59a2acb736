import assert from 'node:assert/strict';
import type { OfferId } from '../../src/domain/offer.ts';
import type { RunLog } from '../../src/domain/runLog.ts';
import type { Parsers } from '../../src/domain/source.ts';
import { exactly } from '../../src/estimate/band.ts';
import { listPrices } from '../../src/estimate/catalogue/prices.ts';
import { ownRunsOf } from '../../src/estimate/learn/ownRuns.ts';
import { createTools } from '../../src/estimate/offers/createTools.ts';
import { createSpeeds } from '../../src/estimate/offers/servingTools.ts';
import type { EstimateTools } from '../../src/estimate/offers/tools.ts';
import { createEstimator } from '../../src/estimator.ts';
import { estimatorWith, remembered } from '../../src/estimating.ts';
import type { EstimatorDeps } from '../../src/learning.ts';
import { loadParsers } from '../../src/syntax/parsers.ts';
import { offer } from '../fakes/offers.ts';

const script = `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from datasets import load_dataset
model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-0.5B", torch_dtype="bfloat16")
data = load_dataset("tatsu-lab/alpaca", split="train")
args = TrainingArguments(output_dir="out", num_train_epochs=2, per_device_train_batch_size=4, bf16=True, gradient_checkpointing=True)
trainer = Trainer(model=model, args=args, train_dataset=data)
trainer.train()
`;
const files = [{ path: 'train.py', text: script }];
const nothing = { given: new Map() };
const market = [
  offer({ id: 'vast:big' as OfferId, gpu: 'H100 SXM', vramGb: 80, gpuUsd: 2.2 }),
  offer({ id: 'vast:usual' as OfferId }),
  offer({ id: 'vast:tiny' as OfferId, gpu: 'RTX 3050', vramGb: 4, gpuUsd: 0.05 }),
];

const deps = (change: Partial<EstimatorDeps> = {}): EstimatorDeps => ({
  log: { lines: () => Promise.resolve([]), append: () => Promise.resolve() },
  hub: { config: () => Promise.resolve(undefined), splits: () => Promise.resolve(undefined) },
  now: () => 7,
  ...change,
});

const predicting = (predict: EstimateTools['predict']): EstimateTools => ({ ...createTools([]), predict });

describe('the estimator of the product', () => {
  const estimator = createEstimator(() => deps());

  it('reads a script and says what it costs on every offer', async () => {
    const reading = await estimator.read(files, nothing);
    assert.deepEqual([reading.workload.epochs, reading.workload.microBatch, reading.workload.samples, reading.workload.model?.name], [2, 4, 52_002, 'Qwen/Qwen2.5-0.5B']);
    const { all, ranked, front, picks, elsewhere } = await estimator.estimate(reading, market);
    assert.deepEqual(all.map(({ offer: { id } }) => id), market.map(({ id }) => id));
    assert.equal(all.find(({ offer: { id } }) => id === 'vast:tiny')?.fit.verdict, 'no');
    assert.deepEqual(new Set(ranked.map(({ offer: { id } }) => id)), new Set(['vast:usual', 'vast:big']));
    assert.ok(front.length > 0 && picks.cheapest && picks.fastest && elsewhere.length > 0);
    const fastest = picks.fastest;
    assert.ok(ranked.every(({ hours }) => hours.likely >= (fastest?.hours.likely ?? Infinity)));
    for (const { hours, usd } of ranked) assert.ok(hours.low <= hours.likely && hours.likely <= hours.high && usd.low <= usd.likely && usd.likely <= usd.high && usd.low > 0);
  });

  it('counts the same job elsewhere at the prices that were read last', async () => {
    const dearer = listPrices.map((price) => ({ ...price, usdPerHour: 2 * price.usdPerHour, readOn: '2026-11-29' }));
    const clouds = { prices: listPrices };
    const informed = createEstimator(() => deps({ cloudPrices: async () => clouds }));
    const reading = await informed.read(files, nothing);
    const of = async (): Promise<unknown[]> => (await informed.estimate(reading, market)).elsewhere.map(({ cloud, usd, readOn }) => [cloud, usd, readOn]);
    const before = await of();
    assert.deepEqual(before, (await estimator.estimate(reading, market)).elsewhere.map(({ cloud, usd, readOn }) => [cloud, usd, readOn]));
    clouds.prices = dearer;
    const [first] = await of() as [string, number, string][];
    const old = (before as [string, number, string][]).find(([cloud]) => cloud === first?.[0]);
    assert.ok(first && old && Math.abs(first[1] - 2 * old[1]) <= 2);
    assert.equal(first[2], '2026-11-29');
  });

  it('costs more when somebody says that it trains longer', async () => {
    const cost = async (epochs: number): Promise<number> => {
      const reading = await estimator.read(files, { given: new Map([['epochs', epochs]]) });
      return (await estimator.estimate(reading, market)).picks.cheapest?.usd.likely ?? NaN;
    };
    const [two, eight] = [await cost(2), await cost(8)];
    assert.ok(eight > two * 3 && eight < two * 4.01, `${two} and ${eight}`);
  });

  it('says of other texts that nothing trains there', async () => {
    const reading = await estimator.read([{ path: 'hello.py', text: 'print("hello")\n' }], nothing);
    assert.deepEqual(reading.gaps.map(({ code }) => code), ['notTraining']);
    assert.deepEqual((await estimator.estimate(reading, market)).ranked, []);
  });
});

describe('what an estimator learns', () => {
  it('stands for the prediction on that machine, corrects it on others, and is kept', async () => {
    const lines: string[] = [];
    const log: RunLog = { lines: () => Promise.resolve([...lines]), append: (line) => Promise.resolve(void lines.push(line)) };
    const estimator = createEstimator(() => deps({ log }));
    const reading = await estimator.read(files, nothing);
    const time = async (of: typeof estimator, key: string): Promise<number> =>
      (await of.estimate(reading, market)).all.find(({ offer: { id } }) => id === `vast:${key}`)?.time?.secondsPerSample.likely ?? NaN;
    const [usual, big] = [await time(estimator, 'usual'), await time(estimator, 'big')];
    // Three times as long as was thought: four samples a step.
    const progress = { step: 100, secondsPerStep: 12 * usual, unit: 'step' } as const;
    assert.equal(await estimator.learn(reading, { script: 'train.py', progress, gpu: 'RTX 4090', vramGb: 24, gpuCount: 1 }), true);
    assert.ok(Math.abs((await time(estimator, 'usual')) / (3 * usual) - 1) < 1e-6);
    assert.ok(Math.abs((await time(estimator, 'big')) / (3 ** 0.9 * big) - 1) < 1e-6, 'what was slow on one card is slow on others');
    assert.deepEqual(ownRunsOf(lines).map(({ script: name, run: { gpu } }) => [name, gpu]), [['train.py', 'RTX 4090']]);
    const open = await estimator.read([{ path: 'train.py', text: script.replace('per_device_train_batch_size=4', 'per_device_train_batch_size=int(input())') }], nothing);
    assert.equal(await estimator.learn(open, { script: 'train.py', progress, gpu: 'RTX 4090', vramGb: 24, gpuCount: 1 }), false);
    assert.equal(lines.length, 1);
    // Fitting the evidence anew takes seconds of a core.
  }).timeout(60_000);

  it('is nothing where the log cannot be read, and the estimate is there all the same', async () => {
    const estimator = createEstimator(() => deps({ log: { lines: () => Promise.reject(new Error('torn')), append: () => Promise.resolve() } }));
    assert.equal((await estimator.read(files, nothing)).workload.epochs, 2);
  });
});

describe('what an estimator looks up', () => {
  const named = script.replace('Qwen/Qwen2.5-0.5B', 'some-lab/unheard-of');
  const config = JSON.stringify({ model_type: 'llama', hidden_act: 'silu', hidden_size: 2048, num_hidden_layers: 16, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 8192, vocab_size: 128256, tie_word_embeddings: true });

  it('is in every reading from then on, and asked for only when somebody says so', async () => {
    const asked: string[] = [];
    const estimator = createEstimator(() => deps({ hub: { config: (name) => { asked.push(name); return Promise.resolve(config); }, splits: () => Promise.resolve(undefined) } }));
    const open = [{ path: 'train.py', text: named }];
    assert.equal((await estimator.read(open, nothing)).workload.model, undefined);
    assert.deepEqual(asked, []);
    assert.equal(await estimator.lookUp({ model: 'some-lab/unheard-of' }), 1);
    const { model } = (await estimator.read(open, nothing)).workload;
    assert.ok(model !== undefined && model.name === 'some-lab/unheard-of' && Math.abs(model.paramsM / 1236 - 1) < 0.02, JSON.stringify(model));
    assert.deepEqual(asked, ['some-lab/unheard-of']);
  });

  it('is nothing where the file is no configuration', async () => {
    const estimator = createEstimator(() => deps({ hub: { config: () => Promise.resolve('<html>'), splits: () => Promise.resolve([]) } }));
    assert.equal(await estimator.lookUp({ model: 'a/b' }), 0);
    assert.equal(await estimator.lookUp({ dataset: 'a/b' }), 1);
  });
});

describe('what an estimator remembers', () => {
  it('is every text that was parsed of late', () => {
    const parsed: string[] = [];
    const parse = (text: string): undefined => void parsed.push(text);
    const kept = remembered({ python: parse, yaml: parse, toml: parse, json: parse });
    for (const text of ['a', 'b', 'a', 'b']) kept.python(text);
    kept.yaml('a');
    assert.deepEqual(parsed, ['a', 'b', 'a'], 'unreadable texts as well, and each language for itself');
    for (let i = 0; i < 64; i++) kept.python(`c${i}`);
    kept.python('a');
    assert.equal(parsed.at(-1), 'a', 'but not for ever');
  });

  it('is every kind of machine while the workload stays the same', async () => {
    let predicted = 0;
    const parsers: Parsers = await loadParsers();
    const estimator = estimatorWith(parsers, predicting(() => {
      predicted++;
      return { secondsPerSample: exactly(0.01), bound: 'compute', basis: 'physics', lowConfidence: false };
    }), createSpeeds([]));
    const run = async (text: string): Promise<number> => {
      const before = predicted;
      await estimator.estimate(await estimator.read([{ path: 'train.py', text }], nothing), market);
      return predicted - before;
    };
    assert.ok((await run(script)) > 3);
    assert.equal(await run(`${script}\n# a comment\n`), 0);
    assert.equal(await run(script.replace('num_train_epochs=2', 'num_train_epochs=3')), 0, 'a longer run has the same steps');
    assert.ok((await run(script.replace('per_device_train_batch_size=4', 'per_device_train_batch_size=8'))) > 3);
  });

  it('makes of two thousand offers no more predictions than there are cards, when a fact changes', async () => {
    let predicted = 0;
    const estimator = estimatorWith(await loadParsers(), predicting(() => {
      predicted++;
      return { secondsPerSample: exactly(0.01), bound: 'compute', basis: 'physics', lowConfidence: false };
    }), createSpeeds([]));
    const cards = ['RTX 3090', 'RTX 4090', 'RTX 5090', 'A100 SXM', 'H100 SXM'];
    const many = Array.from({ length: 2000 }, (_, index) => offer({
      id: `vast:${index}` as OfferId, gpu: cards[index % cards.length] ?? '', vramGb: index % cards.length < 3 ? 24 : 80, gpuCount: 1 + index % 8,
      details: { cpuCores: 1 + index % 97, pcieGbPerS: 1 + index % 31 },
    }));
    const evaluations = async (batch: number): Promise<number> => {
      const before = predicted;
      await estimator.estimate(await estimator.read(files, { given: new Map([['microBatch', batch]]) }), many);
      return predicted - before;
    };
    await evaluations(1);
    // The clouds that are compared with rent other cards beside these.
    const elsewhere = new Set(listPrices.map(({ gpu, vramGb }) => `${gpu} ${vramGb}`)).size;
    assert.ok((await evaluations(2)) <= cards.length + elsewhere, 'and it is not asked for each offer');
    assert.equal(await evaluations(2), 0);
  });

  it('never changes a figure', async () => {
    const used = createEstimator(() => deps());
    const given = (epochs: number) => ({ given: new Map([['epochs', epochs], ['evalPasses', epochs * 100], ['checkpointEvery', 50]] as const) });
    for (const epochs of [1, 7, 3]) await used.estimate(await used.read(files, given(epochs)), market);
    const fresh = createEstimator(() => deps());
    const [a, b] = [await used.estimate(await used.read(files, given(5)), market), await fresh.estimate(await fresh.read(files, given(5)), market)];
    assert.deepEqual(a, b);
  }).timeout(60_000);

  it('puts what may not fit behind what fits, and on no front', async () => {
    const estimator = estimatorWith(await loadParsers(), predicting(() => ({ secondsPerSample: exactly(0.01), bound: 'compute', basis: 'physics', lowConfidence: false })), createSpeeds([]));
    const reading = await estimator.read(files, nothing);
    const sizes = Array.from({ length: 40 }, (_, index) => offer({ id: `vast:${index}` as OfferId, gpu: 'RTX 4090', vramGb: 2 + index, gpuUsd: 0.1 + index / 100 }));
    const { ranked, front } = await estimator.estimate(reading, sizes);
    const verdicts = ranked.map(({ fit }) => fit.verdict);
    assert.ok(verdicts.includes('risky') && verdicts.includes('fits'));
    assert.ok(verdicts.lastIndexOf('fits') < verdicts.indexOf('risky'));
    assert.ok(front.every(({ fit }) => fit.verdict === 'fits'));
  });
});
