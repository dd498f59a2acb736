import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd, type Usd } from '../../../../src/domain/money.ts';
import type { OfferId } from '../../../../src/domain/offer.ts';
import { unknownMemory } from '../../../../src/estimate/offers/tools.ts';
import { about, aboutCost, costText, machineName } from '../../../../src/ui/estimate/figures.ts';
import { lensText } from '../../../../src/ui/estimate/lensText.ts';
import { mostRows, offerRows } from '../../../../src/ui/estimate/offerRows.ts';
import { panelView, type PanelInput } from '../../../../src/ui/estimate/panelView.ts';
import { placeOf } from '../../../../src/ui/estimate/places.ts';
import { english } from '../support/english.ts';
import { estimate, estimates, path, reading, state, unfit } from './support/estimates.ts';

const id = (key: string): OfferId => `vast:${key}`;
const cheap = estimate({ id: id('cheap'), gpuUsd: 0.2, hours: 4 });
const fast = estimate({ id: id('fast'), gpu: 'H100 SXM', vramGb: 80, gpuUsd: 2, hours: 0.5 });
const poor = estimate({ id: id('poor'), gpuUsd: 0.9, hours: 5 });
const risky = estimate({ id: id('risky'), gpuUsd: 0.5, hours: 3, gb: 23, fit: { verdict: 'risky', probability: 0.619 } });
const spot = estimate({ id: id('spot'), gpuUsd: 0.3, hours: 4.2, kind: 'interruptible' });
const tooSmall = unfit({ id: id('small'), vramGb: 12 });
const all = estimates([cheap, fast, poor, risky, spot, tooSmall]);
const view = (change: Partial<PanelInput> = {}) => panelView({ name: 'train.py', state: state({ estimates: all }), chosen: undefined, filtered: false, offersLoading: false, ...change }, english);

describe('the figures of an estimate', () => {
  it('are about a sum, or less than a cent, and never both', () => {
    assert.deepEqual([usd(1.04), usd(0.004), usd(0.005), usd(0)].map(aboutCost), ['≈ $1.04', '< $0.01', '≈ $0.01', '≈ $0.00']);
  });

  it('are written with as much as they know', () => {
    assert.deepEqual([0.0001, 0.01, 0.4, 0.999, 2, 9.94, 9.96, 34.2, 71.4, 84, 300, 26_000].map((hours) => about(hours, english.t)), ['1 s', '36 s', '24 m', '1.0 h', '2.0 h', '9.9 h', '10 h', '34 h', '71 h', '3.5 d', '13 d', '1,083 d']);
    assert.deepEqual([0, 1, 4_999, 5_000, 1_040_000].map((amount) => costText(amount as Usd)), ['$0.00', '< $0.01', '< $0.01', '$0.01', '$1.04']);
    assert.deepEqual([machineName(cheap), machineName(estimate({ gpuCount: 8 }))], ['RTX 4090', '8× RTX 4090']);
  });

  it('never shrink as time grows', () => {
    const hoursOf = (text: string): number => {
      const [, size = '', unit = ''] = /^([\d.,]+) (s|m|h|d)$/.exec(text) ?? [];
      return Number(size.replace(',', '')) * ({ s: 1 / 3600, m: 1 / 60, h: 1, d: 24 }[unit] ?? NaN);
    };
    fc.assert(fc.property(fc.double({ min: 1e-4, max: 1e5, noNaN: true }), fc.double({ min: 1, max: 5, noNaN: true }), (hours, factor) => {
      const [one, more] = [hoursOf(about(hours, english.t)), hoursOf(about(hours * factor, english.t))];
      assert.ok(more >= one && (hours < 0.2 || Math.abs(one / hours - 1) < 0.06), `${about(hours, english.t)} for ${hours}`);
    }));
  });
});

