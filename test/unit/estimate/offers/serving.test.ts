import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { toDollars, usdPerHour } from '../../../../src/domain/money.ts';
import { allIn, type Offer, type OfferId } from '../../../../src/domain/offer.ts';
import { serverlessPrice } from '../../../../src/estimate/catalogue/serverless.ts';
import { publishedRuns } from '../../../../src/estimate/evidence.ts';
import { estimateServing, isServed, rankServing, type ServingEstimate } from '../../../../src/estimate/offers/serving.ts';
import { createSpeeds, rememberSpeeds, serviceOf, type SpeedOf } from '../../../../src/estimate/offers/servingTools.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { offer } from '../../../fakes/offers.ts';
import { readText } from '../read/support.ts';
import { workload } from '../workloads.ts';

const published = createSpeeds(await publishedRuns());
const serving = (change: Partial<Workload> = {}): Workload => workload({ work: 'inference', servedWeights: 'fp16', concurrency: 1, promptTokens: 512, answerTokens: 256, ...change });
const on = (work: Workload, offers: readonly Offer[], speeds: SpeedOf = published): ServingEstimate[] => estimateServing(work, offers, rememberSpeeds(speeds));
const one = (work: Workload, change: Parameters<typeof offer>[0] = {}): ServingEstimate => {
  const [estimate] = on(work, [offer(change)]);
  assert.ok(estimate);
  return estimate;
};
const within = (actual: number | undefined, low: number, high: number): void => assert.ok(actual !== undefined && actual >= low && actual <= high, `${actual} is not between ${low} and ${high}`);
const codes = ({ assumptions }: ServingEstimate): readonly string[] => assumptions.map(({ code }) => code);

describe('the article on serving, from script to price', () => {
  const scripts = { llama: 'TheBloke/Llama-2-70B-AWQ', mixtral: 'TheBloke/Mixtral-8x7B-v0.1-AWQ' };
  for (const [name, gpu, vramGb, count, low, high] of [
    ['llama', 'A100 SXM', 80, 1, 25, 45], ['mixtral', 'A100 SXM', 80, 1, 45, 75], ['llama', 'RTX 4090', 24, 2, 18, 35], ['llama', 'H100 SXM', 80, 1, 40, 65], ['mixtral', 'H100 SXM', 80, 1, 75, 110],
  ] as const) {
    it(`${scripts[name]} on ${count} × ${gpu} gives ${low} to ${high} tokens a second`, () => {
      const text = `from vllm import LLM\nllm = LLM(model="${scripts[name]}", quantization="awq", tensor_parallel_size=${count})\nllm.generate(["Hello"])\n`;
      const { workload: read } = readText(text, 'serve.py');
      const { speed, usdPerMillion } = one(read, { gpu, vramGb, gpuCount: count, gpuUsd: 1.8 });
      within(speed?.tokensPerSecond?.likely, low, high);
      within(speed?.firstTokenSeconds?.likely, 0.05, 1);
      const perHour = (speed?.tokensPerSecond?.likely ?? NaN) * 3600;
      assert.ok(Math.abs(toDollars(usdPerMillion?.likely ?? usdNothing) - 1.82 * 1e6 / perHour) < 0.01);
    });
  }
  const usdNothing = usdPerHour(0);
});

describe('a served model on an offer', () => {
  it('that is too small has no price, and says so', () => {
    const { speed, usdPerMillion, batch, serverless } = one(serving(), { gpu: 'RTX 3060', vramGb: 12 });
    assert.deepEqual([speed?.room, usdPerMillion, batch, serverless], [0, undefined, 0, undefined]);
  });

  it('has no figures where nobody knows the model', () => {
    const { model: _model, ...unknown } = serving();
    const [estimate] = on(unknown, [offer()]);
    assert.deepEqual([estimate?.speed, estimate?.usdPerMillion], [undefined, undefined]);
  });

  it('has no figures for what draws or hears, even where somebody says that it answers', () => {
    for (const name of ['resnet50', 'openai/whisper-small', 'black-forest-labs/FLUX.1-dev']) assert.equal(one(serving({ model: { name, paramsM: 1000 } })).speed, undefined, name);
  });

  it('answers no more at once than fit', () => {
    const { speed, batch } = one(serving({ concurrency: 4096, promptTokens: 2048 }));
    assert.equal(batch, speed?.room);
    within(batch, 5, 60);
  });

  it('costs less a token and takes longer an answer with more requests at once', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (few, more) => {
      const [a, b] = [few, few + more].map((concurrency) => one(serving({ concurrency, promptTokens: 128, answerTokens: 128 })));
      assert.ok(a?.usdPerMillion && b?.usdPerMillion && b.usdPerMillion.likely <= a.usdPerMillion.likely);
      assert.ok((b.speed?.answerSeconds?.likely ?? 0) >= (a.speed?.answerSeconds?.likely ?? Infinity) - 1e-9);
    }));
  });

  it('says what it takes for granted', () => {
    assert.deepEqual(codes(one(serving({ concurrency: 8 }))), ['alwaysBusy']);
    const { promptTokens: _prompt, answerTokens: _answer, concurrency: _concurrency, ...open } = serving({ engine: 'transformers' });
    assert.deepEqual(codes(one(open)), ['oneRequest', 'usualPrompt', 'usualAnswer', 'alwaysBusy', 'optimisedServer']);
    assert.deepEqual(codes(one(serving({ concurrency: 8, gpus: 1 }), { gpuCount: 2 })), ['alwaysBusy', 'oneGpu']);
    assert.ok(codes(one(serving({ concurrency: 8 }), { gpu: 'RTX 9990', vramGb: 48 })).includes('gpuFromOffer'));
  });

  it('keeps request and answer inside of the context', () => {
    const service = serviceOf(serving({ contextTokens: 300, promptTokens: 5000, answerTokens: 256 }));
    assert.deepEqual(service?.load, { batch: 1, promptTokens: 44, answerTokens: 256 });
    assert.deepEqual(serviceOf(serving({ contextTokens: 2, promptTokens: 5, answerTokens: 256 }))?.load, { batch: 1, promptTokens: 1, answerTokens: 1 });
  });

  it('never has a figure that is no number', () => {
    const positive = fc.integer({ min: 1, max: 200_000 });
    fc.assert(fc.property(positive, positive, fc.integer({ min: 1, max: 5_000 }), fc.constantFrom('fp16', 'int4', 'q4') , fc.constantFrom(['RTX 4090', 24], ['B200', 180], ['RTX 9990', 7]), fc.integer({ min: 1, max: 8 }), (promptTokens, answerTokens, concurrency, servedWeights, [gpu, vramGb], gpuCount) => {
      const { speed, usdPerMillion, serverless } = one(serving({ promptTokens, answerTokens, concurrency, servedWeights }), { gpu: String(gpu), vramGb: Number(vramGb), gpuCount });
      for (const band of [speed?.tokensPerSecond, speed?.firstTokenSeconds, speed?.answerSeconds, usdPerMillion]) {
        if (band !== undefined) assert.ok(band.low >= 0 && band.low <= band.likely && band.likely <= band.high && Number.isFinite(band.high));
      }
      assert.ok(serverless === undefined || serverless.requestsPerHour > 0);
    }));
  });
});

