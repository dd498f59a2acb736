import assert from 'node:assert/strict';
import { toDollars, usd } from '../../../../src/domain/money.ts';
import type { OfferId } from '../../../../src/domain/offer.ts';
import { estimateServing, rankServing } from '../../../../src/estimate/offers/serving.ts';
import { createSpeeds, rememberSpeeds } from '../../../../src/estimate/offers/servingTools.ts';
import { estimateCsv, estimateMarkdown } from '../../../../src/ui/estimate/estimateText.ts';
import { factsViews } from '../../../../src/ui/estimate/factViews.ts';
import { seconds } from '../../../../src/ui/estimate/figures.ts';
import { lensText } from '../../../../src/ui/estimate/lensText.ts';
import { trainingLine } from '../../../../src/ui/estimate/looksLikeTraining.ts';
import { panelView } from '../../../../src/ui/estimate/panelView.ts';
import { offer } from '../../../fakes/offers.ts';
import { llama8b } from '../../estimate/workloads.ts';
import { english } from '../support/english.ts';
import { estimates, path, reading, state, workload } from './support/estimates.ts';

const id = (key: string): OfferId => `vast:${key}`;
const work = workload({ work: 'inference', model: llama8b, servedWeights: 'fp16', concurrency: 1, promptTokens: 512, answerTokens: 256 });
const market = [
  offer({ id: id('usual') }), offer({ id: id('big'), gpu: 'H100 SXM', vramGb: 80, gpuUsd: 2.2 }), offer({ id: id('small'), gpu: 'RTX 3060', vramGb: 12, gpuUsd: 0.05 }),
  offer({ id: id('dear'), gpuUsd: 3 }),
];
const serving = rankServing(estimateServing(work, market, rememberSpeeds(createSpeeds([]))));
const served = state({ reading: reading({ workload: work, questions: [] }), estimates: estimates([], { serving }) });
const view = (chosen?: OfferId, of = served) => panelView({ name: 'serve.py', state: of, chosen, filtered: false, offersLoading: false }, english);

describe('the view of what answers', () => {
  it('tells the price of a million tokens and the speed on one line, and the same above the script', () => {
    assert.match(view().headline, /^≈ \$\d+\.\d\d a million tokens · \d+ tokens\/s on RTX 4090 · 3 offers fit$/);
    assert.equal(lensText(served, english.t)?.title, view().headline);
    assert.equal(view(id('small')).headline, 'RTX 3060: does not fit · 3 offers fit');
  });

  it('has a row with price, answer and speed for each offer that holds the model', () => {
    const { offers, labels, count } = view();
    assert.deepEqual(new Set(offers.map((row) => row.offer)), new Set(['vast:usual', 'vast:big', 'vast:dear']));
    assert.deepEqual([labels.cost, labels.time], ['a million tokens', 'an answer']);
    assert.equal(count, '3 offers fit · 1 does not');
    for (const row of offers) {
      const one = serving.ranked.find((each) => each.offer.id === row.offer);
      assert.equal(row.usd, toDollars(one?.usdPerMillion.likely ?? (0 as never)));
      assert.match(row.speed ?? '', /^\d+ tokens\/s$/);
      assert.match(row.risk, /^first token 0\.\d\d s · (pays from [\d,]+ requests\/h|serverless is cheaper) · 99\.5 %$/);
    }
  });

  it('says of the chosen one how fast, how full, and when paying by the second is cheaper', () => {
    const { chosen } = view(id('usual'));
    assert.deepEqual(chosen?.parts.map(({ label }) => label), ['Tokens per second, all requests', 'Tokens per second, each request', 'Time to the first token', 'Requests at once', 'Requests that fit into memory']);
    assert.match(chosen?.sentence ?? '', /^RunPod Serverless on RTX 4090 costs \$1\.12\/h while it works \(list of 2026-06-08\)\. It is cheaper below [\d,]+ such requests an hour, which is 30 % of what this machine can answer\. Starting/);
    assert.match(view(id('dear')).chosen?.sentence ?? '', /It is cheaper at any number of such requests/);
    assert.match(chosen?.memory?.text ?? '', /^1[5-7] of 24 GB$/);
    assert.deepEqual([chosen?.memory?.verdict, chosen?.memory?.parts.map(({ label }) => label)], ['fits', ['Weights', 'Keys and values of 1 request']]);
    const small = view(id('small')).chosen;
    assert.deepEqual([small?.warning, small?.usd, small?.hours, small?.parts], ['The model does not fit into the memory of this machine.', undefined, undefined, []]);
  });

  it('says what the same tokens cost at the large clouds', () => {
    const elsewhere = [{ cloud: 'gcp', instance: 'g2-standard-4', gpu: 'L4', gpuCount: 1, usd: usd(9.6), hours: 12.4 / 3600, readOn: '2026-08-03' }] as const;
    const shown = view(undefined, { ...served, estimates: estimates([], { serving, elsewhere }) });
    assert.deepEqual(shown.elsewhere, [{ name: 'Google Cloud', cost: '$9.60', time: '12 s', about: 'g2-standard-4 · 1× L4 · price of 2026-08-03' }]);
  });

  it('names three machines worth looking at', () => {
    assert.deepEqual(view().picks.map(({ label }) => label), ['Cheapest', 'Fastest', 'Best value']);
    assert.equal(view().picks[1]?.offer, 'vast:big');
  });

  it('shows facts of inference and none of training', () => {
    const { facts, unread } = factsViews({ reading: served.reading ?? reading(), given: new Map(), refused: undefined, script: path }, english.t);
    const names = [...facts, ...unread].map(({ name }) => name);
    assert.deepEqual(new Set(names), new Set(['work', 'model', 'gpus', 'engine', 'servedWeights', 'concurrency', 'promptTokens', 'answerTokens', 'contextTokens']));
    const training = factsViews({ reading: reading(), given: new Map(), refused: undefined, script: path }, english.t);
    assert.ok(![...training.facts, ...training.unread].some(({ name }) => name === 'concurrency'));
  });

  it('says why there are no figures', () => {
    const notice = (offers: typeof market, of = work) => view(undefined, state({ ...served, estimates: estimates([], { serving: rankServing(estimateServing(of, offers, rememberSpeeds(createSpeeds([])))) }) })).notice;
    const { model: _model, ...unknown } = work;
    assert.equal(notice(market), undefined);
    assert.equal(notice([]), 'No offers have been read, so nothing has a price yet.');
    assert.equal(notice(market.slice(2, 3)), 'The model fits on none of the offers. Choose smaller weights, or look at larger cards.');
    assert.equal(notice(market, unknown), 'Too little is known for a figure. Answer what the script does not say.');
  });
});