describe('the view of an estimate', () => {
  it('tells the best value on one line, and the same above the script', () => {
    const headline = '≈ $1.01 · 30 m on H100 SXM · 4 offers fit';
    assert.equal(view().headline, headline);
    assert.deepEqual(lensText(state({ estimates: all }), english.t), { line: 21, title: headline, tooltip: 'Show what this costs on every offer' });
  });

  it('shows the figures of the machine that was chosen, and of the best one when that is gone', () => {
    assert.equal(view({ chosen: id('cheap') }).chosen?.offer, 'vast:cheap');
    assert.equal(view({ chosen: id('cheap') }).headline, '≈ $0.88 · 4.0 h on RTX 4090 · 4 offers fit');
    assert.equal(view({ chosen: id('gone') }).chosen?.offer, 'vast:fast');
  });

  it('shows what a machine that is too small lacks', () => {
    const { chosen } = view({ chosen: id('small') });
    assert.deepEqual([chosen?.usd, chosen?.hours, chosen?.memory?.text], [undefined, undefined, '31 of 12 GB']);
    assert.equal(chosen?.memory?.verdict, 'does not fit · between 28 and 34 GB at the peak');
    assert.equal(chosen?.memory?.remedy, 'Gradient checkpointing would make it fit. It makes a step 30 % longer.');
    assert.ok((chosen?.memory?.likely ?? 0) > 1, 'and the bar goes beyond');
    assert.equal(view({ chosen: id('small') }).headline, 'RTX 4090: does not fit · 4 offers fit');
    assert.equal(chosen?.warning, 'The job does not fit into the memory of this machine.');
  });

  it('tells no cost of what does not fit, and says of what may not that it may not', () => {
    const full: typeof cheap = { ...cheap, fit: { verdict: 'no', probability: 0 } };
    const { chosen, headline } = view({ state: state({ estimates: estimates([full, fast]) }), chosen: id('cheap') });
    assert.deepEqual([chosen?.usd, chosen?.hours, chosen?.sentence, chosen?.parts, headline], [undefined, undefined, undefined, [], 'RTX 4090: does not fit · 1 offer fits']);
    assert.equal(view({ chosen: id('risky') }).chosen?.warning, 'The job may not fit into the memory of this machine.');
    assert.equal(view({ chosen: id('risky') }).headline, '≈ $1.56 · 3.0 h on RTX 4090 · may not fit (61 % likely) · 4 offers fit');
    assert.equal(view({ chosen: id('cheap') }).chosen?.warning, undefined);
  });

  it('splits time and memory into what they are made of', () => {
    const { chosen } = view({ chosen: id('cheap') });
    assert.deepEqual(chosen?.parts, [
      { label: 'Starting and setting up', text: '5 m' }, { label: 'Fetching model and data', text: '2 m' }, { label: 'Training', text: '3.9 h' }, { label: 'Writing checkpoints', text: '4 s' },
      { label: 'Traffic, on top', text: '$0.05' },
    ]);
    assert.deepEqual(chosen?.memory?.parts.map(({ label, text }) => `${label} ${text}`).slice(0, 4), ['Weights 3.1 GB', 'Gradients 0.1 GB', 'Optimizer 0.2 GB', 'Activations 11 GB']);
    assert.equal(view({ state: state({ estimates: estimates([{ ...cheap, memory: unknownMemory }]) }) }).chosen?.memory, undefined, 'nothing is said of what nobody knows');
  });

  it('says what interruptions do', () => {
    assert.equal(view({ chosen: id('spot') }).chosen?.interruption, 'This offer can be taken away, about every 9.0 h. A checkpoint every 22 m costs least; interruptions add ≈ $0.06, which is counted.');
    assert.equal(view({ chosen: id('cheap') }).chosen?.interruption, undefined);
  });

  it('names four machines worth looking at', () => {
    assert.deepEqual(view().picks.map(({ label, offer, text }) => [label, offer, text]), [
      ['Cheapest', 'vast:cheap', '$0.88 · 4.0 h · Norway'], ['Fastest', 'vast:fast', '$1.01 · 30 m · Norway'], ['Safest', 'vast:cheap', '$0.88 · 4.0 h · Norway'], ['Best value', 'vast:fast', '$1.01 · 30 m · Norway'],
    ]);
  });

  it('says in a sentence why that machine, and what is lost only where it was counted', () => {
    for (const { offer, why } of view().picks) assert.equal(view({ chosen: offer as OfferId }).chosen?.why, why);
    assert.match(view({ chosen: id('cheap') }).chosen?.why ?? '', /^Expected \$0\.88 to finish \d(\.\d)? h: \$\d\.\d\d\/h, 99\.5 % reliable\.$/);
    assert.match(view({ chosen: id('spot') }).chosen?.why ?? '', /, loses .+ to interruptions\.$/);
  });

  it('counts what fits, what may and what does not, and owns up to the filter', () => {
    assert.equal(view().count, '4 offers fit · 1 may not · 1 does not');
    assert.equal(view({ filtered: true, state: state() }).count, '1 offer fits · the filter of the offers holds here too');
  });

  it('says which cloud would cost what, and when owning pays', () => {
    const elsewhere = [{ cloud: 'gcp', instance: 'g2-standard-4', gpu: 'L4', gpuCount: 1, usd: usd(4.1), hours: 6, readOn: '2026-07-20' }] as const;
    const shown = view({ state: state({ estimates: { ...all, elsewhere, breakEven: { gpu: 'RTX 4090', cardUsd: usd(1800), hours: 3200, readOn: '2026-02-12', perKwh: 0.15 } } }) });
    assert.deepEqual(shown.elsewhere, [{ name: 'Google Cloud', cost: '$4.10', time: '6.0 h', about: 'g2-standard-4 · 1× L4 · price of 2026-07-20' }]);
    assert.equal(shown.elsewhereNote, 'Buying one RTX 4090 for $1800.00 (price of 2026-02-12) pays after 3,200 h of such work, with electricity at $0.15 a kWh.');
    assert.deepEqual([view().elsewhere, view().elsewhereNote], [[], undefined]);
  });

  it('says what is missing, with the place where it is', () => {
    const gaps = [{ code: 'missingFile', file: path, line: 31, detail: 'a.yaml' }, { code: 'unknownModel', detail: 'x' }] as const;
    assert.deepEqual(view({ state: state({ reading: reading({ gaps }) }) }).gaps, [
      { text: 'This file is named and was not found. (a.yaml)', place: placeOf({ file: path, line: 31 }, path) },
      { text: 'Nothing is known of the model x: its size decides the cost.' },
    ]);
    assert.deepEqual(view().assumptions, ['The code runs as fast as this code base usually does.', 'The line is as fast as such machines usually have. (500 Mb/s)']);
  });

  it('offers to look up what no table knows, by its name, where the folder is trusted', () => {
    const { model: _model, ...work } = reading().workload;
    const unknown = state({ reading: reading({ workload: work, gaps: [{ code: 'unknownModel', detail: 'lab/model' }] }) });
    assert.equal(view({ state: unknown, trusted: true }).hub, 'Look up lab/model on the Hub');
    assert.deepEqual([view({ state: unknown, trusted: false }).hub, view({ trusted: true }).hub], [undefined, undefined]);
  });

  it('says why there are no figures', () => {
    const notice = (change: Parameters<typeof state>[0], more: Partial<PanelInput> = {}) => view({ state: state(change), ...more }).notice;
    assert.equal(notice({}), undefined);
    assert.equal(notice({ failed: true }), 'The script could not be read; the log says why.');
    assert.equal(notice({ busy: true, reading: undefined, estimates: undefined }), 'Reading the script. It is never run.');
    assert.equal(notice({ reading: reading({ gaps: [{ code: 'notTraining' }] }) }), 'This neither trains a model nor answers with one. What it does can be said all the same.');
    assert.equal(notice({ estimates: estimates([]) }), 'No offers have been read, so nothing has a price yet.');
    assert.equal(notice({ estimates: estimates([]) }, { offersLoading: true }), 'Reading offers');
    assert.equal(notice({ estimates: estimates([tooSmall]) }), 'It fits on none of the offers. Choose a smaller batch or another method, or look at larger cards.');
    const { hours: _hours, usd: _usd, ...open } = cheap;
    assert.equal(notice({ estimates: estimates([open]) }), 'Too little is known for a figure. Answer what the script does not say.');
  });
});

