import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import type { Offer, OfferKind, OfferPage, ProviderId } from '../../../src/domain/offer.ts';
import type { Provider } from '../../../src/domain/provider.ts';
import type { MarketRead } from '../../../src/domain/sample.ts';
import { Market, type MarketView } from '../../../src/services/market.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { FakeProvider } from '../../fakes/fakeProvider.ts';
import { offer } from '../../fakes/offers.ts';

const page = (...ids: number[]): OfferPage => ({ offers: ids.map((n) => offer({ id: `vast:${n}` })), dropped: 0, more: false });

function market() {
  const clock = new FakeClock();
  const vast = new FakeProvider(clock);
  const runpod = new FakeProvider(clock, 'runpod');
  runpod.offers = [offer({ id: 'runpod:a', provider: 'runpod', gpu: 'H100 SXM', vramGb: 80 })];
  const providers = new Map<ProviderId, Provider>([['vast', vast], ['runpod', runpod]]);
  const log = new FakeLog();
  return { clock, vast, runpod, log, market: new Market(providers, { diskGb: 40 }, clock, log) };
}

const ids = (view: MarketView): string[] => view.offers.map((one) => one.id).toSorted();

describe('market', () => {
  it('shows pages as they come, and all of them at the end', async () => {
    const { market: it, vast } = market();
    vast.pages = [page(1, 2), { ...page(3), dropped: 2 }];
    const seen: number[] = [];
    it.onDidChange((view) => seen.push(view.offers.length));
    await it.refresh();
    assert.deepEqual(ids(it.view), ['runpod:a', 'vast:1', 'vast:2', 'vast:3']);
    assert.equal(it.view.dropped, 2);
    assert.equal(it.view.loading, false);
    assert.ok(seen.some((count) => count > 0 && count < 4));
  });

  it('drops and counts what nobody can mean, of every provider', async () => {
    const { market: it, vast, runpod } = market();
    const rows = [{ gpuUsd: 0 }, { gpuUsd: -0.2 }, { gpuUsd: NaN }, { gpuUsd: Infinity }, { diskUsd: -0.01 }, { gpuCount: 0 }, { gpuCount: 1.5 }, { vramGb: 0 }, { vramGb: NaN }];
    vast.pages = [{ offers: [...rows.map((change, n) => offer({ id: `vast:${n}`, ...change })), offer({ id: 'vast:100', diskUsd: 0 })], dropped: 1, more: false }];
    runpod.offers = [offer({ id: 'runpod:a', provider: 'runpod' }), offer({ id: 'runpod:b', provider: 'runpod', gpuUsd: 0 })];
    await it.refresh();
    assert.deepEqual([ids(it.view), it.view.dropped], [['runpod:a', 'vast:100'], rows.length + 2]);
  });

  it('shows an offer once that is told twice, as it was told last', async () => {
    const { market: it, vast } = market();
    vast.pages = [{ offers: [offer({ id: 'vast:1', gpuUsd: 0.3 }), offer({ id: 'vast:1', gpuUsd: 0.4 })], dropped: 0, more: false }, page(1)];
    await it.refresh();
    assert.deepEqual([ids(it.view), it.view.dropped], [['runpod:a', 'vast:1'], 0]);
  });

  it('keeps rows on screen while they are read again, then drops what is gone', async () => {
    const { market: it, vast } = market();
    vast.pages = [page(1, 2)];
    await it.refresh();
    vast.pages = [page(3), page(4)];
    let least = Infinity;
    it.onDidChange((view) => (least = Math.min(least, view.offers.length)));
    await it.refresh();
    assert.ok(least >= 3);
    assert.deepEqual(ids(it.view), ['runpod:a', 'vast:3', 'vast:4']);
  });

  it('keeps the dearer rows that a shorter reading did not come to, until they are old', async () => {
    const { market: it, vast } = market();
    const at = Date.UTC(2026, 10, 22, 12);
    const row = (n: number, gpuUsd: number, minutes: number, kind: OfferKind = 'on-demand'): Offer =>
      offer({ id: `vast:${n}`, gpuUsd, kind, readAt: at + minutes * 60_000 });
    vast.pages = [{ offers: [row(1, 0.2, 0), row(2, 0.3, 0), row(3, 0.4, 0), row(4, 0.1, 0, 'interruptible'), row(5, 0.15, 0, 'interruptible')], dropped: 0, more: true }];
    await it.refresh();
    // 1 is gone within what was read, 3 and 5 lie beyond it, 2 is dearer now.
    vast.pages = [{ offers: [row(2, 0.32, 5), row(4, 0.1, 5, 'interruptible')], dropped: 0, more: true }];
    await it.refresh();
    assert.deepEqual(ids(it.view), ['runpod:a', 'vast:2', 'vast:3', 'vast:4', 'vast:5']);
    assert.equal(it.view.offers.find(({ id }) => id === 'vast:2')?.price.gpu, usdPerHour(0.32));
    vast.pages = [{ offers: [row(2, 0.32, 6)], dropped: 0, more: true }];
    await it.refresh();
    assert.deepEqual(ids(it.view), ['runpod:a', 'vast:2'], 'five minutes are over, and nothing was read of the other kind');
    vast.pages = [{ offers: [row(1, 0.2, 6), row(3, 0.4, 6)], dropped: 0, more: true }];
    await it.refresh();
    vast.pages = [{ offers: [row(1, 0.2, 7)], dropped: 0, more: false }];
    await it.refresh();
    assert.deepEqual(ids(it.view), ['runpod:a', 'vast:1'], 'a whole reading is the truth');
  });

  it('keeps the old rows and says so when a provider fails, whether at once or half way', async () => {
    const { market: it, vast } = market();
    vast.pages = [page(1, 2)];
    await it.refresh();
    for (const pages of [[new RentError('network')], [page(3), new RentError('badResponse')]]) {
      vast.pages = pages;
      await it.refresh();
      assert.ok(ids(it.view).includes('vast:1'));
      assert.equal(it.view.errors[0]?.provider, 'vast');
      assert.ok(it.view.stale);
    }
    vast.pages = [page(1)];
    await it.refresh();
    assert.deepEqual([it.view.errors.length, it.view.stale], [0, false]);
  });

  it('tells of each whole answer of a provider, and of none that broke off or was given up', async () => {
    const { market: it, vast, clock } = market();
    const reads: MarketRead[] = [];
    it.onDidRead((read) => reads.push(read));
    vast.pages = [page(1), { ...page(2), more: true }];
    const filter = { diskGb: 40, gpu: 'RTX 4090' };
    await it.refresh(filter);
    const told = reads.find(({ provider }) => provider === 'vast');
    assert.deepEqual([reads.length, told?.filter, told?.offers.map(({ id }) => id), told?.more, told?.at], [2, filter, ['vast:1', 'vast:2'], true, clock.now()]);
    vast.pages = [page(3), new RentError('network')];
    await it.refresh();
    await it.refresh({ diskGb: 40 }, AbortSignal.abort());
    assert.deepEqual(reads.map(({ provider }) => provider).toSorted(), ['runpod', 'runpod', 'vast']);
  });

  it('shows the other provider when one is down from the start', async () => {
    const { market: it, vast } = market();
    vast.pages = [new RentError('network')];
    await it.refresh();
    assert.deepEqual(ids(it.view), ['runpod:a']);
  });

  it('is stale after five minutes without a read', async () => {
    const { market: it, clock } = market();
    await it.refresh();
    assert.equal(it.view.stale, false);
    clock.advance(6 * 60_000);
    await it.refresh({ diskGb: 40, maxPrice: usdPerHour(9) }, AbortSignal.abort());
    assert.equal(it.view.stale, true);
  });

  it('never shows prices of another disk', async () => {
    const { market: it, vast } = market();
    vast.pages = [page(1)];
    await it.refresh();
    vast.pages = [new RentError('network')];
    await it.refresh({ diskGb: 200 });
    assert.ok(!ids(it.view).includes('vast:1'));
  });

  it('checks the filter itself, and asks only the provider that the filter names', async () => {
    const { market: it, vast } = market();
    vast.pages = [{ offers: [offer({ id: 'vast:1', gpu: 'RTX 3090' }), offer({ id: 'vast:2' })], dropped: 0, more: true }];
    await it.refresh({ diskGb: 40, gpu: 'RTX 4090', provider: 'vast' });
    assert.deepEqual(ids(it.view), ['vast:2']);
    assert.ok(it.view.more);
  });

  it('lets a newer search take over', async () => {
    const { market: it, vast } = market();
    vast.pages = [page(1)];
    const first = it.refresh();
    vast.pages = [page(2)];
    await Promise.all([first, it.refresh()]);
    assert.ok(ids(it.view).includes('vast:2'));
    assert.equal(it.view.loading, false);
  });

  it('finds an offer by id', async () => {
    const { market: it, vast } = market();
    vast.pages = [page(7)];
    await it.refresh();
    assert.equal(it.find('vast:7')?.id, 'vast:7');
    assert.equal(it.find('vast:8'), undefined);
  });
});
