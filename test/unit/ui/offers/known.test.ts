/** The list of offers with what is known beyond what providers say: hosts that failed, and prices that stand out. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import { incidentAt, type HostIncident } from '../../../../src/domain/hostMemory.ts';
import type { Standing } from '../../../../src/domain/insight.ts';
import { usdPerHour, type UsdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import type { MarketView } from '../../../../src/services/market.ts';
import type { Knowing } from '../../../../src/ui/market/knowing.ts';
import { groupTooltip } from '../../../../src/ui/offers/groupTooltip.ts';
import { isLeftOut } from '../../../../src/ui/offers/leftOut.ts';
import { OffersList } from '../../../../src/ui/offers/offersList.ts';
import { buildOffers, changedNodes, nodeOf, offerOfNode, type OffersInput } from '../../../../src/ui/offers/offersModel.ts';
import { offersSource } from '../../../../src/ui/offers/offersSource.ts';
import { offerTooltip } from '../../../../src/ui/offers/offerTooltip.ts';
import { OfferPreferences } from '../../../../src/ui/offers/preferences.ts';
import { sparkline } from '../../../../src/ui/offers/sparkline.ts';
import { offer } from '../../../fakes/offers.ts';
import { drawer } from '../support/drawer.ts';
import { english } from '../support/english.ts';
import { now } from '../support/machines.ts';

const on = (id: string, machineId: string, gpuUsd = 0.3): Offer => offer({ id: `vast:${id}` as OfferId, gpuUsd, details: { machineId, hostId: `h${machineId}` } });
const incident: HostIncident = incidentAt('neverReady', now);
const failing = (...machines: string[]) => (one: Offer): HostIncident | undefined => (machines.includes(one.details.machineId ?? '') ? incident : undefined);
const offers = [on('1', '7'), on('2', '7', 0.31), on('3', '8', 0.32), on('4', '9', 0.33), offer({ id: 'runpod:a' as OfferId, provider: 'runpod', tier: 'datacentre' })];
const view: MarketView = { filter: { diskGb: 40 }, offers, dropped: 0, more: false, loading: false, readAt: now, stale: false, errors: [] };
const input = (change: Partial<OffersInput> = {}): OffersInput => ({ view, sort: 'price', hidden: new Set(), signedIn: true, ...change });
const ids = (model: ReturnType<typeof buildOffers>): string[] => model.offers.map(({ id }) => id);

describe('offers of hosts that failed', () => {
  it('are left out of everything, and that is said', () => {
    const model = buildOffers(input({ incidentOf: failing('7', '8') }));
    assert.deepEqual([ids(model), offerOfNode(model, 'offer/vast:1')], [['vast:4', 'runpod:a'], undefined]);
    assert.deepEqual(model.roots.slice(-2), ['summary', 'failed']);
    const source = offersSource(() => model, () => now, english);
    assert.deepEqual([source.row('failed')?.label, source.row('failed')?.description, source.command('failed'), source.context('failed')], [
      '3 offers of 2 hosts that failed you: left out', 'show them', 'gpuRental.offers.showFailed', 'failed',
    ]);
    assert.match(source.row('summary')?.label ?? '', /^2 offers/);
  });

  it('are shown with why when somebody wants to see them', async () => {
    const model = buildOffers(input({ incidentOf: failing('7'), showsFailed: true }));
    const source = offersSource(() => model, () => now, english);
    assert.equal(model.offers.length, 5);
    assert.deepEqual([source.row('failed')?.label, source.row('failed')?.description], ['2 offers of 1 host that failed you: shown', 'leave them out']);
    assert.match(source.row('offer/vast:1')?.description ?? '', /failed you before$/);
    assert.match(source.row('offer/vast:1')?.spoken ?? '', /failed you before/);
    assert.doesNotMatch(source.row('offer/vast:4')?.description ?? '', /failed/);
    const plain = (text: string | undefined): string => (text ?? '').replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    assert.match(plain(await source.tooltip('offer/vast:1')), /On 2026-11-22 a machine there never became ready\. It is left out until 2026-12-06, because hosts get mended\./);
    assert.doesNotMatch(plain(await source.tooltip('offer/vast:4')), /left out/);
    assert.match(plain(await source.tooltip('failed')), /mended/);
  });

  it('leave a list that can be read even when there is no other', () => {
    const model = buildOffers(input({ incidentOf: () => incident }));
    assert.deepEqual([model.offers, model.roots], [[], ['summary', 'failed']]);
    assert.deepEqual(buildOffers(input({ incidentOf: failing() })).roots, buildOffers(input()).roots, 'nothing is said where nothing failed');
  });

  it('go by the same rule wherever it is asked', () => {
    fc.assert(fc.property(fc.subarray(['7', '8', '9']), fc.subarray(['vast:h7', 'vast:h8']), fc.boolean(), fc.boolean(), (machines, hosts, showsFailed, limited) => {
      const [hidden, incidentOf] = [new Set(hosts), failing(...machines)];
      const model = buildOffers(input({ hidden, incidentOf, showsFailed, limited }));
      assert.deepEqual(ids(model), offers.filter((one) => !isLeftOut(one, { hidden, limited, showsFailed }, incidentOf)).map(({ id }) => id));
      assert.ok(model.failed.every((one) => !hidden.has(`vast:${one.details.hostId}`)), 'a hidden host is not named a second time');
    }));
  });

  it('come and go with what is remembered', () => {
    const [remembered, learned] = [createEmitter<void>(), createEmitter<void>()];
    let machines: string[] = [];
    const standings: Standing[] = [];
    const knowing = { get made() { return standings[0] && { memory: { standingOfModel: () => standings[0] } }; }, onDidChange: learned.event } as unknown as Knowing;
    const preferences = new OfferPreferences(drawer(), () => 40);
    const list = new OffersList({
      market: { view, onDidChange: createEmitter<MarketView>().event }, preferences, accounts: { signedIn: () => true, onDidChange: createEmitter<void>().event },
      hosts: { incidentOf: (one) => failing(...machines)(one), onDidChange: remembered.event }, knowing,
    });
    assert.equal(list.model.offers.length, 5);
    machines = ['7'];
    remembered.fire();
    assert.equal(list.model.offers.length, 3);
    preferences.showFailed(true);
    assert.equal(list.model.offers.length, 5);
    const drawn = list.model;
    standings.push('cheap');
    learned.fire();
    assert.deepEqual(list.changedSince(drawn), ['group/RTX 4090|24', 'summary', 'failed']);
    assert.match(offersSource(() => list.model, () => now, english).row('group/RTX 4090|24')?.description ?? '', /· cheap today$/);
    list.dispose();
  });
});

describe('a model that stands out', () => {
  it('says so on its line, and says nothing of what is usual', () => {
    const said = (standing: Standing | undefined): string | undefined =>
      offersSource(() => buildOffers(input({ standingOf: () => standing })), () => now, english).row('group/RTX 4090|24')?.description;
    assert.deepEqual((['cheap', 'dear', 'usual', undefined] as const).map(said), ['from $0.32/h · 5 offers · cheap today', 'from $0.32/h · 5 offers · dear today', 'from $0.32/h · 5 offers', 'from $0.32/h · 5 offers']);
  });

  it('is drawn again when that changes', () => {
    const [before, after] = [buildOffers(input()), buildOffers(input({ standingOf: () => 'dear' }))];
    assert.deepEqual([changedNodes(before, before), changedNodes(before, after)], [['summary'], ['group/RTX 4090|24', 'summary']]);
  });

  it('has the last days in bars, and the same in words', () => {
    const node = nodeOf(buildOffers(input({ standingOf: () => 'cheap' })), 'group/RTX 4090|24');
    assert.ok(node?.is === 'group');
    const day = (index: number, low: number) => ({ day: new Date(2026, 10, 10 + index).getTime(), low: usdPerHour(low) });
    const text = groupTooltip(node, [day(0, 0.3), day(1, 0.36), day(3, 0.29)], english).replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    const [line, bars, words] = text.split('\n\n');
    assert.match(line ?? '', /RTX 4090, 24 GB: from \$0\.32\/h · 5 offers · cheap today/);
    assert.equal(bars, '▂█▁');
    assert.equal(words, 'The lowest price of one GPU on demand, without a disk, on 3 days since 2026-11-10: $0.29/h to $0.36/h, $0.29/h on the last. Only what was seen from here counts.');
    assert.equal(groupTooltip(node, [day(0, 0.3)], english).split('\n\n').length, 1, 'one day is no course');
  });
});

describe('a line of bars', () => {
  it('has one bar a value, rises and falls with them, and makes no mountain of a molehill', () => {
    assert.deepEqual([sparkline([1, 2, 3]), sparkline([5, 5, 5]), sparkline([100, 101]), sparkline([0, 0]), sparkline([7])], ['▁▅█', '▁▁▁', '▁▁', '▁▁', '▁']);
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 9_000_000 }), { minLength: 1, maxLength: 30 }), (values) => {
      const bars = [...sparkline(values)];
      assert.equal(bars.length, values.length);
      values.forEach((value, a) => values.forEach((other, b) => assert.ok(value > other || (bars[a] ?? '') <= (bars[b] ?? ''))));
    }));
  });
});

describe('an offer’s tooltip', () => {
  it('says how its price stands and what its machine asked before, where that is known', () => {
    const plain = offerTooltip(offer(), now, english);
    const told = offerTooltip(offer(), now, english, { standing: 'usual', before: { host: 'vast:machine-7', gpuCount: 1, at: now, rate: 360_000 as UsdPerHour } });
    assert.doesNotMatch(plain, /before/);
    assert.match(told, /Against what was seen before \| a usual price/);
    assert.match(told.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))), /This machine, before \| \$0\.36\/h for the GPU on 2026-11-22/);
  });
});
