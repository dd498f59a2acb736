import { isAbort, RentError } from '../domain/errors.ts';
import { guardUnclaimedMs } from '../domain/guard.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Launch } from '../domain/launch.ts';
import { attend } from './attendance.ts';
import type { EndingDeps } from './ending.ts';

/** Lists lag creates by seconds to minutes. */
const waits = [2000, 5000, 10_000, 20_000, 40_000, ...Array.from({ length: 17 }, () => 60_000)] as const;

/**
 * The create got no clear answer, so it may have made a machine. Only the provider's list can tell, by our label; the
 * create is never sent again. Whoever looks after the provider lays list and journal side by side; this waits for what
 * the journal then says. Aborting leaves the launch as `ending`, so that a machine which turns up later is ended.
 */
export async function resolveUncertain(deps: EndingDeps, launch: Launch, cause: unknown, signal: AbortSignal): Promise<InstanceId> {
  const { store, fleet, clock } = deps;
  for (const wait of waits) {
    attend(deps, launch.id);
    try {
      await clock.sleep(wait, signal);
      await fleet.refresh(signal);
      signal.throwIfAborted();
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) throw error;
      store.mark(launch.id, 'ending');
      signal.throwIfAborted();
    }
    const { state, instanceId } = store.launch(launch.id) ?? launch;
    if (state === 'notCreated') throw new RentError(lookedInTime(deps, launch) ? 'notCreated' : 'uncertain', { cause });
    // Another window may have ended it meanwhile: whoever waits for it to be ready will see that.
    if (instanceId !== undefined) return instanceId;
  }
  throw new RentError('uncertain', { cause });
}

/** A laptop that slept may have missed all of a machine that was made: its guard ends what nobody claims. */
function lookedInTime({ store }: EndingDeps, { id, createdAt, quote }: Launch): boolean {
  const last = store.absence(id)?.last ?? Infinity;
  return last - (quote.readAt ?? createdAt) < guardUnclaimedMs;
}
