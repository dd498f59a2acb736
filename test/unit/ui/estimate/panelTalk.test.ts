import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toDollars } from '../../../../src/domain/money.ts';
import type { OfferId } from '../../../../src/domain/offer.ts';
import { fromPanel } from '../../../../src/ui/estimate/fromPanel.ts';
import { PanelTalk } from '../../../../src/ui/estimate/panelTalk.ts';
import { placeOf } from '../../../../src/ui/estimate/places.ts';
import type { EstimateSession } from '../../../../src/ui/estimate/session.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { path } from './support/estimates.ts';
import { sessionBench } from './support/fakeEstimator.ts';

const id = (key: string): OfferId => `vast:${key}`;

async function talkBench(logged?: (session: EstimateSession) => Promise<unknown>) {
  const { session, bench } = sessionBench([offer({ id: id('1') }), offer({ id: id('2'), gpuUsd: 5 })]);
  await session.update();
  const done: unknown[] = [];
  const failures: unknown[] = [];
  const talk = new PanelTalk(session, {
    voice: english,
    rent: async (one, limits) => void done.push(['rent', one.id, limits && toDollars(limits.budget), limits?.leaseHours]),
    copy: async (text) => void done.push(['copy', text.split('\n')[0]]),
    reveal: async (file, line) => void done.push(['reveal', file, line]),
    trusted: () => true,
    useLog: async (of) => {
      done.push(['log']);
      await logged?.(of);
    },
    readOffers: async () => void done.push(['readOffers']),
    filtered: () => false,
    offersLoading: () => false,
    offersReadAt: () => new Date(2026, 10, 22, 14, 1, 2).getTime(),
    report: (error) => failures.push(error),
  });
  return { session, bench, talk, done, failures };
}

