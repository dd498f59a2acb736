import { isRentError, RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import { goneMs, listLagMs } from '../domain/reconcile.ts';
import type { Absence, Store } from '../domain/store.ts';
import type { Fleet } from './fleet.ts';
import type { Meter } from './meter.ts';
import { mustSee } from './whose.ts';

export interface EndingDeps {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: Log;
}

/** `absent`: gone as far as can be told by now, but too young for its absence to mean much. */
export type Ended = 'gone' | 'absent' | 'there';

const waits = [0, goneMs + 500, 5000, 10_000, 20_000, 40_000, 60_000, 60_000] as const;

/**
 * Destroys until the machine is seen to be gone, twice: an accepted request proves nothing. When
 * the provider does not confirm within a few minutes this rejects, the journal keeps `ending`, and
 * whoever looks after the provider goes on trying, across restarts. False where it was never shown at all: it is
 * absent as far as can be told, and a list that lags may yet bring it.
 */
export async function endForGood(deps: EndingDeps, provider: Provider, launchId: string | undefined, id: InstanceId): Promise<boolean> {
  writeDown(deps, launchId, id);
  await lookFirst(deps, provider, id);
  let last: unknown;
  for (const wait of waits) {
    await deps.clock.sleep(wait);
    // Whoever looks after the provider asks for it as well, and may see it gone first.
    if (wait > 0 && launchId !== undefined && deps.store.launch(launchId)?.state === 'gone') return true;
    try {
      const looks = deps.store.absence(launchId ?? id)?.looks ?? 0;
      const ended = await endStep(deps, provider, launchId, id);
      if (ended === 'gone') return true;
      if (ended === 'absent' && looks > 0 && !isKnown(deps.store, id)) return false;
    } catch (error) {
      last = error;
      deps.log.warn(`${id} is not confirmed gone`, error);
      // A wrong key will not get better by asking again; the journal keeps the intent.
      if (isRentError(error, 'auth', 'forbidden', 'twoFactor', 'otherAccount')) throw error;
    }
  }
  throw isRentError(last) ? last : new RentError('serverError', { cause: last, detail: 'the provider still lists it' });
}

/** Asks once and looks once. */
export async function endStep(deps: EndingDeps, provider: Provider, launchId: string | undefined, id: InstanceId): Promise<Ended> {
  const { store, fleet, meter } = deps;
  const key = id.slice(provider.id.length + 1);
  await provider.destroy(key);
  const before = store.absence(launchId ?? id);
  if (before === undefined) meter.turned(id, meter.providerNow());
  const found = await provider.get(key, new AbortController().signal);
  if (found !== undefined) {
    store.setAbsence(launchId ?? id, undefined);
    fleet.see(found.instance, found.at);
    return 'there';
  }
  if (launchId !== undefined) await mustSee(deps, provider, launchId);
  const now = meter.providerNow();
  const absence: Absence = { looks: (before?.looks ?? 0) + 1, since: before?.since ?? now, last: now };
  store.setAbsence(launchId ?? id, absence);
  if (absence.looks < 2 || now - absence.since < (isKnown(store, id) ? goneMs : listLagMs)) return 'absent';
  store.setAbsence(launchId ?? id, undefined);
  fleet.forget(id, absence.since, now);
  return 'gone';
}

/**
 * Closes the books on what came before. And absence means something only of what was there: a machine that never
 * showed may yet come out of a lagging list.
 */
async function lookFirst({ fleet, log }: EndingDeps, provider: Provider, id: InstanceId): Promise<void> {
  try {
    const found = await provider.get(id.slice(provider.id.length + 1), new AbortController().signal);
    if (found) fleet.see(found.instance, found.at);
  } catch (error) {
    log.warn(`could not look at ${id} before its end`, error);
  }
}

const isKnown = (store: Store, id: InstanceId): boolean => store.sightings().some(({ seen }) => seen.id === id);

function writeDown({ store, fleet, log }: EndingDeps, launchId: string | undefined, id: InstanceId): void {
  try {
    if (launchId === undefined) store.setErrand(id, 'end');
    else store.mark(launchId, 'ending', id);
    // That lists lacked it before proves less than what its own address says from now on.
    store.setAbsence(launchId ?? id, undefined);
  } catch (error) {
    // Where nothing can be written an end is asked for all the same: it can only save money.
    log.error(`the end of ${id} could not be written down`, error);
  }
  fleet.announce();
}
