import assert from 'node:assert/strict';
import { createEmitter } from '../../../src/domain/emitter.ts';
import type { OfferFilter } from '../../../src/domain/filter.ts';
import type { Judgement } from '../../../src/domain/budget.ts';
import type { Offer, OfferId } from '../../../src/domain/offer.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import type { CapEvent, GuardEvent } from '../../../src/services/guard.ts';
import type { MarketView } from '../../../src/services/market.ts';
import { listenToGuard } from '../../../src/ui/instances/guardListener.ts';
import { NamedJob } from '../../../src/ui/offers/namedJob.ts';
import { OffersList } from '../../../src/ui/offers/offersList.ts';
import { offersCommands } from '../../../src/ui/offers/offersCommands.ts';
import { OfferPreferences } from '../../../src/ui/offers/preferences.ts';
import { practiceCommands } from '../../../src/ui/practiceCommands.ts';
import type { FleetInstance } from '../../../src/services/fleetInstance.ts';
import { goBack } from '../../../src/ui/dialogs.ts';
import { offer } from '../../fakes/offers.ts';
import { drawer } from './support/drawer.ts';
import { english } from './support/english.ts';
import { machine, now } from './support/machines.ts';
import { RecordingEditor } from './support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from './support/scriptedDialogs.ts';

const id = (key: string): OfferId => `vast:${key}` as OfferId;

function offersBench(...answers: Answer[]) {
  const changed = createEmitter<MarketView>();
  const signedIn = createEmitter<void>();
  const market = {
    view: { filter: { diskGb: 40 }, offers: [] as readonly Offer[], dropped: 0, more: false, loading: false, readAt: undefined as number | undefined, stale: false, errors: [] } satisfies MarketView as MarketView,
    onDidChange: changed.event,
    refreshed: 0,
    refresh: async (): Promise<void> => {
      market.refreshed++;
      show([offer({ readAt: now, details: { hostId: '9' } }), offer({ id: id('2'), gpu: 'L4', gpuUsd: 0.2, readAt: now })]);
    },
  };
  const show = (offers: readonly Offer[], filter: OfferFilter = market.view.filter): void => {
    market.view = { ...market.view, filter, offers, readAt: now };
    changed.fire(market.view);
  };
  const kept = new Map<string, unknown>();
  const preferences = new OfferPreferences({ get: (key) => kept.get(key), update: async (key, value) => void kept.set(key, value) }, () => 40);
  const list = new OffersList({ market, preferences, accounts: { signedIn: () => true, onDidChange: signedIn.event } });
  const dialogs = new ScriptedDialogs(...answers);
  const editor = new RecordingEditor();
  const rented: string[] = [];
  const namedJob = new NamedJob(drawer(), async () => undefined);
  const commands = offersCommands({
    market, list, preferences, dialogs, editor, namedJob, voice: english, now: () => now, rent: async (one) => void rented.push(one.id), estimated: () => undefined, sensitive: () => false, hoursSeen: () => [], knowing: { use: () => Promise.reject(new Error('nobody asked for advice')) },
  });
  return { market, show, preferences, list, dialogs, editor, rented, commands, signedIn };
}

describe('the list of offers', () => {
  it('is built when somebody looks, and once for each change', () => {
    const { list, show, preferences, signedIn } = offersBench();
    let changes = 0;
    list.onDidChange(() => changes++);
    show([offer()]);
    const first = list.model;
    assert.equal(list.model, first);
    show([offer({ reliability: 0.9 })]);
    assert.deepEqual(list.changedSince(first), ['group/RTX 4090|24', 'summary']);
    preferences.settingsChanged();
    signedIn.fire();
    assert.equal(changes, 4);
    list.dispose();
    show([]);
    assert.equal(changes, 4);
  });

  it('remembers offers that another filter showed', () => {
    const { list, show } = offersBench();
    show([offer({ id: id('1'), readAt: now })], { diskGb: 40, gpu: 'RTX 4090' });
    show([offer({ id: id('2'), readAt: now })], { diskGb: 40, gpu: 'L4' });
    assert.deepEqual(list.seen(40, now).map((one) => one.id), ['vast:1', 'vast:2']);
  });
});

describe('commands of offers', () => {
  it('rent the offer they are invoked on', async () => {
    const { commands, rented, market } = offersBench();
    await market.refresh();
    await commands['gpuRental.offer.rent']('offer/vast:2');
    await commands['gpuRental.offer.rent']('offer/vast:gone');
    await commands['gpuRental.offer.rent']('group/L4|24');
    assert.deepEqual(rented, ['vast:2']);
  });

  it('read the market first when somebody begins at the palette, and lead to an offer', async () => {
    const { commands, rented, market, dialogs } = offersBench({ choose: /RTX 4090/ }, { choose: goBack }, { choose: /^L4/ }, { choose: /\$0\.22/ });
    await commands['gpuRental.offer.rent']();
    assert.deepEqual([rented, market.refreshed, dialogs.titles], [['vast:2'], 1, ['Reading offers']]);
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ label }) => label), ['L4 · 24 GB', 'RTX 4090 · 24 GB']);
  });

  it('say when there is nothing to choose from', async () => {
    const { commands, show, dialogs, rented } = offersBench();
    show([]);
    await commands['gpuRental.offer.rent']();
    assert.deepEqual([dialogs.notes[0]?.text, rented], ['No offer matches the filter.', []]);
  });

  it('copy, open and hide', async () => {
    const { commands, editor, market, list, preferences } = offersBench();
    await market.refresh();
    await commands['gpuRental.offer.copy']('offer/vast:1001');
    await commands['gpuRental.offer.openConsole']('offer/vast:1001');
    assert.match(editor.done[0] ?? '', /^copy 1× RTX 4090 · \$0\.33\/h/);
    assert.equal(editor.done[1], 'open https://cloud.vast.ai/create/');
    await commands['gpuRental.offer.hideHost']('offer/vast:2');
    assert.equal(preferences.hidden.size, 0, 'a host without a name cannot be hidden');
    await commands['gpuRental.offer.hideHost']('offer/vast:1001');
    assert.deepEqual(list.model.offers.map((one) => one.id), ['vast:2']);
    await commands['gpuRental.offers.showHidden']();
    assert.equal(list.model.offers.length, 2);
  });

  it('filter, sort, clear and refresh', async () => {
    const { commands, preferences, market } = offersBench({ choose: /Provider/ }, { choose: /Vast/ }, { choose: undefined }, { choose: /reliable/ });
    await commands['gpuRental.offers.filter']();
    await commands['gpuRental.offers.sort']();
    assert.deepEqual([preferences.filter, preferences.sort, market.refreshed], [{ diskGb: 40, provider: 'vast' }, 'reliability', 1]);
    await commands['gpuRental.offers.clearFilter']();
    await commands['gpuRental.offers.refresh']();
    assert.deepEqual([preferences.filter, market.refreshed], [{ diskGb: 40 }, 2]);
  });
});

