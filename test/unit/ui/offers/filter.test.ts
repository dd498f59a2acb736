import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matches, type OfferFilter } from '../../../../src/domain/filter.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import { goBack } from '../../../../src/ui/dialogs.ts';
import { menuChoices, partChoices } from '../../../../src/ui/offers/filterChoices.ts';
import { chooseFilter, chooseSort } from '../../../../src/ui/offers/filterFlow.ts';
import { filterParts, filterWords, narrows } from '../../../../src/ui/offers/filterWords.ts';
import { OfferPreferences, type Drawer } from '../../../../src/ui/offers/preferences.ts';
import { SeenOffers } from '../../../../src/ui/offers/seenOffers.ts';
import { amountOf } from '../../../../src/ui/input.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

class MemoryDrawer implements Drawer {
  readonly kept = new Map<string, unknown>();
  get = (key: string): unknown => this.kept.get(key);
  update = async (key: string, value: unknown): Promise<void> => void this.kept.set(key, structuredClone(value));
}

const everything: OfferFilter = {
  diskGb: 80, gpu: 'H100', count: 2, minVramGb: 24, maxPrice: usdPerHour(0.6), minReliability: 0.99, region: 'Norway', provider: 'vast', datacentreOnly: true, kind: 'on-demand',
};
const offers: readonly Offer[] = [
  offer({ id: 'vast:1' as OfferId, gpuUsd: 0.1 }),
  offer({ id: 'vast:2' as OfferId, gpuUsd: 0.5, gpuCount: 2, place: 'Texas, US', country: 'US', reliability: 0.96 }),
  offer({ id: 'runpod:3' as OfferId, provider: 'runpod', gpu: 'H100 SXM', vramGb: 80, gpuUsd: 2, tier: 'datacentre', place: 'EU-RO-1', kind: 'interruptible' }),
];
const filters = fc.record({
  diskGb: fc.constant(40), gpu: fc.constantFrom('RTX 4090', 'H100'), count: fc.constantFrom(1, 2), minVramGb: fc.constantFrom(8, 80), maxPrice: fc.constantFrom(usdPerHour(0.4), usdPerHour(5)),
  minReliability: fc.constantFrom(0.95, 0.99), region: fc.constantFrom('Norway', 'US'), provider: fc.constantFrom('vast' as const, 'runpod' as const), datacentreOnly: fc.boolean(),
  kind: fc.constantFrom('on-demand' as const, 'interruptible' as const),
}, { requiredKeys: ['diskGb'] });

describe('filter words', () => {
  it('say every part, and nothing of the disk', () => {
    assert.equal(filterWords(everything, english), 'H100 · 2× · 24 GB+ · ≤ $0.60/h · ≥ 99.0 % · Norway · Vast.ai · datacentre only · on demand');
    assert.equal(filterWords({ diskGb: 999, datacentreOnly: false }, english), '');
  });

  it('are empty exactly when nothing is narrowed', () => {
    fc.assert(fc.property(filters, (filter) => assert.equal(filterWords(filter, english) !== '', narrows(filter))));
  });
});

describe('filter choices', () => {
  it('count truly how many offers each choice leaves', () => {
    fc.assert(fc.property(filters, fc.constantFrom(...filterParts), (filter, part) => {
      for (const { value, description } of partChoices(filter, part, offers, english)) {
        if (value === 'type') continue;
        const left = offers.filter((one) => matches(one, value)).length;
        assert.equal(description, left === 1 ? '1 offer' : `${left} offers`, `${part} ${JSON.stringify(value)}`);
      }
    }));
  });

  it('offer no choice that leaves nothing, save the present one', () => {
    const choices = partChoices({ diskGb: 40, maxPrice: usdPerHour(0.2), minVramGb: 141 }, 'minVramGb', offers, english);
    assert.deepEqual(choices.map(({ label, current }) => [label, current]), [['Any', false], ['8 GB+', false], ['12 GB+', false], ['16 GB+', false], ['24 GB+', false], ['141 GB+', true]]);
  });

  it('list the models and places that are there', () => {
    assert.deepEqual(partChoices({ diskGb: 40 }, 'gpu', offers, english).map(({ label }) => label), ['Any', 'RTX 4090', 'H100 SXM']);
    assert.deepEqual(partChoices({ diskGb: 40 }, 'region', offers, english).map(({ label }) => label), ['Any', 'EU-RO-1', 'Norway', 'US', 'Another region…']);
  });

  it('show the whole filter at once, with what it leaves', () => {
    const menu = menuChoices({ diskGb: 40, gpu: 'RTX 4090' }, offers, english);
    assert.equal(menu[0]?.label, 'Show 2 offers');
    assert.equal(menu.find(({ value }) => value === 'gpu')?.description, 'RTX 4090');
    assert.equal(menu.find(({ value }) => value === 'clear')?.description, '3 offers');
    assert.equal(menu.find(({ value }) => value === 'diskGb')?.description, '40 GB, part of every price');
  });
});

