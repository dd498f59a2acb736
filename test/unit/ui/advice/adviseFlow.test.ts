import assert from 'node:assert/strict';
import type { HostHistory } from '../../../../src/domain/hostMemory.ts';
import type { Job } from '../../../../src/domain/job.ts';
import { toDollars } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import { advise, type AdviseDeps } from '../../../../src/ui/advice/adviseFlow.ts';
import { jobFigures, parseJob } from '../../../../src/ui/advice/jobFigures.ts';
import type { Estimated } from '../../../../src/ui/advice/jobQuestions.ts';
import { goBack } from '../../../../src/ui/dialogs.ts';
import { NamedJob } from '../../../../src/ui/offers/namedJob.ts';
import { OfferPreferences } from '../../../../src/ui/offers/preferences.ts';
import type { Wish } from '../../../../src/ui/rent/terms.ts';
import { offer } from '../../../fakes/offers.ts';
import { drawer } from '../support/drawer.ts';
import { english } from '../support/english.ts';
import { now } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const at = (id: string, gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ id: `vast:${id}` as OfferId, gpuUsd, details: { downMbps: 800 }, ...change });
const offers: readonly Offer[] = [
  at('cheap', 0.3, { reliability: 0.97 }),
  at('secure', 0.6, { tier: 'datacentre', tierName: 'Secure', reliability: 0.9999 }),
  at('mine', 0.35, { details: { downMbps: 800, machineId: '7' } }),
  at('big', 2, { gpu: 'H100 SXM', vramGb: 80 }),
];
const history: HostHistory = ({ id }) => (id === 'vast:mine' ? { host: 'vast:machine-7', ready: 3, hours: 30, incidents: [] } : undefined);

class Bench {
  readonly dialogs: ScriptedDialogs;
  readonly editor = new RecordingEditor();
  readonly kept = drawer();
  readonly preferences = new OfferPreferences(drawer(), () => 40);
  readonly rented: { readonly id: string; readonly limits: Wish }[] = [];
  readonly namedJob: NamedJob;
  readonly deps: AdviseDeps;

  constructor(answers: readonly Answer[], change: Partial<AdviseDeps> = {}) {
    this.dialogs = new ScriptedDialogs(...answers);
    this.namedJob = new NamedJob(this.kept, async (saved) => jobFigures(saved, { voice: english, history, offers: () => offers, now: () => now, sensitive: () => false, hoursSeen: () => [] }));
    this.deps = {
      dialogs: this.dialogs, editor: this.editor, preferences: this.preferences, namedJob: this.namedJob, voice: english, history, now: () => now,
      offers: () => offers, estimated: () => undefined, sensitive: () => false, hoursSeen: () => [],
      rent: async ({ id }, limits) => void this.rented.push({ id, limits }),
      ...change,
    };
  }

  async run(): Promise<this> {
    await advise(this.deps);
    assert.equal(this.dialogs.unused, 0, 'every expected question was asked');
    return this;
  }

  get job(): Job | undefined {
    return parseJob(this.kept.content['gpuRental.job']);
  }
}

const described: readonly Answer[] = [{ choose: /^1× RTX 4090/ }, { choose: /^8 h/ }, { choose: /^A batch/ }, { choose: /^Every 30 minutes/ }, { choose: /^20 GB/ }];
const labels = (pick: ScriptedDialogs['picks'][number] | undefined): readonly string[] => pick?.choices.map(({ label }) => label) ?? [];

