import assert from 'node:assert/strict';
import { mostAlerts, type Alert } from '../../../../src/domain/alert.ts';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import { incidentAt, type HostKey } from '../../../../src/domain/hostMemory.ts';
import type { Standing } from '../../../../src/domain/insight.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import type { Incident } from '../../../../src/domain/store.ts';
import type { MarketView } from '../../../../src/services/market.ts';
import { goBack } from '../../../../src/ui/dialogs.ts';
import { appearedNote, madeNote, wishWords } from '../../../../src/ui/market/alertWords.ts';
import { tellAppeared } from '../../../../src/ui/market/appeared.ts';
import { candidates } from '../../../../src/ui/market/candidates.ts';
import type { Knowing } from '../../../../src/ui/market/knowing.ts';
import { marketCommands } from '../../../../src/ui/market/marketCommands.ts';
import { OffersList } from '../../../../src/ui/offers/offersList.ts';
import { OfferPreferences } from '../../../../src/ui/offers/preferences.ts';
import { offer } from '../../../fakes/offers.ts';
import { drawer } from '../support/drawer.ts';
import { english } from '../support/english.ts';
import { hourMs, now } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const wish: Alert = { id: 'a', madeAt: now, filter: { diskGb: 40, gpu: 'RTX 4090', count: 1, kind: 'on-demand', maxPrice: usdPerHour(0.35), minReliability: 0.99 } };
const group = 'group/RTX 4090|24';

/** Alerts in memory, and a list that shows two models. */
function bench(answers: readonly Answer[], kept: readonly Alert[] = [], incidents: readonly Incident[] = []) {
  const alerts = [...kept];
  const looked: string[] = [];
  const wishes = {
    alerts: () => alerts,
    add: (alert: Alert) => alerts.length < mostAlerts && alerts.push(alert) > 0,
    remove: (id: string) => void alerts.splice(alerts.findIndex((one) => one.id === id), 1),
    update: () => undefined,
    claim: () => true,
  };
  const standing: { of: Standing | undefined } = { of: undefined };
  const knowledge = { wishes, alerts: { met: [], look: async (alert: Alert) => void looked.push(alert.id) }, memory: { standingOf: () => standing.of } };
  const knowing = { use: () => Promise.resolve(knowledge), made: undefined, onDidChange: createEmitter<void>().event } as unknown as Knowing;
  const offers = [offer(), offer({ id: 'vast:2' as OfferId, gpu: 'L4', gpuUsd: 0.5 })];
  const view: MarketView = { filter: { diskGb: 40 }, offers, dropped: 0, more: false, loading: false, readAt: now, stale: false, errors: [] };
  const preferences = new OfferPreferences(drawer(), () => 40);
  const list = new OffersList({ market: { view, onDidChange: createEmitter<MarketView>().event }, preferences, accounts: { signedIn: () => true, onDidChange: createEmitter<void>().event } });
  const dialogs = new ScriptedDialogs(...answers);
  const editor = new RecordingEditor();
  const forgotten: HostKey[] = [];
  const commands = marketCommands({
    dialogs, editor, list, preferences, knowing, voice: english, clock: { now: () => now }, report: (error) => { throw error; },
    hosts: { incidents, forget: (host) => void forgotten.push(host) },
  });
  return { alerts, looked, dialogs, editor, preferences, knowing, commands, forgotten, standing };
}

describe('asking to be told', () => {
  it('begins at a model, asks for price and reliability, and says plainly when it is looked for', async () => {
    const { alerts, looked, dialogs, commands } = bench([{ type: '0.35' }, { choose: /^≥ 99\.0 %/ }]);
    await commands['gpuRental.alert.add'](group);
    assert.deepEqual(alerts.map(({ filter, madeAt }) => ({ filter, madeAt })), [{ filter: { ...wish.filter, minVramGb: 24 }, madeAt: now }]);
    assert.deepEqual(looked, [alerts[0]?.id], 'it may be there already');
    assert.match(dialogs.notes[0]?.text ?? '', /^You are told when this is offered: RTX 4090 .*≤ \$0\.35\/h · ≥ 99\.0 %.*every 5 minutes while the editor is open, and not when it is closed\.$/);
    assert.equal(dialogs.asked.find(({ is }) => is === 'input')?.is, 'input');
  });

  it('takes the filter as it is where it narrows, and a model where it does not', async () => {
    const narrowed = bench([{ type: '1' }]);
    await narrowed.preferences.setFilter({ diskGb: 80, gpu: 'H100', datacentreOnly: true });
    await narrowed.commands['gpuRental.alert.add'](undefined);
    assert.deepEqual(narrowed.alerts[0]?.filter, { diskGb: 80, gpu: 'H100', datacentreOnly: true, maxPrice: usdPerHour(1) });
    const open = bench([{ choose: /^L4/ }, { type: '0,40' }, { choose: /^Any/ }]);
    await open.commands['gpuRental.alert.add'](undefined);
    assert.deepEqual(open.alerts[0]?.filter, { diskGb: 40, gpu: 'L4', minVramGb: 24, count: 1, kind: 'on-demand', maxPrice: usdPerHour(0.4) });
  });

  it('is left off wherever the person turns away', async () => {
    for (const answers of [[{ choose: undefined }], [{ choose: goBack }], [{ choose: /^L4/ }, { type: undefined }], [{ choose: /^L4/ }, { type: '1' }, { choose: undefined }]] as const) {
      const { alerts, dialogs, commands } = bench(answers);
      await commands['gpuRental.alert.add']('nobody');
      assert.deepEqual([alerts, dialogs.notes, dialogs.unused], [[], [], 0]);
    }
  });

  it('is refused when there are too many', async () => {
    const { alerts, dialogs, commands } = bench([{ type: '1' }, { choose: /Any/ }], Array.from({ length: mostAlerts }, (_, index) => ({ ...wish, id: String(index) })));
    await commands['gpuRental.alert.add'](group);
    assert.equal(alerts.length, mostAlerts);
    assert.match(dialogs.notes[0]?.text ?? '', /8 alerts already.*Remove one first/);
  });
});

