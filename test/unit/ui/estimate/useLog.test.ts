import assert from 'node:assert/strict';
import type { OfferId } from '../../../../src/domain/offer.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Choice } from '../../../../src/ui/dialogs.ts';
import { measuredWords } from '../../../../src/ui/estimate/measuredWords.ts';
import { panelView } from '../../../../src/ui/estimate/panelView.ts';
import { useLog, type LogFile } from '../../../../src/ui/estimate/useLog.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { estimate, estimates, workload } from './support/estimates.ts';
import { sessionBench } from './support/fakeEstimator.ts';

const id = (key: string): OfferId => `vast:${key}`;
const bar = ' 12%|###   | 120/1000 [01:05<07:58,  2.00it/s]';

async function bench(file: LogFile | undefined, answer: (choices: readonly Choice<unknown>[]) => unknown = () => undefined) {
  const { session, bench: of } = sessionBench([offer({ id: id('1') }), offer({ id: id('2'), gpuCount: 2 })]);
  await session.update();
  const said: string[] = [];
  const asked: (readonly Choice<unknown>[])[] = [];
  const dialogs = {
    notify: ({ text }: { text: string }): Promise<undefined> => { said.push(text); return Promise.resolve(undefined); },
    // The one that is asked gives back one of the values that it was handed.
    pick: <T>({ choices }: { choices: readonly Choice<T>[] }): Promise<T | undefined> => { asked.push(choices); return Promise.resolve(answer(choices) as T | undefined); },
  };
  await useLog(session, { dialogs, openLog: () => Promise.resolve(file), voice: english });
  return { session, said, asked, learned: of.estimator.learned, estimator: of.estimator };
}

describe('the log of a run', () => {
  it('is learned from on the card that it names, without a question', async () => {
    const { learned, asked, session } = await bench({ name: 'out.log', text: `NVIDIA GeForce RTX 4090\n${bar}` });
    assert.deepEqual(learned.map(({ gpu, gpuCount, progress, script }) => [gpu, gpuCount, progress.secondsPerStep, script]), [['RTX 4090', 1, 0.5, 'train_lora.py']]);
    assert.deepEqual(asked, []);
    const { measured } = panelView({ name: 'x', state: session.state, chosen: undefined, filtered: false, offersLoading: false }, english);
    assert.equal(measured, 'Measured on RTX 4090: 0.50 s a step, 120 of 1,000 done. 7 m and ≈ $0.04 are left at $0.33/h.');
  });

  it('asks where it ran when it does not say, among the machines on offer and all cards', async () => {
    const { learned, asked } = await bench({ name: 'out.log', text: bar }, (choices) => choices.find(({ label }) => label.startsWith('2×'))?.value);
    assert.deepEqual(asked[0]?.slice(0, 2).map(({ label }) => label), ['RTX 4090', '2× RTX 4090']);
    assert.ok(asked[0]?.some(({ label }) => label === 'H100 SXM'));
    assert.deepEqual(learned.map(({ gpu, gpuCount }) => [gpu, gpuCount]), [['RTX 4090', 2]]);
  });

  it('is left alone when the person turns away', async () => {
    for (const { learned, said } of [await bench(undefined), await bench({ name: 'out.log', text: bar })]) assert.deepEqual([learned, said], [[], []]);
  });

  it('says what is missing in it', async () => {
    assert.deepEqual((await bench({ name: 'out.log', text: 'nothing here' })).said, ['No rate was found in out.log: thirty steps with a progress bar or with times are needed.']);
    assert.deepEqual((await bench({ name: 'trainer_state.json', text: '{"global_step": 50, "max_steps": 100, "log_history": []}' })).said, ['trainer_state.json holds no times until its run has ended. Use what the run prints instead: its progress bar holds them.']);
  });

  it('says that a rate cannot be compared, and shows none', async () => {
    const { session, bench: of } = sessionBench([offer()]);
    of.estimator.comparable = false;
    await session.update();
    const said: string[] = [];
    await useLog(session, { dialogs: { notify: ({ text }) => { said.push(text); return Promise.resolve(undefined); }, pick: () => Promise.resolve(undefined) }, openLog: () => Promise.resolve({ name: 'o', text: `NVIDIA GeForce RTX 4090\n${bar}` }), voice: english });
    assert.match(said[0] ?? '', /cannot be compared/);
    assert.equal(session.state.measured, undefined);
  });
});

describe('what is left of a run', () => {
  const progress = { step: 400, totalSteps: 1000, secondsPerStep: 6, unit: 'step' } as const;
  const measured = { script: 'a', progress, gpu: 'RTX 4090', vramGb: 24, gpuCount: 1 };
  const cheap = estimate({ id: id('a'), gpuUsd: 0.18 });
  const dear = estimate({ id: id('b'), gpuUsd: 0.98 });

  it('has the price of the chosen machine where it is of that kind, else of the cheapest that is', () => {
    const words = (chosen: typeof cheap | undefined): string => measuredWords(measured, workload(), estimates([cheap, dear]), chosen, english.t);
    assert.match(words(dear), /1\.0 h and ≈ \$1\.00 are left at \$1\.00\/h\.$/);
    assert.match(words(undefined), /1\.0 h and ≈ \$0\.20 are left at \$0\.20\/h\.$/);
    assert.match(words(estimate({ gpu: 'H100 SXM' })), /≈ \$0\.20/);
    assert.equal(usdPerHour(0.2), cheap.offer.price.gpu + cheap.offer.price.disk);
  });

  it('has no price where nobody offers the machine, and none when it is over', () => {
    assert.equal(measuredWords(measured, workload(), estimates([]), undefined, english.t), 'Measured on RTX 4090: 6.0 s a step, 400 of 1,000 done.');
    assert.match(measuredWords({ ...measured, progress: { ...progress, step: 1000 } }, workload(), estimates([cheap]), undefined, english.t), /The run has ended\.$/);
    assert.match(measuredWords({ ...measured, progress: { step: 400, secondsPerStep: 6, unit: 'batch' } }, workload(), estimates([cheap]), undefined, english.t), /^Measured on RTX 4090: 6\.0 s a batch, 400 done\.$/);
  });
});