describe('which offer for my job', () => {
  it('asks five things, shows three picks with a sentence each, and rents with room for the job', async () => {
    const bench = await new Bench([...described, { choose: /^Cheapest/ }, { choose: /^Rent/ }]).run();
    const [machines, , , , , picks, why] = bench.dialogs.picks;
    assert.deepEqual(labels(machines), ['1× RTX 4090 · 24 GB', '1× H100 SXM · 80 GB', 'Any of them']);
    assert.match(machines?.choices[0]?.description ?? '', /^from \$0\.32\/h · 3 offers$/);
    assert.equal(picks?.placeholder, '8 h on 1× RTX 4090: 3 offers can finish it');
    assert.deepEqual(labels(picks).map((label) => label.replace(/\d+\.\d+/, '#')), ['Cheapest to finish: $#', 'Safest: $#', 'Best known: $#', 'Show all, cheapest to finish first']);
    assert.match(picks?.choices[0]?.detail ?? '', /^Expected \$2\.\d\d to finish 8 h: \$0\.32\/h, 97\.0 % reliable, loses about \d+ minutes to interruptions, 20 GB to move\.$/);
    assert.match(picks?.choices[2]?.detail ?? '', /; a host of your own good experience, 30 h so far\.$/);
    assert.ok(why?.choices.some(({ detail = '' }) => /Complete Comparison.* · 2026-02-12$/.test(detail)), 'each reason has its source and day');
    const [rented] = bench.rented;
    assert.equal(rented?.id, 'vast:cheap');
    assert.ok(rented.limits.leaseHours >= 12 && toDollars(rented.limits.budget) >= 4, 'no limit ends the job shortly before it is done');
    assert.deepEqual(bench.job, { hours: 8, use: 'batch', checkpointHours: 0.5, dataGb: 20, sensitive: false, on: { gpu: 'RTX 4090', gpuCount: 1 } });
  });

  it('goes back step by step with the answers as they were, and past steps that were not asked', async () => {
    const bench = await new Bench([
      { choose: /^1× RTX/ }, { choose: /^4 h/ }, { choose: /^Production/ }, { choose: goBack }, // from the data, over the checkpoints
      { choose: goBack }, { choose: /^8 h/ }, { choose: /^Trying out/ }, { choose: /^Never/ }, { choose: /^Next to nothing/ },
      { choose: /^Safest/ }, { choose: goBack }, { choose: goBack }, // from the reasons to the picks, from those to the first step
      { choose: undefined },
    ]).run();
    assert.deepEqual(bench.dialogs.picks.map(({ placeholder }) => placeholder.slice(0, 8)).slice(3, 6), ['How much', 'What is ', 'How long']);
    assert.deepEqual([bench.job?.hours, bench.job?.use, bench.job?.checkpointHours], [8, 'exploration', undefined]);
    assert.deepEqual(bench.rented, []);
  });

  it('lets hours be typed, and turning away from typing leads back to the list', async () => {
    const bench = await new Bench([{ choose: /^Any/ }, { choose: /^Another/ }, { type: undefined }, { choose: /^Another/ }, { type: '6,5' }, { choose: /^A batch/ }, { choose: /^Never/ }, { choose: /^5 GB/ }, { choose: undefined }]).run();
    assert.deepEqual([bench.job?.hours, bench.job?.on], [6.5, undefined]);
  });

  it('offers the last job first', async () => {
    const bench = new Bench([{ choose: undefined }]);
    await bench.namedJob.name({ hours: 9, use: 'production', dataGb: 3, sensitive: false, on: { gpu: 'H100 SXM', gpuCount: 1 } });
    await bench.run();
    const current = bench.dialogs.picks[0]?.choices.filter(({ current: is }) => is);
    assert.deepEqual(current?.map(({ label }) => label), ['1× H100 SXM · 80 GB']);
  });

  it('takes hours and data from an estimate, on each machine its own', async () => {
    const script: Estimated = {
      name: 'train.py', fits: 2,
      jobs: (said) => ({ gpu, gpuCount }) => (gpu === 'H100 SXM' ? { ...said, hours: 1, dataGb: 4, on: { gpu, gpuCount } } : { ...said, hours: 9, dataGb: 4, on: { gpu, gpuCount } }),
    };
    const bench = await new Bench([{ choose: /^As train\.py was estimated/ }, { choose: /^A batch/ }, { choose: /^Cheapest/ }, { choose: /^Rent/ }], { estimated: () => script }).run();
    assert.equal(bench.rented[0]?.id, 'vast:big', 'nine times as fast for six times the price');
    assert.deepEqual(bench.job?.on, { gpu: 'H100 SXM', gpuCount: 1 });
  });

  it('sorts the list by it where somebody wants to see all', async () => {
    const bench = await new Bench([...described, { choose: /^Show all/ }]).run();
    assert.equal(bench.preferences.sort, 'finish');
    assert.deepEqual(bench.editor.done, ['view gpuRental.offers']);
  });

  it('says so where nothing can finish the job', async () => {
    const soon = offers.map((one) => ({ ...one, details: { availableUntil: one.readAt + 3_600_000 } }));
    const bench = await new Bench([...described], { offers: () => soon }).run();
    assert.match(bench.dialogs.notes[0]?.text ?? '', /cannot be finished on any offer/);
    assert.equal(bench.job, undefined);
  });
});

describe('a named job', () => {
  const job: Job = { hours: 8, use: 'batch', dataGb: 0, sensitive: false };
  const figures = (saved: unknown) => jobFigures(saved, { voice: english, offers: () => offers, now: () => now, sensitive: () => false, hoursSeen: () => [] });

  it('is found again in the workspace, and told to whoever shows offers', async () => {
    const kept = drawer();
    const named = new NamedJob(kept, async (saved) => figures(saved));
    let told = 0;
    named.onDidChange(() => told++);
    await named.name(job);
    assert.deepEqual([told, named.figures?.job], [1, job]);
    const again = new NamedJob(kept, async (saved) => figures(saved));
    await new Promise<void>((resolve) => again.onDidChange(() => resolve()));
    assert.deepEqual(again.figures?.job, job);
  });

  it('is forgotten where it was kept by another hand', () => {
    for (const saved of [undefined, null, 'x', {}, { ...job, hours: -1 }, { ...job, hours: '8' }, { ...job, use: 'mining' }, { ...job, on: { gpu: 'x', gpuCount: 0 } }]) assert.equal(figures(saved), undefined);
  });

  it('says in a tooltip what it costs there and who advises what, and nothing where its hours mean nothing', () => {
    const decoded = (text = ''): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    const told = figures({ ...job, on: { gpu: 'RTX 4090', gpuCount: 1 } });
    const [cheap, , , big] = offers;
    assert.ok(told !== undefined && cheap !== undefined && big !== undefined);
    assert.match(decoded(told.words(cheap)), /^\*\*To finish your job of 8 h: \$\d\.\d\d\*\*\n\nExpected .*\n\nSpeaks against it: From 4 to 12 hours .*\(RunPod vs Vast\.ai: Complete Comparison for AI Developers · 2026-02-12\)/);
    assert.equal(told.words(big), undefined);
    assert.equal(told.cost(big), undefined);
    assert.match(decoded(told.words({ ...cheap, details: { availableUntil: cheap.readAt } })), /cannot be finished there/);
  });
});