describe('the alerts', () => {
  it('are listed with when they were last met, and removed', async () => {
    const { alerts, dialogs, commands } = bench([{ choose: /RTX 4090/ }, { choose: /^Remove/ }], [wish, { ...wish, id: 'b', filter: { diskGb: 40, gpu: 'L4' }, seenAt: now - hourMs }]);
    await commands['gpuRental.alert.list']();
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ description }) => description), ['not seen since 16:30', 'last there 15:30']);
    assert.deepEqual(alerts.map(({ id }) => id), ['b']);
  });

  it('show what meets them', async () => {
    const { preferences, editor, commands } = bench([{ choose: /RTX 4090/ }, { choose: /^Show/ }], [wish]);
    await commands['gpuRental.alert.list']();
    assert.deepEqual([preferences.filter, editor.done], [wish.filter, ['view gpuRental.offers']]);
  });

  it('are none at first, and one can be made', async () => {
    const { dialogs, editor, commands } = bench([]);
    dialogs.onNotes.push({ text: /no alert/, press: 'add' });
    await commands['gpuRental.alert.list']();
    assert.deepEqual(editor.done, ['run gpuRental.alert.add']);
  });
});

describe('what was waited for', () => {
  const there = offer({ reliability: 0.991, place: 'Sweden', gpuUsd: 0.31 });

  it('is told with its price, what is known of it, and what was asked', () => {
    const note = (count: number, standing?: Standing): string => appearedNote({ alert: wish, offer: there, count }, standing, english).text;
    assert.equal(note(1), '1× RTX 4090 for $0.33/h is there: 99.1 % · Sweden · Vast.ai. You wanted to be told of: RTX 4090 · 1× · ≤ $0.35/h · ≥ 99.0 % · on demand · with 40 GB of disk.');
    assert.match(note(3, 'cheap'), /Vast\.ai · cheap today\. 3 offers meet the alert\. You wanted/);
    assert.doesNotMatch(note(1, 'dear'), /dear|usual/);
    assert.match(madeNote(wish, english).text, /not when it is closed/);
    assert.equal(wishWords({ filter: { diskGb: 40 } }, english), 'with 40 GB of disk');
  });

  it('is rented with everything that is asked before, shown, or not waited for any more', async () => {
    const answered = async (press: string) => {
      const parts = bench([], [wish]);
      parts.dialogs.onNotes.push({ text: /is there/, press });
      const rented: Offer[] = [];
      await tellAppeared({ ...parts, voice: english, rent: async (one) => void rented.push(one) }, { alert: wish, offer: there, count: 1 });
      return [rented.map(({ id }) => id), parts.alerts.length, parts.editor.done, parts.preferences.filter.maxPrice];
    };
    assert.deepEqual(await answered('rent'), [['vast:1001'], 1, [], undefined]);
    assert.deepEqual(await answered('offers'), [[], 1, ['view gpuRental.offers'], usdPerHour(0.35)]);
    assert.deepEqual(await answered('remove'), [[], 0, [], undefined]);
  });

  it('may be gone by then: what else met the alert can take its place, without what is left out', () => {
    const [shown, met, bad] = [offer(), offer({ id: 'vast:2' as OfferId }), offer({ id: 'vast:3' as OfferId })];
    const shownOnly = [shown];
    assert.equal(candidates(shownOnly, [], () => false), shownOnly);
    assert.deepEqual(candidates([shown], [met, { ...shown }, bad], ({ id }) => id === bad.id).map(({ id }) => id), ['vast:1001', 'vast:2']);
  });
});

describe('hosts that failed', () => {
  const incident = (launchId: string, host: HostKey, trouble: Incident['trouble']): Incident => ({ launchId, host, ...incidentAt(trouble, now) });

  it('are listed once each with what they did and until when, and one of them is forgotten', async () => {
    const { dialogs, forgotten, commands } = bench([{ choose: /machine-7/ }], [], [incident('a', 'vast:machine-7', 'noSsh'), incident('b', 'vast:machine-7', 'neverReady'), incident('c', 'vast:machine-8', 'otherGpu')]);
    await commands['gpuRental.hosts.failed']();
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ label, description, detail }) => [label, description, detail]), [
      ['machine-7 · Vast.ai', 'left out until 2026-12-06', '2026-11-22: a machine there ran and let nobody in; 2026-11-22: a machine there never became ready'],
      ['machine-8 · Vast.ai', 'left out until 2027-01-21', '2026-11-22: a machine there had another GPU than was advertised'],
    ]);
    assert.deepEqual(forgotten, ['vast:machine-7']);
  });

  it('are none at first', async () => {
    const { dialogs, commands } = bench([]);
    await commands['gpuRental.hosts.failed']();
    assert.match(dialogs.notes[0]?.text ?? '', /No host failed you/);
  });

  it('are shown and left out again', () => {
    const { preferences, commands } = bench([]);
    const seen = [0, 1, 2].map(() => {
      commands['gpuRental.offers.showFailed']();
      return preferences.showsFailed;
    });
    assert.deepEqual(seen, [true, false, true]);
  });
});
