import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cloudRegions, listedClouds, type CataloguePage, type CloudQuote, type ListedCloud } from '../../../../src/domain/cloudPrice.ts';
import { toDollars } from '../../../../src/domain/money.ts';
import { freshList, withFresh } from '../../../../src/estimate/catalogue/freshPrices.ts';
import { listPrices, type ListPrice } from '../../../../src/estimate/catalogue/prices.ts';
import { sameWork } from '../../../../src/estimate/catalogue/sameWork.ts';

const at = Date.UTC(2026, 10, 29, 12);
const home = (cloud: ListedCloud): readonly ListPrice[] => listPrices.filter((price) => price.cloud === cloud);
const quote = ({ instance, region, usdPerHour }: ListPrice, change: Partial<CloudQuote> = {}): CloudQuote => ({ instance, region, kind: 'on-demand', usdPerHour, ...change });
const page = (quotes: readonly CloudQuote[], dropped = 0): CataloguePage => ({ quotes, dropped, source: 'a list', at });
/** Every machine as it is known, but for what is changed of the first of them. */
const changed = (cloud: ListedCloud, instance: string, change: (price: number, of: ListPrice) => number): CataloguePage =>
  page(home(cloud).map((price) => quote(price, price.instance === instance ? { usdPerHour: change(price.usdPerHour, price) } : {})));

describe('a list that was just read', () => {
  for (const cloud of listedClouds) {
    it(`of ${cloud} is believed as it stands where nothing moved far`, () => {
      fc.assert(fc.property(fc.double({ min: 0.55, max: 3.9, noNaN: true }), (factor) => {
        const fresh = freshList(cloud, page(home(cloud).map((price) => quote(price, { usdPerHour: price.usdPerHour * factor }))), listPrices);
        assert.deepEqual([fresh?.refused, fresh?.missing, fresh?.list.prices.length], [0, 0, home(cloud).length]);
        for (const { instance, onDemand } of fresh?.list.prices ?? []) {
          const before = home(cloud).find((price) => price.instance === instance)?.usdPerHour ?? NaN;
          assert.ok(Math.abs(toDollars(onDemand) - before * factor) < 1e-6);
        }
      }), { numRuns: 20 });
    });
  }

  for (const [what, change] of [
    ['of a month', (price: number) => price * 730],
    ['in cents', (price: number) => price * 100],
    ['in micro-dollars', (price: number) => price * 1e6],
    ['of one GPU', (price: number, of: ListPrice) => price / of.gpuCount],
    ['zero', () => 0],
    ['negative', (price: number) => -price],
    ['no number', () => NaN],
    ['endless', () => Infinity],
  ] as const) {
    it(`is refused a price that is ${what}, and only that`, () => {
      for (const instance of ['p4d.24xlarge', 'g5.12xlarge']) {
        const fresh = freshList('aws', changed('aws', instance, change), listPrices);
        assert.deepEqual([fresh?.refused, fresh?.missing, fresh?.list.prices.some((price) => price.instance === instance)], [1, 1, false]);
      }
      // With two GPUs the price of one is within the factor.
      assert.equal(freshList('gcp', changed('gcp', 'g2-standard-24', change), listPrices)?.refused, 1);
    });

    it(`is not believed at all where every price is ${what}`, () => {
      assert.equal(freshList('aws', page(home('aws').filter(({ gpuCount }) => gpuCount > 1).map((price) => quote(price, { usdPerHour: change(price.usdPerHour, price) }))), listPrices), undefined);
    });
  }

  it('is not believed where it was cut: half of our machines are not in it', () => {
    for (const cloud of listedClouds) {
      const whole = home(cloud).map((price) => quote(price));
      assert.equal(freshList(cloud, page(whole.slice(0, whole.length / 2)), listPrices), undefined);
      assert.equal(freshList(cloud, page([]), listPrices), undefined);
      assert.equal(freshList(cloud, page(whole.slice(1)), listPrices)?.missing, 1, 'one that is sold no more is no cut');
    }
  });

  it('takes the cheapest of several zones, and no spot price that is none', () => {
    const [first, ...rest] = home('aws').toReversed();
    assert.ok(first);
    const spots = [0.9, 0.3, 0.5, 1.2, 0.001].map((share) => quote(first, { kind: 'spot', usdPerHour: first.usdPerHour * share }));
    const fresh = freshList('aws', page([...rest.map((price) => quote(price)), quote(first, { vcpus: 192, ramGb: 2048 }), ...spots]), listPrices);
    const found = fresh?.list.prices.find(({ instance }) => instance === first.instance);
    assert.ok(Math.abs(toDollars(found?.spot ?? first.usdPerHour as never) - 0.3 * first.usdPerHour) < 1e-6);
    assert.deepEqual([fresh?.refused, found?.vcpus, found?.ramGb], [2, 192, 2048]);
  });

  it('counts lines that nobody could read', () => {
    assert.equal(freshList('gcp', page(home('gcp').map((price) => quote(price)), 2), listPrices)?.refused, 2);
  });

  it('says nothing of machines that we do not know', () => {
    const fresh = freshList('gcp', page([...home('gcp').map((price) => quote(price)), quote({ ...home('gcp')[0], instance: 'z9-new' } as ListPrice)]), listPrices);
    assert.deepEqual([fresh?.refused, fresh?.list.prices.some(({ instance }) => instance === 'z9-new')], [1, false]);
  });
});

describe('the table with what was read since', () => {
  const fresh = freshList('gcp', page([
    ...home('gcp').slice(1).map((price) => quote(price, { usdPerHour: price.usdPerHour * 1.1 })),
    ...home('gcp').map((price) => quote(price, { region: cloudRegions.gcp.europe, usdPerHour: price.usdPerHour * 1.3 })),
  ]), listPrices);
  const table = withFresh(fresh === undefined ? [] : [fresh.list]);

  it('has every machine of before, each region once, with the day of its own price', () => {
    const keys = table.map(({ cloud, instance, region }) => `${cloud} ${instance} ${region}`);
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(table.length, listPrices.length + home('gcp').length);
    for (const price of table.filter(({ cloud, region }) => cloud === 'gcp' && region === 'us-central1')) {
      const old = price.instance === home('gcp')[0]?.instance;
      assert.deepEqual([price.readOn, price.source], old ? ['2026-08-03', 'karpenter-provider-gcp'] : ['2026-11-29', 'a list'], price.instance);
    }
    assert.deepEqual(table.filter(({ cloud }) => cloud !== 'gcp'), listPrices.filter(({ cloud }) => cloud !== 'gcp'));
  });

  it('shows no old spot price beside a new one on demand', () => {
    assert.ok(table.filter(({ readOn }) => readOn === '2026-11-29').every(({ spotUsdPerHour }) => spotUsdPerHour === undefined));
  });

  it('is what the same work is looked up in', () => {
    const europe = table.filter(({ region }) => region === cloudRegions.gcp.europe);
    const work = sameWork('gcp', 'L4', 24, 1, europe);
    assert.equal(work?.totalUsdPerHour.toFixed(4), (0.7068 * 1.3).toFixed(4));
  });
});
