import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RentError } from '../../../src/domain/errors.ts';
import { offerMatcher, type OfferFilter } from '../../../src/domain/filter.ts';
import type { Hub } from '../../../src/domain/hub.ts';
import type { RunLog } from '../../../src/domain/runLog.ts';
import type { Offer, OfferId } from '../../../src/domain/offer.ts';
import { estimateWith } from '../../../src/headless/estimate.ts';
import { createSpeeds } from '../../../src/estimate/offers/servingTools.ts';
import { parse, WrongCall } from '../../../src/headless/parse.ts';
import type { MarketView } from '../../../src/services/market.ts';
import { offer } from '../../fakes/offers.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { measuredTools } from '../../../src/estimate/learn/measuredTools.ts';
import type { OwnRun } from '../../../src/estimate/learn/ownRuns.ts';
import { fakeTools } from '../estimate/offers/fakeTools.ts';

const script = `
from transformers import AutoModelForCausalLM, TrainingArguments, Trainer
from datasets import load_dataset
model = AutoModelForCausalLM.from_pretrained("gpt2")
args = TrainingArguments(output_dir="out", per_device_train_batch_size=4, max_steps=900, bf16=True)
Trainer(model=model, args=args, train_dataset=load_dataset("tatsu-lab/alpaca", split="train")).train()
`;

/** A market that answers what it was given, and remembers what it was asked. */
function market(offers: readonly Offer[], errors: MarketView['errors'] = []) {
  const asked: OfferFilter[] = [];
  let filter: OfferFilter = { diskGb: 0 };
  return {
    asked,
    refresh: (wanted: OfferFilter = filter): Promise<void> => {
      asked.push(wanted);
      filter = wanted;
      return Promise.resolve();
    },
    get view(): MarketView {
      return { filter, offers: offers.filter(offerMatcher(filter)), dropped: 0, more: false, loading: false, readAt: 0, stale: false, errors };
    },
  };
}

const silent: Hub = { config: () => Promise.resolve(undefined), splits: () => Promise.resolve(undefined) };

function memoryLog(lines: string[] = []): RunLog {
  return { lines: () => Promise.resolve(lines), append: (line) => Promise.resolve(void lines.push(line)) };
}

const offers: readonly Offer[] = [
  offer({ id: 'vast:dear' as OfferId, gpuUsd: 0.5 }),
  offer({ id: 'vast:cheap' as OfferId, gpuUsd: 0.3 }),
  offer({ id: 'vast:spot' as OfferId, gpuUsd: 0.1, kind: 'interruptible' }),
  offer({ id: 'vast:pair' as OfferId, gpuUsd: 0.6, gpuCount: 2 }),
  offer({ id: 'vast:h100' as OfferId, gpuUsd: 2, gpu: 'H100 SXM', vramGb: 80 }),
  offer({ id: 'vast:small' as OfferId, gpuUsd: 0.05, gpu: 'RTX 3060', vramGb: 12 }),
];

interface Answer {
  readonly workload: { readonly steps?: number; readonly gpus?: number; readonly parallelism: string };
  readonly facts: readonly { readonly name: string; readonly value: unknown; readonly line: number | null; readonly source: string; readonly file: string | null }[];
  readonly estimates: readonly {
    readonly gpu: string; readonly gpuCount: number; readonly vramGb: Figures | null; readonly fits: boolean | null;
    readonly hours: Figures | null; readonly usd: Figures | null; readonly offer?: string; readonly kind?: string;
  }[];
  readonly assumptions: readonly { readonly code: string; readonly text: string }[];
  readonly questions: readonly { readonly name: string; readonly text: string }[];
  readonly gaps: readonly { readonly code: string; readonly text: string }[];
  readonly errors: readonly { readonly provider: string; readonly code: string }[];
}
interface Figures { readonly low: number; readonly likely: number; readonly high: number }