describe('the rows of offers', () => {
  const rows = offerRows(all, english);
  const row = (key: string) => rows.find(({ offer }) => offer === `vast:${key}`);

  it('say cost, time, price and risk of each', () => {
    assert.deepEqual(row('cheap'), {
      offer: 'vast:cheap', machine: 'RTX 4090', about: '1× 24 GB · Norway · Vast.ai', cost: '$0.88', costRange: '$0.71 – $1.09', time: '4.0 h', rate: '$0.22/h', risk: 'fits · 99.5 %',
      usd: 0.88, hours: 4, riskShare: row('cheap')?.riskShare, front: true, risky: false,
    });
    assert.equal(row('spot')?.risk, 'fits · 99.5 % · taken away about every 9.0 h');
    assert.equal(row('risky')?.risk, 'may not fit (61 % likely) · 99.5 %');
  });

  it('rate what may be taken away or may not fit as riskier', () => {
    const [safe, taken, doubtful] = [row('cheap'), row('spot'), row('risky')].map((one) => one?.riskShare ?? NaN);
    assert.ok(safe !== undefined && taken !== undefined && doubtful !== undefined && safe < taken && safe < doubtful && safe >= 0 && doubtful <= 1);
  });

  it('leave out what does not fit', () => {
    assert.deepEqual(rows.map(({ offer }) => offer).toSorted(), ['vast:cheap', 'vast:fast', 'vast:poor', 'vast:risky', 'vast:spot']);
    assert.deepEqual(rows.filter(({ front }) => front).map(({ offer }) => offer), ['vast:cheap', 'vast:fast']);
  });

  it('are bounded, yet hold the fastest however dear', () => {
    const many = estimates([...Array.from({ length: mostRows + 200 }, (_, index) => estimate({ id: id(String(index)), gpuUsd: 0.3 + index / 1000 })), estimate({ id: id('rocket'), gpuUsd: 90, hours: 0.2 })]);
    const shown = offerRows(many, english);
    assert.ok(shown.length <= mostRows + 5 && shown.length >= mostRows);
    assert.ok(shown.some(({ offer, front }) => offer === 'vast:rocket' && front));
  });

  it('carry no icon syntax and no hidden marks of a host', () => {
    const [shown] = offerRows(estimates([estimate({ gpu: '$(bug) RTX\u202E', place: '[x](command:evil)' })]), english);
    assert.deepEqual([shown?.machine, shown?.about], ['$ (bug) RTX', '1× 24 GB · [x] (command:evil) · Vast.ai']);
  });
});

describe('the lens', () => {
  it('stands only where the script trains and the anchor is its own', () => {
    assert.equal(lensText(state({ reading: undefined, estimates: undefined }), english.t), undefined);
    assert.equal(lensText(state({ reading: reading({ gaps: [{ code: 'notTraining' }] }) }), english.t), undefined);
    assert.equal(lensText(state({ reading: reading({ anchor: { file: 'run.sh', line: 2 } }) }), english.t), undefined);
  });

  it('invites, or says that a question is open, while there is no figure', () => {
    assert.equal(lensText(state({ estimates: estimates([tooSmall]) }), english.t)?.title, 'What this costs: the script leaves a question open');
    assert.equal(lensText(state({ reading: reading({ questions: [] }), estimates: undefined }), english.t)?.title, 'Estimate what this costs');
  });
});
