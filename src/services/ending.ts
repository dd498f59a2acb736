import { isRentError, RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import type { Journal } from '../domain/store.ts';
import type { Fleet } from './fleet.ts';
import type { Meter } from './meter.ts';

export interface EndingDeps {
  readonly journal: Journal;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: Log;
}

const betweenLooksMs = 3000;
const waits = [0, 2000, 5000, 10_000, 20_000, 40_000, 60_000, 60_000] as const;

/**
 * Destroys until the machine is seen to be gone, twice: an accepted request proves nothing. When
 * the provider does not confirm within a few minutes this rejects, the journal keeps `ending`, and
 * every later refresh goes on trying, across restarts.
 */
export async function endForGood(deps: EndingDeps, provider: Provider, launchId: string | undefined, id: InstanceId): Promise<void> {
  const key = id.slice(provider.id.length + 1);
  if (launchId !== undefined) deps.journal.mark(launchId, 'ending', id);
  deps.fleet.announce();
  let last: unknown;
  let accepted = false;
  for (const wait of waits) {
    await deps.clock.sleep(wait);
    try {
      await provider.destroy(key);
      if (!accepted) deps.meter.turned(id, deps.meter.providerNow());
      accepted = true;
      const goneAt = await absentTwice(deps, provider, key);
      if (goneAt !== undefined) return deps.fleet.forget(id, goneAt);
    } catch (error) {
      last = error;
      deps.log.warn(`${id} is not confirmed gone`, error);
      // A wrong key will not get better by asking again; the journal keeps the intent.
      if (isRentError(error, 'auth', 'forbidden', 'twoFactor')) throw error;
    }
  }
  throw isRentError(last) ? last : new RentError('serverError', { cause: last, detail: 'the provider still lists it' });
}

/** When it was absent for the second time in a row, by the provider's clock. */
async function absentTwice(deps: EndingDeps, provider: Provider, key: string): Promise<number | undefined> {
  const signal = new AbortController().signal;
  for (let look = 0; look < 2; look++) {
    if (look > 0) await deps.clock.sleep(betweenLooksMs);
    const found = await provider.get(key, signal);
    if (found !== undefined) {
      deps.fleet.see(found.instance, found.at);
      return undefined;
    }
  }
  return deps.meter.providerNow();
}
