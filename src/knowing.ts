/**
 * What is known of the market beyond what it says now. Most of it is read when there is a first reading to remember, or
 * an alert to look for.
 */
import { createEmitter } from './domain/emitter.ts';
import type { Offer, ProviderId } from './domain/offer.ts';
import type { Clock, Disposable, Log } from './domain/ports.ts';
import type { Provider } from './domain/provider.ts';
import type { MarketRead } from './domain/sample.ts';
import type { Store } from './domain/store.ts';
import type { Market } from './services/market.ts';
import type { Once } from './services/once.ts';
import type { Appeared } from './services/alertWatch.ts';
import { anyAlerts } from './store/anyAlerts.ts';
import type { Knowledge, Knowing } from './ui/market/knowing.ts';
import { firstUse } from './ui/firstUse.ts';

export interface KnowingDeps {
  readonly store: Store;
  readonly market: Pick<Market, 'onDidRead'>;
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly isLeftOut: (offer: Offer) => boolean;
  readonly once: Once;
  readonly clock: Clock;
  readonly log: Log;
}

export function createKnowing(deps: KnowingDeps): Knowing & Disposable {
  const { store, market, log } = deps;
  const changed = createEmitter<void>();
  const appeared = createEmitter<Appeared>();
  const use = firstUse<Knowledge>(async () => (await import('./knowledge.ts')).createKnowledge({ ...deps, tell: (event) => appeared.fire(event) }));
  const pending = (): boolean => anyAlerts(store);
  let over = false;
  const take = async (read: MarketRead): Promise<void> => {
    const { memory, alerts } = await use();
    if (over) return;
    memory.take(read);
    if (pending()) alerts.see(read);
    await memory.learn(read);
    if (!over) changed.fire();
  };
  const reading = market.onDidRead((read) => void take(read).catch((error: unknown) => log.warn('a reading of the market was not remembered', error)));
  return {
    use,
    get made() {
      return use.made;
    },
    onDidChange: changed.event,
    onDidAppear: appeared.event,
    pending,
    check: async (signal) => (await use()).alerts.check(signal),
    dispose: () => {
      over = true;
      reading.dispose();
    },
  };
}
