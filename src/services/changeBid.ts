/**
 * Another bid for a machine that is there. It may cost more from the moment the request leaves, so the journal holds the
 * higher rate before that, and goes back only on a clear no. The provider's word is asked afterwards either way: what is
 * metered is what it says.
 */
import { ratesAtBid } from '../domain/bid.ts';
import { isDefiniteRefusal, RentError } from '../domain/errors.ts';
import { burnOf, type InstanceId } from '../domain/instance.ts';
import type { Launch } from '../domain/launch.ts';
import type { UsdPerHour } from '../domain/money.ts';
import type { Provider } from '../domain/provider.ts';
import type { CreatingDeps } from './creating.ts';

export async function changeBid(deps: CreatingDeps, provider: Provider, launch: Launch, id: InstanceId, bid: UsdPerHour): Promise<void> {
  const { store, fleet, meter, keeper } = deps;
  if (provider.changeBid === undefined || launch.quote.kind !== 'interruptible') throw new RentError('notAllowed', { detail: 'nobody bids for it' });
  const key = id.slice(provider.id.length + 1);
  const before = launch.quote.rates;
  const after = ratesAtBid(before, bid);
  const dearer = after.running > before.running;
  await look(deps, provider, id);
  if (dearer) store.setRates(launch.id, after);
  try {
    await provider.changeBid(key, bid);
  } catch (error) {
    if (isDefiniteRefusal(error)) store.setRates(launch.id, before);
    else await look(deps, provider, id);
    throw error;
  }
  if (!dearer) store.setRates(launch.id, after);
  const seen = fleet.find(id);
  // What does not run costs what it did: its disk.
  if (seen !== undefined && burnOf(seen) !== seen.rates.stopped) meter.turned(id, meter.providerNow());
  await look(deps, provider, id);
  keeper?.limitsChanged(id);
  fleet.announce();
}

async function look({ fleet, log }: CreatingDeps, provider: Provider, id: InstanceId): Promise<void> {
  try {
    const found = await provider.get(id.slice(provider.id.length + 1), new AbortController().signal);
    if (found) fleet.see(found.instance, found.at);
  } catch (error) {
    log.warn(`could not look at ${id} around its bid`, error);
  }
}
