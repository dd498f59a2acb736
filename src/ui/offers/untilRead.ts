import type { OfferFilter } from '../../domain/filter.ts';
import type { Market } from '../../services/market.ts';

/** Resolves when there is something to choose from, or all has been read: whole markets take a while to read. */
export async function untilRead(market: Pick<Market, 'view' | 'refresh' | 'onDidChange'>, filter: OfferFilter, signal: AbortSignal): Promise<void> {
  // Another refresh may take over from ours, which ends then without having read anything.
  const reading = market.view.loading ? Promise.resolve() : market.refresh(filter, signal);
  while (market.view.offers.length === 0 && market.view.loading && !signal.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listener = market.onDidChange(() => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    listener.dispose();
  }
  if (market.view.offers.length === 0) await reading;
}