describe('filter flow', () => {
  const run = async (...answers: ConstructorParameters<typeof ScriptedDialogs>) => {
    const drawer = new MemoryDrawer();
    const preferences = new OfferPreferences(drawer, () => 40);
    const dialogs = new ScriptedDialogs(...answers);
    await chooseFilter({ dialogs, preferences, seen: (diskGb) => offers.map((one) => ({ ...one, diskGb })), voice: english });
    assert.equal(dialogs.unused, 0);
    return { filter: preferences.filter, drawer, dialogs };
  };

  it('narrows part by part until the person is content', async () => {
    const { filter } = await run({ choose: /^GPU / }, { choose: /RTX 4090/ }, { choose: /Highest price/ }, { choose: /0\.40/ }, { choose: /^Show/ });
    assert.deepEqual(filter, { diskGb: 40, gpu: 'RTX 4090', maxPrice: usdPerHour(0.4) });
  });

  it('takes typed values, with a comma for a point', async () => {
    const { filter } = await run({ choose: /Highest/ }, { choose: /Another/ }, { type: ' $0,75 ' }, { choose: /Region/ }, { choose: /Another/ }, { type: ' se ' }, { choose: /Disk/ }, { choose: /Another/ }, { type: '123' }, { choose: undefined });
    assert.deepEqual(filter, { diskGb: 123, maxPrice: usdPerHour(0.75), region: 'se' });
  });

  it('goes back without changing anything, and keeps what was chosen before', async () => {
    const { filter } = await run({ choose: /Provider/ }, { choose: /RunPod/ }, { choose: /Region/ }, { choose: goBack }, { choose: /Region/ }, { choose: /Another/ }, { type: undefined }, { choose: /Region/ }, { choose: undefined });
    assert.deepEqual(filter, { diskGb: 40, provider: 'runpod' });
  });

  it('widens again and clears', async () => {
    const { filter } = await run({ choose: /Provider/ }, { choose: /RunPod/ }, { choose: /Provider/ }, { choose: /Any/ }, { choose: /Kind/ }, { choose: /datacentre/ }, { choose: /Clear/ });
    assert.deepEqual(filter, { diskGb: 40 });
  });

  it('sorts', async () => {
    const preferences = new OfferPreferences(new MemoryDrawer(), () => 40);
    await chooseSort({ dialogs: new ScriptedDialogs({ choose: /reliable/ }), preferences, voice: english });
    assert.equal(preferences.sort, 'reliability');
    await chooseSort({ dialogs: new ScriptedDialogs({ choose: undefined }), preferences, voice: english });
    assert.equal(preferences.sort, 'reliability');
  });
});

describe('offer preferences', () => {
  it('come back as they were', async () => {
    const drawer = new MemoryDrawer();
    const first = new OfferPreferences(drawer, () => 40);
    await first.setFilter(everything);
    await first.setSort('pricePerGpu');
    await first.hide('vast:9');
    await first.hide('vast:10');
    const second = new OfferPreferences(drawer, () => 40);
    assert.deepEqual([second.filter, second.sort, [...second.hidden]], [everything, 'pricePerGpu', ['vast:9', 'vast:10']]);
    await second.showHidden();
    assert.equal(new OfferPreferences(drawer, () => 40).hidden.size, 0);
  });

  it('follow the setting of the disk until a filter names another', async () => {
    let usual = 40;
    const preferences = new OfferPreferences(new MemoryDrawer(), () => usual);
    await preferences.setFilter({ diskGb: 40, gpu: 'L4' });
    usual = 60;
    assert.deepEqual(preferences.filter, { diskGb: 60, gpu: 'L4' });
    await preferences.setFilter({ diskGb: 100 });
    usual = 70;
    await preferences.clearFilter();
    assert.deepEqual(preferences.filter, { diskGb: 100 });
  });

  it('begin anew when what was kept cannot be read', () => {
    for (const junk of [null, 'x', { minReliability: 7 }, { provider: 'nobody' }, { gpu: 5 }, { maxPrice: -1 }, []]) {
      const drawer = new MemoryDrawer();
      drawer.kept.set('gpuRental.filter', junk).set('gpuRental.sort', junk).set('gpuRental.hiddenHosts', junk);
      const { filter, sort, hidden } = new OfferPreferences(drawer, () => 40);
      assert.deepEqual([filter, sort, hidden.size], [{ diskGb: 40 }, 'price', 0], JSON.stringify(junk));
    }
  });

  it('tell of every change once', async () => {
    const preferences = new OfferPreferences(new MemoryDrawer(), () => 40);
    let changes = 0;
    preferences.onDidChange(() => changes++);
    await preferences.setSort('price');
    await preferences.clearFilter();
    preferences.settingsChanged();
    assert.equal(changes, 3);
  });
});