describe('the guard’s listener', () => {
  const counted = usd(4);
  const run = async (kind: 'warn' | 'end' | 'cap', judgement: Judgement, press: string): Promise<string[]> => {
    const warned = createEmitter<GuardEvent>();
    const ended = createEmitter<GuardEvent>();
    const capped = createEmitter<CapEvent>();
    const dialogs = new ScriptedDialogs();
    const editor = new RecordingEditor();
    dialogs.onNotes.push({ text: /./, press });
    const listener = listenToGuard({
      guard: { onDidWarn: warned.event, onDidEnd: ended.event, onDidNearCap: capped.event }, burn: () => usdPerHour(0.33), dialogs, editor, now: () => now, voice: english,
      report: (error) => {
        throw error;
      },
    });
    if (kind === 'cap') capped.fire({ use: { kind: 'month', limit: usd(20), since: now, counted: usd(16) }, step: 80, stopped: [], failed: [] });
    else (kind === 'warn' ? warned : ended).fire({ instance: machine(), judgement, counted });
    while (editor.done.length === 0) await Promise.resolve();
    listener.dispose();
    warned.fire({ instance: machine(), judgement, counted });
    assert.equal(dialogs.notes.length, 1);
    return editor.done;
  };

  it('does for that machine what is pressed', async () => {
    const lease: Judgement = { verdict: 'warn', because: 'lease' };
    const budget: Judgement = { verdict: 'warn', because: 'budget' };
    const past: Judgement = { verdict: 'end', because: 'budget' };
    assert.deepEqual(await run('warn', lease, 'extend'), ['run gpuRental.instance.extendLease vast:77']);
    assert.deepEqual(await run('warn', budget, 'raise'), ['run gpuRental.instance.setBudget vast:77']);
    assert.deepEqual(await run('warn', budget, 'stop'), ['run gpuRental.instance.stop vast:77']);
    assert.deepEqual(await run('warn', past, 'instances'), ['view gpuRental.instances']);
    assert.deepEqual(await run('warn', past, 'console'), ['run gpuRental.instance.openConsole vast:77']);
    assert.deepEqual(await run('end', past, 'start'), ['run gpuRental.instance.start vast:77']);
    assert.deepEqual(await run('end', past, 'destroy'), ['run gpuRental.instance.destroy vast:77']);
    assert.deepEqual(await run('cap', budget, 'raiseCap'), ['settings gpuRental.limits.monthUsd']);
    assert.deepEqual(await run('cap', budget, 'stop'), ['run gpuRental.instance.stop']);
    assert.deepEqual(await run('cap', budget, 'spend'), ['run gpuRental.spend.show']);
  });
});

describe('the practice market', () => {
  const run = async (which: 'start' | 'stop', { instances = [] as readonly FleetInstance[], busy = false, answers = [] as Answer[] } = {}) => {
    const done: string[] = [];
    const dialogs = new ScriptedDialogs(...answers);
    const practice = { start: async () => void done.push('start'), stop: async () => void done.push('stop') };
    await practiceCommands({ practice, fleet: { instances }, busy: () => busy, dialogs, voice: english })[`gpuRental.practice.${which}`]();
    return { done, dialogs };
  };

  it('starts and ends when nothing stands against it', async () => {
    assert.deepEqual((await run('start')).done, ['start']);
    assert.deepEqual((await run('stop', { instances: [machine()] })).done, ['stop'], 'practice machines cost nothing');
  });

  it('waits for what is under way', async () => {
    for (const which of ['start', 'stop'] as const) {
      const { done, dialogs } = await run(which, { busy: true });
      assert.deepEqual(done, []);
      assert.match(dialogs.notes[0]?.text ?? '', /wait for that first/);
    }
  });

  it('says that real machines go on costing unwatched', async () => {
    const no = await run('start', { instances: [machine()], answers: [{ press: undefined }] });
    assert.deepEqual(no.done, []);
    assert.match(no.dialogs.questions[0]?.detail ?? '', /go on costing \$0\.33\/h, and this window does not watch or stop them/);
    assert.deepEqual((await run('start', { instances: [machine()], answers: [{ press: 'start' }] })).done, ['start']);
  });
});
