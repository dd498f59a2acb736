/** Estimates by hand: a few figures that a test names, and the rest as it would be. */
import { chargeFor, usd } from '../../../../../src/domain/money.ts';
import { allIn, type Offer } from '../../../../../src/domain/offer.ts';
import { bandAround, exactly } from '../../../../../src/estimate/band.ts';
import type { Reading } from '../../../../../src/estimate/facts.ts';
import { paretoFront, picks, rank, type Runnable } from '../../../../../src/estimate/offers/rank.ts';
import type { OfferEstimate } from '../../../../../src/estimate/result.ts';
import type { Workload } from '../../../../../src/estimate/workload.ts';
import type { Estimates } from '../../../../../src/ui/estimate/estimator.ts';
import type { SessionState } from '../../../../../src/ui/estimate/session.ts';
import { offer } from '../../../../fakes/offers.ts';

export const workload = (change: Partial<Workload> = {}): Workload => ({
  task: 'language', stack: 'hf', model: { name: 'Qwen/Qwen2.5-1.5B', paramsM: 1544 }, dataset: 'tatsu-lab/alpaca', method: 'lora', loraRank: 16, precision: 'bf16',
  optimizer: 'adamw', parallelism: 'single', microBatch: 8, accumulation: 2, epochs: 3, samples: 52_002, packing: false, checkpointing: false, compile: false, flashAttention: true,
  ...change,
});

export const path = 'train_lora.py';

export const reading = (change: Partial<Reading> = {}): Reading => ({
  workload: workload(),
  facts: [
    { name: 'model', value: 'Qwen/Qwen2.5-1.5B', source: 'script', certainty: 'stated', file: path, line: 7 },
    { name: 'epochs', value: 3, source: 'script', certainty: 'stated', file: path, line: 15 },
    { name: 'microBatch', value: 8, source: 'script', certainty: 'stated', file: path, line: 16 },
    { name: 'accumulation', value: 2, source: 'config', certainty: 'derived', file: 'conf/train.yaml', line: 12, note: '16 // 8' },
    { name: 'precision', value: 'bf16', source: 'script', certainty: 'stated', file: path, line: 19 },
    { name: 'samples', value: 52_002, source: 'table', certainty: 'stated' },
    { name: 'method', value: 'lora', source: 'script', certainty: 'stated', file: path, line: 25 },
    { name: 'checkpointing', value: false, source: 'default', certainty: 'assumed' },
  ],
  questions: [{ name: 'tokensPerSample', suggestions: [128, 256, 512] }],
  anchor: { file: path, line: 21 },
  gaps: [],
  ...change,
});

type Change = Partial<Offer> & { readonly gpuUsd?: number; readonly hours?: number; readonly sigma?: number; readonly gb?: number; readonly fit?: Partial<OfferEstimate['fit']> };

export function estimate({ hours = 2, sigma = 0.17, gb = 17, fit = {}, ...change }: Change = {}): Runnable {
  const one = offer(change);
  const time = bandAround(hours, sigma);
  const charge = (at: number) => chargeFor(allIn(one), at * 3_600_000);
  const setup = 0.08;
  return {
    offer: one,
    memory: { gb: bandAround(gb, 0.07), parts: { weights: 3.1, gradients: 0.1, optimizer: 0.2, activations: gb - 5.6, logits: 1.2, overhead: 1 } },
    fit: { verdict: 'fits', probability: 0.98, ...fit },
    hours: time,
    usd: { low: charge(time.low), likely: charge(time.likely), high: charge(time.high) },
    parts: {
      setupHours: exactly(setup), downloadHours: exactly(0.04), trainHours: bandAround(hours - setup - 0.04, sigma), evalHours: exactly(0), checkpointHours: exactly(0.001),
      lostHours: exactly(0), trafficUsd: usd(0.05),
    },
    reason: 'computeBound',
    ...(one.kind === 'interruptible' ? { interruption: { intervalMinutes: 22, meanHoursBetween: 9, extraUsd: usd(0.06) } } : {}),
    assumptions: [{ code: 'usualStack' }, { code: 'networkSpeed', detail: '500 Mb/s' }],
  };
}

/** What does not fit has a memory and no figures. */
export function unfit(change: Change = {}): OfferEstimate {
  const { offer, memory } = estimate({ gb: 31, ...change });
  return { offer, memory, fit: { verdict: 'no', probability: 0.02, remedy: { code: 'checkpointing', change: { checkpointing: true }, slowdown: 1.3 } }, assumptions: [] };
}

export const estimates = (all: readonly OfferEstimate[], change: Partial<Estimates> = {}): Estimates =>
  ({ all, ranked: rank(all, 'cost'), front: paretoFront(all), picks: picks(all), elsewhere: [], ...change });

export const state = (change: Partial<SessionState> = {}): SessionState => ({
  busy: false, failed: false, path, reading: reading(), estimates: estimates([estimate()]), given: new Map(), refused: undefined, at: new Date(2026, 10, 22, 14, 3, 20).getTime(), ...change,
});
