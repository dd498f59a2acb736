/** The part of what is known that is read late; see `knowing.ts`. */
import { hostHistory } from './services/hostHistory.ts';
import { AlertWatch, type AlertWatchDeps } from './services/alertWatch.ts';
import { Market } from './services/market.ts';
import { MarketMemory } from './services/marketMemory.ts';
import { createAlertMemory } from './store/alertMemory.ts';
import type { KnowingDeps } from './knowing.ts';
import type { Knowledge } from './ui/market/knowing.ts';

export async function createKnowledge(deps: KnowingDeps & Pick<AlertWatchDeps, 'tell'>): Promise<Knowledge> {
  const { store, providers, clock, log } = deps;
  /** Beside the market that is on show, whose filter is another. */
  const read: AlertWatchDeps['read'] = async (filter, signal) => {
    const market = new Market(providers, filter, clock, log);
    await market.refresh(filter, signal);
    return market.view.offers;
  };
  const wishes = createAlertMemory(store);
  return {
    memory: new MarketMemory({ ...deps, samples: await store.samples() }),
    history: hostHistory(deps),
    wishes,
    alerts: new AlertWatch({ ...deps, memory: wishes, read }),
  };
}