describe('a workspace of sensitive work', () => {
  it('sees datacentres only, whatever a filter says, and leaves the person’s own filter as it was', async () => {
    let limited = false;
    const drawer = new MemoryDrawer();
    const preferences = new OfferPreferences(drawer, () => 40, () => limited);
    await preferences.setFilter({ diskGb: 40, gpu: 'L4' });
    limited = true;
    assert.deepEqual(preferences.filter, { diskGb: 40, gpu: 'L4', datacentreOnly: true });
    await preferences.setFilter({ ...preferences.filter, datacentreOnly: false, count: 2 });
    assert.deepEqual(preferences.filter, { diskGb: 40, gpu: 'L4', count: 2, datacentreOnly: true });
    await preferences.clearFilter();
    assert.deepEqual(preferences.filter, { diskGb: 40, datacentreOnly: true });
    assert.deepEqual(new OfferPreferences(drawer, () => 40).filter, { diskGb: 40 }, 'another workspace is not limited');
    limited = false;
    assert.deepEqual(preferences.filter, { diskGb: 40 });
  });

  it('keeps a limit that the person chose for themselves', async () => {
    const preferences = new OfferPreferences(new MemoryDrawer(), () => 40, () => true);
    await preferences.setFilter({ diskGb: 40, datacentreOnly: true });
    assert.deepEqual(preferences.filter, { diskGb: 40, datacentreOnly: true });
  });

  it('says so in the filter, where somebody wants to widen it', async () => {
    const preferences = new OfferPreferences(new MemoryDrawer(), () => 40, () => true);
    const dialogs = new ScriptedDialogs({ choose: /^Kind of place/ });
    await chooseFilter({ dialogs, preferences, voice: english, seen: () => offers });
    assert.match(dialogs.notes[0]?.text ?? '', /sees datacentres only.*gpuRental\.sensitiveWork/);
  });
});

describe('sorting by a job', () => {
  it('is offered once a job is named', async () => {
    const labels: string[][] = [];
    for (const hasJob of [undefined, () => false, () => true]) {
      const dialogs = new ScriptedDialogs({ choose: undefined });
      await chooseSort({ dialogs, preferences: new OfferPreferences(new MemoryDrawer(), () => 40), voice: english, ...(hasJob === undefined ? {} : { hasJob }) });
      labels.push(dialogs.picks[0]?.choices.map(({ label }) => label) ?? []);
    }
    assert.deepEqual(labels.map((all) => all.includes('Cheapest to finish first')), [false, false, true]);
  });
});

describe('seen offers', () => {
  it('remember for a while, priced for one disk', () => {
    const seen = new SeenOffers();
    const at = 1_000_000_000;
    seen.add({ filter: { diskGb: 40 }, offers: [offer({ id: 'vast:1' as OfferId, readAt: at }), offer({ id: 'vast:2' as OfferId, readAt: at, diskGb: 80 })] });
    seen.add({ filter: { diskGb: 40 }, offers: [offer({ id: 'vast:1' as OfferId, readAt: at + 60_000, place: 'Oslo' })] });
    assert.deepEqual(seen.recent(40, at + 60_000).map((one) => one.place), ['Oslo']);
    assert.equal(seen.recent(40, at + 17 * 60_000).length, 0);
  });

  it('remember every filter, however often each is told of', () => {
    const seen = new SeenOffers();
    const filters = Array.from({ length: 30 }, (_, count): OfferFilter => ({ diskGb: 40, count }));
    for (const filter of filters) {
      seen.add({ filter, offers: [] });
      seen.add({ filter, offers: [offer({ id: `vast:${filter.count}` as OfferId, readAt: 1 })] });
    }
    assert.equal(seen.recent(40, 1).length, filters.length);
  });
});

describe('amounts', () => {
  it('are read as people type them, or not at all', () => {
    assert.deepEqual(['5', '0,75', '$2.50', ' .5 ', '007'].map(amountOf), [5, 0.75, 2.5, 0.5, 7]);
    for (const text of ['', '-1', '1e9', 'NaN', 'Infinity', '1.2.3', '5 dollars', '0x10', '1,000.5']) assert.equal(amountOf(text), undefined, text);
  });
});