describe('what answers, as text', () => {
  it('is a table with all figures in Markdown', () => {
    const note = estimateMarkdown('serve.py', served, english);
    assert.match(note, /\*\*≈ \$\d+\.\d\d a million tokens · \d+ tokens\/s on RTX 4090/);
    assert.match(note, /\| Machine \| a million tokens \| tokens per second \| first token \| an answer \| price \| risk \|/);
    assert.match(note, /RunPod Serverless on RTX 4090 costs/);
    assert.match(note, /- The machine is kept busy/);
  });

  it('is a row of numbers for each offer in CSV, those that do not fit as well', () => {
    const [head = '', ...rows] = estimateCsv(served).trimEnd().split('\n');
    const names = head.split(',');
    assert.ok(['tokens_per_second', 'first_token_seconds', 'usd_per_million_tokens', 'pays_from_requests_per_hour'].every((name) => names.includes(name)));
    assert.equal(rows.length, 4);
    for (const row of rows) assert.equal(row.split(',').length, names.length);
    assert.match(rows.at(-1) ?? '', /^vast:small,.*,no,0,0,,,/);
  });
});

describe('the line that answers', () => {
  it('is known by its server, its engine or its call', () => {
    assert.equal(trainingLine('#!/bin/sh\nvllm serve Qwen/Qwen2.5-7B\n'), 2);
    assert.equal(trainingLine('from vllm import LLM\nllm = LLM(model="x")\n'), 2);
    assert.equal(trainingLine('from transformers import pipeline\np = pipeline("text-generation", model="gpt2")\n'), 2);
    assert.equal(trainingLine('import transformers\nx = model.generate(**inputs)\n'), 2);
    assert.equal(trainingLine('report.generate(pages)\n'), undefined);
  });
});

it('seconds are written with as much as they tell apart', () => {
  assert.deepEqual([0.021, 0.94, 0.96, 3.44, 9.96, 48.4, 59.6, 4000].map((time) => seconds(time, english.t)), ['0.02 s', '0.94 s', '1.0 s', '3.4 s', '10 s', '48 s', '60 s', '1.1 h']);
});