describe('what the panel asks for', () => {
  it('is rented with limits that the high end of the estimate sets', async () => {
    const { talk, done } = await talkBench();
    await talk.handle({ type: 'rent', offer: 'vast:1' });
    // Three hours likely at $0.33/h; the high end of both bands is about a quarter above.
    assert.deepEqual(done, [['rent', 'vast:1', 1.25, 4]]);
  });

  it('is never rented when it is not among the offers', async () => {
    const { talk, done, failures } = await talkBench();
    await talk.handle({ type: 'rent', offer: 'vast:999' });
    assert.deepEqual(done, []);
    assert.match(String(failures[0]), /offerGone|gone/i);
  });

  it('is chosen, set, taken back, shown, copied and read again', async () => {
    const { talk, session, done, bench } = await talkBench();
    assert.equal(talk.view.chosen?.offer, 'vast:1');
    assert.equal(talk.view.count, '2 offers fit · prices read at 14:01:02');
    await talk.handle({ type: 'choose', offer: 'vast:2' });
    assert.equal(talk.view.chosen?.offer, 'vast:2');
    await talk.handle({ type: 'choose', offer: 'vast:nowhere' });
    assert.equal(talk.view.chosen?.offer, 'vast:2');
    await talk.handle({ type: 'set', name: 'epochs', value: '8' });
    assert.equal(session.state.given.get('epochs'), 8);
    await talk.handle({ type: 'unset', name: 'epochs' });
    assert.equal(session.state.given.size, 0);
    await talk.handle({ type: 'reveal', place: placeOf({ file: path, line: 1 }, path)?.id });
    await talk.handle({ type: 'copy', as: 'markdown' });
    assert.equal(talk.view.said, 'Copied.');
    await talk.handle({ type: 'copy', as: 'csv' });
    await talk.handle({ type: 'log' });
    bench.text = 'epochs = 5';
    await talk.handle({ type: 'refresh' });
    assert.deepEqual([session.state.reading?.workload.epochs, bench.forgotten, talk.view.said], [5, 1, undefined]);
    assert.deepEqual(done.map((one) => String(one).slice(0, 30)), [`reveal,${path},1`, 'copy,## train\\_lora.py', 'copy,offer,provider,gpu,gpu_co', 'log', 'readOffers']);
  });

  it('says beside the button that a log was taken, and nothing when the person turned away', async () => {
    const progress = { step: 120, totalSteps: 1000, secondsPerStep: 0.5, unit: 'step' } as const;
    const { talk } = await talkBench((session) => session.learn({ script: 'train_lora.py', progress, gpu: 'RTX 4090', vramGb: 24, gpuCount: 1 }));
    await talk.handle({ type: 'log' });
    assert.equal(talk.view.said, 'The figures above go by what that run measured.');
    assert.match(talk.view.measured ?? '', /^Measured on RTX 4090/);
    const { talk: away } = await talkBench();
    await away.handle({ type: 'log' });
    assert.equal(away.view.said, undefined);
  });

  it('opens no file that was not read, whatever the page says', async () => {
    const { talk, session, done } = await talkBench();
    for (const place of ['/etc/passwd', '../../.ssh/id_ed25519', path, `${path}:1`, placeOf({ file: '/etc/passwd' }, path)?.id, placeOf({ file: path, line: 2 }, path)?.id, '', 'constructor']) await talk.handle({ type: 'reveal', place });
    assert.deepEqual(done, []);
    assert.ok(session.state.reading?.facts.some(({ file }) => file === path), 'there is a place that it would open');
  });

  it('is looked up on the Hub only in a folder that is trusted, and says whether that helped', async () => {
    const { session, bench } = await talkBench();
    const nothing = (): Promise<void> => Promise.resolve();
    const talking = (trusted: boolean): PanelTalk => new PanelTalk(session, {
      voice: english, rent: nothing, copy: nothing, reveal: nothing, useLog: nothing, trusted: () => trusted, readOffers: nothing, filtered: () => false,
      offersLoading: () => false, offersReadAt: () => undefined, report: (error) => assert.fail(String(error)),
    });
    const strange = talking(false);
    await strange.handle({ type: 'hub' });
    assert.deepEqual([bench.estimator.asked.length, strange.view.hub], [0, undefined]);
    const talk = talking(true);
    await talk.handle({ type: 'hub' });
    assert.deepEqual([bench.estimator.asked.length, talk.view.said, bench.estimator.reads.length], [1, 'Looked up on the Hub.', 2]);
    bench.estimator.found = 0;
    await talk.handle({ type: 'hub' });
    assert.deepEqual([talk.view.said, bench.estimator.reads.length], ['The Hub says nothing of it.', 2]);
  });

  it('does nothing where it is no fact', async () => {
    const { talk, session, bench } = await talkBench();
    for (const name of ['constructor', '__proto__', 'price', '']) await talk.handle({ type: 'set', name, value: '8' });
    assert.deepEqual([session.state.given.size, bench.estimator.reads.length], [0, 1]);
  });

  it('shows an offer that is still to come', async () => {
    const { talk, session, bench } = await talkBench();
    talk.expect(id('3'));
    assert.equal(talk.view.chosen?.offer, 'vast:1');
    bench.offers = [...bench.offers, offer({ id: id('3'), gpuUsd: 9 })];
    await session.update('offers');
    assert.equal(talk.view.chosen?.offer, 'vast:3');
  });

  it('is reported when it fails', async () => {
    const { session } = await talkBench();
    const failures: unknown[] = [];
    const boom = new Error('boom');
    const nothing = (): Promise<void> => Promise.resolve();
    const talk = new PanelTalk(session, { voice: english, rent: () => Promise.reject(boom), copy: nothing, reveal: nothing, useLog: nothing, trusted: () => true, readOffers: nothing, filtered: () => false, offersLoading: () => false, offersReadAt: () => undefined, report: (error) => failures.push(error) });
    await talk.handle({ type: 'rent', offer: 'vast:1' });
    assert.deepEqual(failures, [boom]);
  });
});

describe('a message from the panel', () => {
  it('is taken as it is meant', () => {
    for (const message of [{ type: 'ready' }, { type: 'set', name: 'epochs', value: '3' }, { type: 'set', name: 'packing', value: true }, { type: 'unset', name: 'epochs' }, { type: 'reveal', place: 'x7' }, { type: 'choose', offer: 'vast:1' }, { type: 'rent', offer: 'vast:1' }, { type: 'copy', as: 'csv' }, { type: 'log' }, { type: 'hub' }, { type: 'refresh' }]) {
      assert.deepEqual(fromPanel(message), message);
    }
  });

  it('or not at all', () => {
    for (const message of [undefined, null, 7, 'ready', {}, { type: 'destroy', offer: 'vast:1' }, { type: 'rent' }, { type: 'rent', offer: 7 }, { type: 'rent', offer: 'x'.repeat(300) }, { type: 'reveal', file: '/etc/passwd', line: 1 }, { type: 'reveal', place: 'x'.repeat(61) }, { type: 'set', name: 'epochs', value: 3 }, { type: 'set', name: 'epochs', value: 'x'.repeat(501) }, { type: 'copy', as: 'pdf' }]) {
      assert.equal(fromPanel(message), undefined, JSON.stringify(message)?.slice(0, 60));
    }
    fc.assert(fc.property(fc.anything(), (message) => fromPanel(message) === undefined));
  });
});