describe('headless estimate', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => { folder = temporaryFolder(); });
  afterEach(() => folder[Symbol.dispose]());

  const write = (name: string, text: string): void => writeFileSync(join(folder.path, name), text);
  const call = (words: readonly string[], of = market(offers), tools = fakeTools()) =>
    estimateWith({ market: of, tools: () => Promise.resolve(tools), speeds: () => Promise.resolve(createSpeeds([])), hub: silent, log: memoryLog(), now: () => 0, folders: [folder.path] }, parse(['estimate', ...words], ['estimate']), new AbortController().signal);
  /** As whoever reads the line of JSON gets it. */
  const answer = async (...from: Parameters<typeof call>): Promise<Answer> => JSON.parse(JSON.stringify((await call(...from)).answer));

  it('says what was read, with its place', async () => {
    write('train.py', script);
    const { workload, facts, gaps } = await answer(['train.py']);
    assert.deepEqual([workload.steps, gaps], [900, []]);
    const steps = facts.find(({ name }) => name === 'steps');
    assert.deepEqual([steps?.value, steps?.line, steps?.source, steps?.file], [900, 5, 'script', 'train.py']);
  });

  it('prices the best offer of each kind of machine, the one to take first', async () => {
    write('train.py', script);
    const { estimates } = await answer(['train.py']);
    assert.deepEqual(estimates.map((one) => one.offer), ['vast:cheap', 'vast:pair', 'vast:h100', 'vast:spot', 'vast:small']);
    assert.deepEqual(estimates.map(({ fits }) => fits), [true, true, true, true, false]);
    for (const { usd, hours, vramGb } of estimates) {
      for (const band of [usd, hours, vramGb]) assert.ok(band && band.low > 0 && band.low < band.likely && band.likely < band.high);
    }
    assert.equal(estimates[3]?.kind, 'interruptible');
    // 3600 samples of a second each.
    assert.ok((estimates[0]?.hours?.likely ?? 0) > 1 && (estimates[0]?.hours?.likely ?? 9) < 1.3);
    assert.ok((estimates[0]?.usd?.likely ?? 0) > 0.32);
  });

  it('asks for the GPU and the count that were named', async () => {
    write('train.py', script);
    const asked = market(offers);
    const { estimates, workload } = await answer(['train.py', '--gpu', '4090', '--gpus', '2'], asked);
    assert.deepEqual(estimates.map((one) => one.offer), ['vast:pair']);
    assert.deepEqual([workload.gpus, workload.parallelism], [2, 'ddp']);
    assert.deepEqual([asked.asked[0]?.gpu, asked.asked[0]?.count], ['4090', 2]);
  });

  it('asks for as much disk as the job needs', async () => {
    write('train.py', script);
    write('large.py', script.replace('"gpt2"', '"meta-llama/Llama-3.1-8B"'));
    const asked = market(offers);
    await answer(['train.py'], asked);
    await answer(['large.py'], asked);
    const [small = 0, large = 0] = asked.asked.map(({ diskGb }) => diskGb);
    assert.ok(small >= 40 && large > 200, `${small} ${large}`);
  });

  it('hands the script\'s arguments on', async () => {
    write('train.py', `import argparse\np = argparse.ArgumentParser()\np.add_argument("--max_steps", type=int, default=900)\na = p.parse_args()\n${script.replace('=900', '=a.max_steps')}`);
    assert.equal((await answer(['train.py'])).workload.steps, 900);
    assert.equal((await answer(['train.py', '--args', '--max_steps 50'])).workload.steps, 50);
  });

  describe('without offers', () => {
    const unreachable = market([], [{ provider: 'vast', error: new RentError('network') }, { provider: 'runpod', error: new RentError('network') }]);

    it('gives times and memory on the cards of the table, and no price', async () => {
      write('train.py', script);
      const { estimates, errors } = await answer(['train.py'], unreachable);
      assert.ok(estimates.length > 30);
      assert.ok(estimates.some(({ gpu }) => gpu === 'RTX 4090') && estimates.some(({ gpu }) => gpu === 'H100 SXM'));
      for (const { usd, offer: id, hours, vramGb } of estimates) assert.ok(usd === null && id === undefined && hours && vramGb);
      assert.deepEqual(errors.map(({ provider, code }) => [provider, code]), [['vast', 'network'], ['runpod', 'network']]);
    });

    it('gives them on the card that was named, and on all that the name means', async () => {
      write('train.py', script);
      const of = async (name: string): Promise<string[]> => (await answer(['train.py', '--gpu', name], unreachable)).estimates.map(({ gpu }) => gpu);
      assert.deepEqual(await of('RTX 4090'), ['RTX 4090']);
      assert.ok((await of('A100')).length >= 3);
    });

    it('takes the number of GPUs that was named', async () => {
      write('train.py', script);
      const hours = async (gpus: string): Promise<number> => (await answer(['train.py', '--gpu', 'RTX 4090', '--gpus', gpus], unreachable)).estimates[0]?.hours?.likely ?? NaN;
      // The same steps with four times the samples on four times the cards.
      assert.ok(Math.abs((await hours('4')) / (await hours('1')) - 1) < 0.01);
    });

    it('refuses a name that no card has', async () => {
      write('train.py', script);
      await assert.rejects(call(['train.py', '--gpu', 'RTX 12345'], unreachable), (error) => error instanceof WrongCall && /RTX 12345/.test(error.message));
    });
  });

  it('gives no time where the steps are not known, and asks', async () => {
    write('train.py', script.replace('max_steps=900', 'num_train_epochs=int(input())').replace('"tatsu-lab/alpaca"', '"me/unheard-of"'));
    const { estimates, questions, assumptions } = await answer(['train.py']);
    assert.ok(estimates.length > 0);
    for (const { hours, usd, vramGb } of estimates) assert.ok(hours === null && usd === null && vramGb);
    assert.ok(questions.some(({ name, text }) => name === 'samples' && text.endsWith('?')));
    assert.deepEqual(assumptions.map(({ code }) => code), ['unknownSteps', 'meanLength', 'oneGpu']);
  });

  it('gives no memory where the model is not known', async () => {
    write('train.py', script.replace('"gpt2"', '"me/unheard-of"'));
    const unknown = { ...fakeTools(), predict: () => undefined, memory: () => undefined, fit: () => undefined };
    const { estimates, gaps } = await answer(['train.py'], market(offers), unknown);
    for (const { vramGb, fits, hours } of estimates) assert.deepEqual([vramGb, fits, hours], [null, null, null]);
    assert.ok(gaps.some(({ code, text }) => code === 'unknownModel' && text !== ''));
  });

  for (const [what, text, code] of [['an empty file', '  \n', 'empty'], ['a script that trains nothing', 'print("hello")\n', 'notTraining'], ['a file too large', '#'.repeat(2_100_000), 'tooLarge']] as const) {
    it(`answers ${what} with a gap, and asks nobody`, async () => {
      write('file.py', text);
      const of = market(offers);
      const { estimates, gaps } = await answer(['file.py'], of);
      assert.deepEqual([estimates, gaps.map((gap) => gap.code), of.asked], [[], [code], []]);
    });
  }

  it('refuses files that cannot be read, in one line', async () => {
    mkdirSync(join(folder.path, 'sub'));
    for (const [path, why] of [['nothing.py', /nothing\.py: there is no such file/], ['sub', /sub: it is a folder/]] as const) {
      await assert.rejects(call([path]), (error) => error instanceof WrongCall && why.test(error.message) && !error.message.includes('\n'));
    }
    await assert.rejects(call([]), WrongCall);
  });

  it('bears bytes that are no text, and a byte order mark', async () => {
    writeFileSync(join(folder.path, 'bytes.py'), Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) % 256)));
    assert.deepEqual((await answer(['bytes.py'])).estimates, []);
    write('train.py', `\uFEFF${script}`);
    assert.equal((await answer(['train.py'])).workload.steps, 900);
  });

  it('asks the Hub for a model that no table knows with --hub, and never without', async () => {
    write('train.py', script.replace('"gpt2"', '"lab/unheard-of"'));
    const asked: string[] = [];
    const config = JSON.stringify({ model_type: 'gpt2', n_layer: 12, n_embd: 768, n_head: 12, vocab_size: 50257 });
    const hub: Hub = { config: (name) => { asked.push(name); return Promise.resolve(config); }, splits: () => Promise.resolve(undefined) };
    const run = async (...words: readonly string[]): Promise<Answer> => {
      const parts = { market: market(offers), tools: () => Promise.resolve(fakeTools()), speeds: () => Promise.resolve(createSpeeds([])), hub, log: memoryLog(), now: () => 0, folders: [folder.path] };
      return JSON.parse(JSON.stringify((await estimateWith(parts, parse(['estimate', ...words], ['estimate']), new AbortController().signal)).answer));
    };
    assert.ok((await run('train.py')).gaps.some(({ code }) => code === 'unknownModel'));
    assert.deepEqual(asked, []);
    const found = await run('train.py', '--hub', '--gpus', '2');
    assert.deepEqual([asked, found.gaps, found.workload.gpus], [['lab/unheard-of'], [], 2]);
    assert.equal(found.facts.find(({ name }) => name === 'model')?.source, 'hub');
  });

  describe('with the log of a run', () => {
    const bar = ' 12%|###   | 120/900 [01:05<07:58,  2.00it/s]\n';
    interface Measured { readonly measured?: { readonly secondsPerStep: number; readonly gpu: string; readonly remaining: { readonly usd: number; readonly hours: number; readonly offer: string } | null } }

    const withLog = async (words: readonly string[], lines: string[] = []): Promise<Answer & Measured> => {
      const { tools } = { tools: (own: readonly OwnRun[]) => Promise.resolve(measuredTools(fakeTools(), own.map(({ run }) => run))) };
      const parts = { market: market(offers), tools, speeds: () => Promise.resolve(createSpeeds([])), hub: silent, log: memoryLog(lines), now: () => 5, folders: [folder.path] };
      return JSON.parse(JSON.stringify((await estimateWith(parts, parse(['estimate', ...words], ['estimate']), new AbortController().signal)).answer));
    };

    it('takes the measured rate on that card, says what is left, and keeps it for the next time', async () => {
      write('train.py', script);
      write('out.log', `NVIDIA GeForce RTX 4090\n${bar}`);
      const lines: string[] = [];
      const { measured, estimates } = await withLog(['train.py', '--log', 'out.log'], lines);
      assert.deepEqual([measured?.secondsPerStep, measured?.gpu, measured?.remaining?.offer], [0.5, 'RTX 4090', 'vast:spot']);
      assert.ok(Math.abs((measured?.remaining?.hours ?? 0) - 780 * 0.5 / 3600) < 1e-3);
      // 900 steps of half a second; the fake would have said a second a sample, four of them a step.
      const on4090 = estimates.find((one) => one.gpu === 'RTX 4090' && one.kind === 'on-demand');
      assert.ok((on4090?.hours?.likely ?? 9) < 0.35, JSON.stringify(on4090?.hours));
      assert.equal(lines.length, 1);
      const again = await withLog(['train.py'], lines);
      assert.deepEqual([again.estimates, again.measured], [estimates, undefined]);
    });

    it('wants to know the card where the log does not say, and a rate in it', async () => {
      write('train.py', script);
      write('out.log', bar);
      write('short.log', 'hello');
      await assert.rejects(withLog(['train.py', '--log', 'out.log']), (error) => error instanceof WrongCall && /--gpu NAME/.test(error.message));
      await assert.rejects(withLog(['train.py', '--log', 'short.log']), (error) => error instanceof WrongCall && /no rate was found/.test(error.message));
      await assert.rejects(withLog(['train.py', '--log', 'gone.log']), WrongCall);
      assert.equal((await withLog(['train.py', '--log', 'out.log', '--gpu', '4090'])).measured?.gpu, 'RTX 4090');
    });
  });

  describe('of what answers', () => {
    const server = 'from vllm import LLM\nllm = LLM(model="Qwen/Qwen2.5-7B-Instruct", max_model_len=4096)\n';
    type Serving = { readonly gpu: string; readonly fits: boolean | null; readonly usd: null; readonly offer?: string; readonly tokensPerSecond: Figures | null; readonly firstTokenSeconds: Figures | null; readonly usdPerMillionTokens?: Figures | null; readonly serverless?: { readonly cheaperBelowRequestsPerHour: number | null } | null };
    const servings = async (...from: Parameters<typeof call>): Promise<readonly Serving[]> => JSON.parse(JSON.stringify((await call(...from)).answer)).estimates;

    it('gives tokens per second and the price of a million on one offer of each kind, the cheapest first', async () => {
      write('serve.py', server);
      const all = await servings(['serve.py']);
      assert.deepEqual(all.map(({ offer: id }) => id), ['vast:spot', 'vast:cheap', 'vast:h100', 'vast:pair', 'vast:small'].filter((id) => all.some((one) => one.offer === id)));
      const [first] = all;
      assert.ok(first?.tokensPerSecond && first.firstTokenSeconds && first.usdPerMillionTokens && first.usd === null);
      assert.ok(Math.abs(first.usdPerMillionTokens.likely - 0.12 * 1e6 / 3600 / first.tokensPerSecond.likely) < 0.01, JSON.stringify(first));
      assert.ok((first.serverless?.cheaperBelowRequestsPerHour ?? 0) > 0);
      assert.equal(all.find(({ offer: id }) => id === 'vast:small')?.fits, false);
    });

    it('asks what nobody says, and gives no price without offers', async () => {
      write('serve.py', server);
      const { questions, assumptions } = await answer(['serve.py']);
      assert.deepEqual(questions.map(({ name }) => name), ['concurrency', 'promptTokens', 'answerTokens']);
      assert.ok(assumptions.some(({ code }) => code === 'alwaysBusy'));
      const table = await servings(['serve.py'], market([]));
      assert.ok(table.length > 20 && table.every((one) => one.usdPerMillionTokens === undefined && one.offer === undefined));
    });

    it('tells people the same in lines', async () => {
      write('serve.py', server);
      const { text } = await call(['serve.py']);
      assert.match(text, /^1× RTX 4090 {2}\d+ tokens\/s \(\d+ to \d+\) {2}first token 0\.\d\d s {2}\$\d\.\d\d a million tokens \(.*\) {2}vast:spot$/m);
      assert.match(text, /^RunPod Serverless on 1× RTX 4090 \(\$1\.12\/h while it works, list of 2026-06-08\) is cheaper below \d+ such requests an hour\.$/m);
      assert.match(text, /^\? How many requests are answered at once\?$/m);
    });
  });

  it('stops when it is told to', async () => {
    write('train.py', script);
    const stopped = AbortSignal.abort();
    const parts = { market: market(offers), tools: () => Promise.resolve(fakeTools()), speeds: () => Promise.resolve(createSpeeds([])), hub: silent, log: memoryLog(), now: () => 0, folders: [folder.path] };
    await assert.rejects(estimateWith(parts, parse(['estimate', 'train.py'], ['estimate']), stopped), { name: 'AbortError' });
  });

  it('orders by what is likely', async () => {
    write('train.py', script);
    const kinds = ['RTX 4090', 'RTX 3090', 'L40S', 'RTX A5000'].map((gpu, index) => offer({ id: `vast:${index}` as OfferId, gpu, gpuUsd: 0.9 - index / 5 }));
    assert.deepEqual((await answer(['train.py'], market(kinds))).estimates.map((one) => one.offer), ['vast:3', 'vast:2', 'vast:1', 'vast:0']);
  });

  it('takes the cheapest by price where nothing has a cost', async () => {
    write('train.py', script.replace('max_steps=900', 'num_train_epochs=int(input())').replace('"tatsu-lab/alpaca"', '"me/unheard-of"'));
    assert.ok((await answer(['train.py'])).estimates.some((one) => one.offer === 'vast:cheap'));
  });

  it('tells people the same in lines', async () => {
    write('train.py', script);
    const { text } = await call(['train.py']);
    assert.match(text, /^steps: 900 {2}\(train\.py:5\)$/m);
    assert.match(text, /^1× RTX 4090 {2}20\.0 of 24 GB, fits {2}1\.\d\d h \(.*\) {2}\$0\.\d\d \(.*\) {2}vast:cheap$/m);
    assert.match(text, /^1× RTX 3060 {2}20\.0 of 12 GB, does not fit/m);
    assert.match(text, /^Taken for granted: .*7 GB/m);
    assert.match(text, /^Buying one RTX 4090 for \$1800\.00 \(price of 2026-02-12\) pays after \d+ h of such work/m);
  });
});
