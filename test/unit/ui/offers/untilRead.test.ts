import assert from 'node:assert/strict';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import type { MarketView } from '../../../../src/services/market.ts';
import { untilRead } from '../../../../src/ui/offers/untilRead.ts';
import { offer } from '../../../fakes/offers.ts';

class SlowMarket {
  readonly #changed = createEmitter<MarketView>();
  readonly onDidChange = this.#changed.event;
  view: MarketView = { filter: { diskGb: 40 }, offers: [], dropped: 0, more: false, loading: false, readAt: undefined, stale: false, errors: [] };
  refreshes = 0;
  readonly #ends: (() => void)[] = [];

  refresh = (): Promise<void> => {
    this.refreshes++;
    this.become({ loading: true });
    return new Promise((resolve) => this.#ends.push(resolve));
  };

  become(change: Partial<MarketView>): void {
    this.view = { ...this.view, ...change };
    this.#changed.fire(this.view);
  }

  end(): void {
    this.become({ loading: false });
    for (const end of this.#ends.splice(0)) end();
  }
}

describe('waiting for offers', () => {
  const wait = (market: SlowMarket, signal = new AbortController().signal) => {
    let done = false;
    const waiting = untilRead(market, { diskGb: 40 }, signal).then(() => (done = true));
    const settled = async (): Promise<boolean> => {
      for (let i = 0; i < 20; i++) await Promise.resolve();
      return done;
    };
    return { waiting, settled };
  };

  it('ends with the first offers, though more are still read', async () => {
    const market = new SlowMarket();
    const { waiting, settled } = wait(market);
    market.become({ dropped: 1 });
    assert.equal(await settled(), false);
    market.become({ offers: [offer()] });
    await waiting;
  });

  it('joins a refresh that is under way', async () => {
    const market = new SlowMarket();
    market.become({ loading: true });
    const { waiting, settled } = wait(market);
    assert.equal(await settled(), false);
    assert.equal(market.refreshes, 0);
    market.end();
    await waiting;
  });

  it('ends when there is nothing to be had', async () => {
    const market = new SlowMarket();
    const { waiting, settled } = wait(market);
    assert.equal(await settled(), false);
    market.end();
    await waiting;
    assert.equal(market.refreshes, 1);
  });

  it('ends when the person turns away', async () => {
    const market = new SlowMarket();
    market.become({ loading: true });
    const stop = new AbortController();
    const { waiting, settled } = wait(market, stop.signal);
    assert.equal(await settled(), false);
    stop.abort();
    await waiting;
  });
});
