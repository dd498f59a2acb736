import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { offerMatcher } from '../../../../src/domain/filter.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer } from '../../../../src/domain/offer.ts';
import { listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import type { MarketView } from '../../../../src/services/market.ts';
import { ExplorerTalk } from '../../../../src/ui/explorer/explorerTalk.ts';
import { usualColumns } from '../../../../src/ui/explorer/offerColumns.ts';
import { buildOffers } from '../../../../src/ui/offers/offersModel.ts';
import { OfferPreferences } from '../../../../src/ui/offers/preferences.ts';
import { offer } from '../../../fakes/offers.ts';
import { drawer } from '../support/drawer.ts';
import { english } from '../support/english.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

const now = Date.UTC(2026, 10, 22, 12);
const market = [
  offer({ id: 'vast:1', gpuUsd: 0.5, details: { hostId: '9', cpuName: 'EPYC' } }), offer({ id: 'vast:2', gpuUsd: 0.3, details: { hostId: '10' } }),
  offer({ id: 'runpod:a', provider: 'runpod', gpu: 'H100 SXM', vramGb: 80, gpuUsd: 2.4, tier: 'datacentre', tierName: 'Secure', place: 'EU-RO-1' }),
];

function bench(change: Partial<MarketView> = {}, practice = false) {
  const kept = drawer();
  const preferences = new OfferPreferences(kept, () => 40);
  const state = { offers: market as readonly Offer[], refreshed: 0, cheap: 'vast:1', failed: '' };
  const done: string[] = [];
  const lists = { prices: listPrices };
  const dialogs = new ScriptedDialogs();
  const editor = new RecordingEditor();
  const view = (): MarketView => ({ filter: preferences.filter, offers: state.offers.filter(offerMatcher(preferences.filter)), dropped: 2, more: false, loading: false, readAt: now, stale: false, errors: [], ...change });
  const talk = new ExplorerTalk({
    market: { get view() { return view(); }, find: (id) => state.offers.find((one) => one.id === id), refresh: async () => void state.refreshed++ },
    list: { seen: () => state.offers, get model() { return buildOffers({ view: view(), sort: 'price', hidden: preferences.hidden, signedIn: true, showsFailed: preferences.showsFailed, incidentOf: ({ id }) => (id === state.failed ? { trouble: 'lost', at: now, until: now } : undefined) }); } }, preferences, dialogs, editor, voice: english, practice, now: () => now,
    insight: ({ id }) => (id === state.cheap ? { standing: 'cheap' } : {}),
    ranges: (gpu) => (gpu === 'RTX 4090' ? [{ seller: 'vast', min: 0.29, max: 0.78, asOf: '2026-02-12' }] : []),
    listed: () => lists.prices,
    rent: async ({ id }) => void done.push(`rent ${id}`),
    estimate: async ({ id }) => void done.push(`estimate ${id}`),
    report: (error) => void done.push(error instanceof RentError ? error.code : String(error)),
  });
  return { talk, lists, preferences, state, done, dialogs, editor, kept };
}

describe('the explorer', () => {
  it('shows every live offer of every provider, the cheapest first', () => {
    const { talk } = bench();
    assert.deepEqual(talk.table.offers, ['vast:2', 'vast:1', 'runpod:a']);
    assert.match(talk.view.summary, /^3 offers, 2 dropped · read at \d\d:\d\d:\d\d · 40 GB disk$/);
  });

  it('keeps its table when one provider is dead, and says which, with a way to try again', async () => {
    const { talk, state } = bench({ errors: [{ provider: 'runpod', error: new RentError('network') }] });
    assert.equal(talk.table.offers.length, 3);
    assert.deepEqual(talk.view.problems, ['RunPod could not be reached.']);
    await talk.handle({ type: 'refresh' });
    assert.equal(state.refreshed, 1);
  });

  it('says what has been learned of offers that are the same', () => {
    const { talk, state } = bench();
    const before = talk.table;
    state.cheap = 'vast:2';
    assert.equal(talk.table, before);
    talk.learnAnew();
    assert.notDeepEqual(talk.table, before);
  });

  it('sends no table again that says the same, and another when an offer has changed', () => {
    const { talk, state } = bench();
    const { table } = talk;
    assert.equal(talk.table, table, 'the market makes new lists of the same offers');
    state.offers = [...market];
    assert.equal(talk.table, table);
    state.offers = market.map((one) => (one.id === 'vast:2' ? { ...one } : one));
    assert.notEqual(talk.table, table);
  });

  it('narrows by the filter that the tree has, and widens again', async () => {
    const { talk, preferences } = bench();
    await talk.handle({ type: 'filter', name: 'gpu', value: 'RTX 4090' });
    await talk.handle({ type: 'filter', name: 'maxPrice', value: '$0.40' });
    assert.deepEqual(preferences.filter, { diskGb: 40, gpu: 'RTX 4090', maxPrice: usdPerHour(0.4) });
    assert.deepEqual([talk.table.offers, talk.view.narrowed], [['vast:2'], 'RTX 4090 · ≤ $0.40/h']);
    await preferences.setFilter({ diskGb: 40, provider: 'runpod' });
    assert.deepEqual(talk.table.offers, ['runpod:a'], 'what the tree chooses holds here too');
    assert.equal(talk.view.filter.find(({ name }) => name === 'provider')?.value, 'runpod');
    await talk.handle({ type: 'clear' });
    assert.equal(talk.table.offers.length, 3);
  });

  it('refuses what is no price, says so once, and changes nothing', async () => {
    const { talk, preferences } = bench();
    await talk.handle({ type: 'filter', name: 'maxPrice', value: 'cheap' });
    assert.deepEqual([preferences.filter, talk.view.said], [{ diskGb: 40 }, 'A number from 0.001 to 1000']);
    await talk.handle({ type: 'refresh' });
    assert.equal(talk.view.said, undefined);
  });

  it('rents through whoever asks first, estimates, copies and opens the console of the offer that is named', async () => {
    const { talk, done, editor } = bench();
    for (const type of ['rent', 'estimate', 'copy', 'console']) await talk.handle({ type, offer: 'vast:2' });
    assert.deepEqual(done, ['rent vast:2', 'estimate vast:2']);
    assert.match(editor.done[0] ?? '', /^copy 1× RTX 4090 · \$0\.32\/h all in/);
    assert.equal(editor.done[1], 'open https://cloud.vast.ai/create/');
  });

  it('says that an offer is gone instead of renting another', async () => {
    const { talk, done } = bench();
    for (const offer of ['vast:7', '__proto__', '']) await talk.handle({ type: 'rent', offer });
    assert.deepEqual(done, ['offerGone', 'offerGone', 'offerGone']);
  });

  it('does nothing for what our page would not say', async () => {
    const { talk, done, state, dialogs } = bench();
    for (const message of [undefined, 'rent', { type: 'rent' }, { type: 'rent', offer: 7 }, { type: 'run', command: 'x' }, { type: 'csv', offers: 'vast:1' }, { type: 'filter', name: 'gpu' }]) await talk.handle(message);
    assert.deepEqual([done, state.refreshed, dialogs.asked], [[], 0, []]);
  });

  it('hides a host with all its offers, counts it, and shows it again', async () => {
    const { talk } = bench();
    await talk.handle({ type: 'hideHost', offer: 'vast:2' });
    assert.deepEqual([talk.table.offers, talk.view.hidden], [['vast:1', 'runpod:a'], '1 host hidden']);
    await talk.handle({ type: 'hideHost', offer: 'runpod:a' });
    assert.equal(talk.view.said, 'The provider does not name the host of this offer.');
    await talk.handle({ type: 'showHidden' });
    assert.deepEqual([talk.table.offers.length, talk.view.hidden], [3, '']);
  });

  it('leaves out hosts that failed, says so, and shows them when it is asked', async () => {
    const { talk, state } = bench();
    const failed = (): unknown => talk.view.failed;
    assert.equal(failed(), undefined);
    state.failed = 'vast:2';
    assert.deepEqual([talk.table.offers, failed()], [['vast:1', 'runpod:a'], { text: '1 offer of 1 host that failed you: left out', deed: 'show them' }]);
    await talk.handle({ type: 'showFailed' });
    assert.deepEqual([talk.table.offers.length, failed()], [3, { text: '1 offer of 1 host that failed you: shown', deed: 'leave them out' }]);
  });

  it('keeps the columns that were chosen, for the next time as well', async () => {
    const { talk, kept, preferences } = bench();
    let read = 0;
    preferences.onDidChange(() => read++);
    const shown = (of: ExplorerTalk): readonly string[] => of.view.columns.filter((column) => column.shown).map(({ id }) => id);
    const usual = shown(talk);
    assert.deepEqual(usual, usualColumns.filter((id) => talk.view.columns.some((column) => column.id === id)));
    await talk.handle({ type: 'column', name: 'cpu', value: true });
    await talk.handle({ type: 'column', name: 'location', value: false });
    await talk.handle({ type: 'column', name: 'evil', value: true });
    assert.deepEqual(shown(talk).toSorted(), [...usual.filter((id) => id !== 'location'), 'cpu'].toSorted());
    assert.ok(talk.table.columns.some(({ id }) => id === 'cpu'));
    assert.ok(!new OfferPreferences(kept, () => 40).columns?.includes('evil') && new OfferPreferences(kept, () => 40).columns?.includes('cpu'));
    assert.equal(read, 0, 'no search is spent on a column');
    await talk.handle({ type: 'usualColumns' });
    assert.deepEqual(shown(talk), usual);
  });

  it('compares what is for rent, though the filter leaves it out, and not what is gone', async () => {
    const { talk, preferences, state } = bench();
    await talk.handle({ type: 'compare', offers: ['vast:1', 'runpod:a', 'vast:gone'] });
    await preferences.setFilter({ diskGb: 40, gpu: 'L4' });
    assert.deepEqual(talk.view.comparison.offers.map(({ id }) => id), ['vast:1', 'runpod:a']);
    assert.deepEqual(talk.view.comparison.lines.find(({ label }) => label === 'Price today')?.cells.map(({ text }) => text), ['cheap', '']);
    state.offers = [];
    assert.deepEqual(talk.view.comparison, { offers: [], lines: [] });
  });

  it('exports what the page shows, in its order', async () => {
    const { talk, dialogs } = bench();
    await talk.handle({ type: 'csv', offers: ['runpod:a', 'vast:gone', 'vast:2'] });
    const [file] = dialogs.saved;
    assert.deepEqual([file?.name, file?.kind], ['gpu-offers-2026-11-22.csv', 'csv']);
    assert.deepEqual(file?.text.trimEnd().split('\r\n').slice(1).map((row) => row.split(',').at(-1)), ['runpod:a', 'vast:2']);
  });

  it('holds the articles behind the prices of the models that there are', () => {
    assert.deepEqual(bench().talk.view.ranges, [{ gpu: 'RTX 4090', vramGb: 24, low: 0.29, high: 0.78, text: '$0.29/h – $0.78/h', about: 'Articles of 2026-02-12' }]);
  });

  it('says practice money for what it is', () => {
    assert.match(bench({}, true).talk.view.summary, /^practice money · 3 offers/);
    assert.doesNotMatch(bench().talk.view.summary, /practice/);
    assert.deepEqual([bench({}, true).talk.view.practice, bench().talk.view.practice], [true, false], 'there the page offers no console');
  });

  it('shows list prices of the large clouds only when that is chosen, keeps the choice, and counts no offer more', async () => {
    const { talk, preferences, kept, lists } = bench();
    const listed = (): number => talk.table.offers.filter((id) => id.startsWith('list:')).length;
    const field = (): unknown => talk.view.filter.find(({ name }) => name === 'listed')?.value;
    assert.deepEqual([listed(), field()], [0, '']);
    await talk.handle({ type: 'filter', name: 'listed', value: 'anything' });
    assert.equal(listed(), 0);
    await talk.handle({ type: 'filter', name: 'listed', value: 'shown' });
    assert.deepEqual([listed() > 60, field(), new OfferPreferences(kept, () => 40).listed], [true, 'shown', true]);
    assert.match(talk.view.summary, /^3 offers/);
    assert.equal(talk.table, talk.table, 'and sends nothing twice');
    await preferences.setFilter({ diskGb: 40, provider: 'vast' });
    assert.equal(listed(), 0);
    await preferences.setFilter({ diskGb: 40 });
    lists.prices = listPrices.slice(0, 1);
    assert.equal(listed(), 1, 'a list that was read since counts');
    await talk.handle({ type: 'filter', name: 'listed', value: '' });
    assert.deepEqual([listed(), new OfferPreferences(kept, () => 40).listed], [0, false]);
  });

  it('compares and exports a list price beside a live offer', async () => {
    const { talk, dialogs, preferences } = bench();
    const offers = ['list:aws/p5.48xlarge/us-east-1', 'runpod:a', 'list:aws/none'];
    await talk.handle({ type: 'compare', offers });
    assert.equal(talk.view.comparison.offers.length, 1, 'none that is not shown');
    await preferences.keepListed(true);
    assert.deepEqual(talk.view.comparison.offers.map(({ name, price }) => [name, price]), [['8× H100 SXM', '$55.04/h'], ['1× H100 SXM', '$2.42/h']]);
    assert.deepEqual(talk.view.comparison.lines.find(({ label }) => label === 'Provider')?.cells.map(({ text }) => text), ['AWS', 'RunPod']);
    await talk.handle({ type: 'csv', offers });
    const rows = dialogs.saved[0]?.text.trimEnd().split('\r\n').slice(1) ?? [];
    assert.deepEqual(rows.map((row) => row.split(',').slice(-2)), [['2026-07-20', offers[0]], ['', 'runpod:a']]);
  });

  it('never rents a list price, nor does anything else with it, and says so', async () => {
    const { talk, done, editor, preferences } = bench();
    await preferences.keepListed(true);
    for (const type of ['rent', 'estimate', 'copy', 'console', 'hideHost']) {
      await talk.handle({ type: 'refresh' });
      await talk.handle({ type, offer: 'list:aws/p5.48xlarge/us-east-1' });
      assert.equal(talk.view.said, 'This is the list price of a cloud that nothing can be rented from here.', type);
    }
    assert.deepEqual([done, editor.done, preferences.hidden.size], [[], [], 0]);
  });
});