describe('paying by the second instead', () => {
  it('is known for the cards that the list names, and no smaller ones', () => {
    assert.equal(toDollars(serverlessPrice('RTX 4090', 24)?.rate ?? usdPerHour(0)), 1.116);
    assert.equal(toDollars(serverlessPrice('H100 SXM', 80)?.rate ?? usdPerHour(0)), 4.176);
    assert.equal(serverlessPrice('A100 SXM', 40), undefined);
    assert.equal(serverlessPrice('RTX 2080 Ti', 11), undefined);
  });

  it('is cheaper below the number of requests at which both cost the same', () => {
    const estimate = one(serving(), { gpuUsd: 0.38, diskUsd: 0.02 });
    const { serverless, speed } = estimate;
    assert.ok(serverless && speed?.answerSeconds);
    const paid = serverless.requestsPerHour * speed.answerSeconds.likely / 3600 * toDollars(serverless.rate);
    assert.ok(Math.abs(paid - toDollars(allIn(estimate.offer))) < 1e-3);
    within(serverless.utilisation, 0.35, 0.37);
  });

  it('costs as many times more as there are cards', () => {
    assert.equal(one(serving({ servedWeights: 'int4' }), { gpuCount: 4 }).serverless?.rate, 4 * (serverlessPrice('RTX 4090', 24)?.rate ?? NaN));
  });

  it('is cheaper at any load where renting asks for more than it', () => {
    assert.equal(one(serving(), { gpuUsd: 3 }).serverless?.requestsPerHour, Infinity);
  });
});

describe('ranking what answers', () => {
  const id = (key: string): OfferId => `vast:${key}`;
  const offers = [
    offer({ id: id('cheap'), gpu: 'RTX 3090', gpuUsd: 0.15 }), offer({ id: id('usual') }), offer({ id: id('dear'), gpuUsd: 5 }),
    offer({ id: id('fast'), gpu: 'H100 SXM', vramGb: 80, gpuUsd: 2.2 }), offer({ id: id('small'), gpu: 'RTX 3060', vramGb: 12, gpuUsd: 0.05 }),
  ];
  const { all, ranked, front, picks } = rankServing(on(serving(), offers));

  it('goes by the price of a token and leaves out what does not hold the model', () => {
    assert.equal(all.length, 5);
    assert.deepEqual(ranked.map(({ offer: { id: key } }) => key), ranked.toSorted((a, b) => a.usdPerMillion.likely - b.usdPerMillion.likely).map(({ offer: { id: key } }) => key));
    assert.ok(ranked.every(isServed) && !ranked.some(({ offer: { id: key } }) => key === id('small')));
  });

  it('picks the cheapest and the fastest, and a front that nothing beats', () => {
    assert.deepEqual([picks.cheapest?.offer.id, picks.fastest?.offer.id], [id('cheap'), id('fast')]);
    assert.ok(front.includes(picks.fastest ?? ranked[0] as never) && !front.some(({ offer: { id: key } }) => key === id('dear')));
    for (const each of front) assert.ok(!ranked.some((other) => other.usdPerMillion.likely < each.usdPerMillion.likely && other.speed.answerSeconds.likely < each.speed.answerSeconds.likely));
  });

  it('of nothing picks nothing', () => assert.deepEqual(rankServing([]), { all: [], ranked: [], front: [], picks: {} }));

  it('works out a kind of machine once, however many offer it', () => {
    let asked = 0;
    const counting: SpeedOf = (service, machine) => { asked++; return published(service, machine); };
    on(serving(), Array.from({ length: 300 }, (_, index) => offer({ id: id(String(index)), gpuUsd: 0.2 + index / 1000, gpuCount: 1 + index % 3 })), counting);
    assert.equal(asked, 3);
  });
});
