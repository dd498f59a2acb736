import assert from 'node:assert/strict';
import { cloudRegions, listedClouds, type CataloguePage, type Catalogues, type CloudList, type CloudLists, type ListedCloud, type Wanted } from '../../../src/domain/cloudPrice.ts';
import { RentError } from '../../../src/domain/errors.ts';
import { listPrices } from '../../../src/estimate/catalogue/prices.ts';
import { CloudPrices, type Refreshed } from '../../../src/services/cloudPrices.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';

const at = Date.UTC(2026, 10, 29);
const page = (cloud: ListedCloud, factor: number): CataloguePage => ({
  quotes: listPrices.filter((price) => price.cloud === cloud).map(({ instance, region, usdPerHour }) => ({ instance, region, kind: 'on-demand', usdPerHour: usdPerHour * factor })),
  dropped: 0, source: 'fresh', at,
});

function bench(read: Catalogues['read'] = async (cloud) => page(cloud, 1.5)) {
  const kept: CloudList[] = [];
  const asked: [ListedCloud, Wanted][] = [];
  const lists: CloudLists = {
    read: async () => [...kept],
    keep: async (list) => void kept.splice(0, kept.length, ...kept.filter(({ cloud }) => cloud !== list.cloud), list),
  };
  const log = new FakeLog();
  const prices = new CloudPrices({
    lists, log,
    catalogues: { read: (cloud, wanted, signal) => {
      asked.push([cloud, wanted]);
      return read(cloud, wanted, signal);
    } },
  });
  return { prices, kept, asked, log, lists };
}

const of = (prices: CloudPrices, instance: string): unknown[] => prices.prices.filter((price) => price.instance === instance).map(({ usdPerHour, readOn }) => [usdPerHour, readOn]);
const how = (ended: readonly Refreshed[]): unknown[] => ended.map((one) => ('error' in one ? `${one.cloud} failed` : `${one.cloud} ${one.read}`));

describe('what the large clouds ask', () => {
  it('is the table of the product until somebody asks for more', async () => {
    const { prices, asked } = bench();
    await prices.load();
    assert.deepEqual(prices.prices, listPrices);
    assert.deepEqual(asked, []);
  });

  it('is read anew of all of them, for our machines in three regions each', async () => {
    const { prices, asked, kept } = bench();
    assert.deepEqual(how(await prices.refresh()), ['aws 29', 'azure 15', 'gcp 18']);
    assert.deepEqual(of(prices, 'p5.4xlarge'), [[6.88 * 1.5, '2026-11-29']]);
    assert.deepEqual(kept.map(({ cloud }) => cloud).toSorted(), [...listedClouds].toSorted());
    for (const [cloud, { instances, regions }] of asked) {
      assert.deepEqual(regions, Object.values(cloudRegions[cloud]));
      assert.equal(new Set(instances).size, listPrices.filter((price) => price.cloud === cloud).length);
    }
  });

  it('is there for the next window without asking again', async () => {
    const first = bench();
    await first.prices.refresh();
    const next = new CloudPrices({ lists: first.lists, log: first.log, catalogues: { read: () => Promise.reject(new Error('asked')) } });
    await next.load();
    assert.deepEqual(of(next, 'p5.4xlarge'), [[6.88 * 1.5, '2026-11-29']]);
  });

  it('stays as it was of a cloud whose list fails, is cut or is in another unit', async () => {
    const half = (whole: CataloguePage): CataloguePage => ({ ...whole, quotes: whole.quotes.slice(0, whole.quotes.length / 2) });
    for (const broken of [() => Promise.reject(new RentError('network')), async () => half(page('aws', 1.5)), async () => page('aws', 730), async () => page('aws', 100)]) {
      const { prices, kept, log } = bench((cloud) => (cloud === 'aws' ? broken() : Promise.resolve(page(cloud, 1.5))));
      assert.deepEqual(how(await prices.refresh()), ['aws failed', 'azure 15', 'gcp 18']);
      assert.deepEqual(of(prices, 'p5.4xlarge'), [[6.88, '2026-07-20']]);
      assert.deepEqual(of(prices, 'g2-standard-4').map((one) => (one as unknown[])[1]), ['2026-11-29']);
      assert.deepEqual(kept.map(({ cloud }) => cloud), ['azure', 'gcp']);
      assert.match(log.lines.join(), /price list of aws could not be read/);
    }
  });

  it('keeps what was read before when the next reading fails', async () => {
    let works = true;
    const { prices } = bench((cloud) => (works ? Promise.resolve(page(cloud, 1.5)) : Promise.reject(new RentError('serverError'))));
    await prices.refresh();
    works = false;
    assert.deepEqual(how(await prices.refresh()), ['aws failed', 'azure failed', 'gcp failed']);
    assert.deepEqual(of(prices, 'p5.4xlarge'), [[6.88 * 1.5, '2026-11-29']]);
  });

  it('is read once for all who ask at the same time', async () => {
    const { prices, asked } = bench();
    const [one, other] = [prices.refresh(), prices.refresh()];
    assert.equal(await one, await other);
    assert.equal(asked.length, 3);
    await prices.refresh();
    assert.equal(asked.length, 6);
  });

  it('changes nothing where somebody turned away, nor where it cannot be kept', async () => {
    const away = bench(() => Promise.reject(new DOMException('', 'AbortError')));
    await assert.rejects(away.prices.refresh(), { name: 'AbortError' });
    assert.deepEqual(away.prices.prices, listPrices);
    const full = bench();
    full.lists.keep = () => Promise.reject(new Error('disk full'));
    assert.deepEqual(how(await full.prices.refresh()), ['aws failed', 'azure failed', 'gcp failed']);
    assert.deepEqual(full.prices.prices, listPrices);
  });

  it('is the table alone where what was kept cannot be read', async () => {
    const { prices, lists, log } = bench();
    lists.read = () => Promise.reject(new Error('no right'));
    await prices.load();
    assert.deepEqual(prices.prices, listPrices);
    assert.match(log.lines.join(), /could not be read/);
  });
});
