import { isAbort, isRentError, RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Launch } from '../domain/launch.ts';
import type { Provider } from '../domain/provider.ts';
import type { EndingDeps } from './ending.ts';

/** Lists lag creates by seconds to minutes. */
const waits = [2000, 5000, 10_000, 20_000, 40_000, ...Array.from({ length: 13 }, () => 60_000)] as const;
const conclusiveNeeded = 5;

/**
 * The create got no clear answer, so it may have made a machine. Only the provider's list can tell,
 * by our label; the create is never sent again. Aborting leaves the launch as `ending`, so that a
 * machine which turns up later is ended by the next refresh.
 */
export async function resolveUncertain(deps: EndingDeps, provider: Provider, launch: Launch, cause: unknown, signal: AbortSignal): Promise<InstanceId> {
  let conclusive = 0;
  for (const wait of waits) {
    try {
      await deps.clock.sleep(wait, signal);
      const listing = await provider.list(signal);
      const found = listing.instances
        .filter((machine) => machine.label === launch.id)
        .toSorted((a, b) => (a.createdAt ?? Infinity) - (b.createdAt ?? Infinity))[0];
      if (found) {
        deps.journal.mark(launch.id, 'created', found.id);
        deps.fleet.see(found, listing.at);
        return found.id;
      }
      if (listing.complete) conclusive++;
    } catch (error) {
      if (signal.aborted || isAbort(error)) {
        deps.journal.mark(launch.id, 'ending');
        signal.throwIfAborted();
      }
      deps.log.warn(`could not look for ${launch.id}`, error);
      if (isRentError(error, 'auth', 'forbidden', 'twoFactor')) break;
    }
  }
  if (conclusive < conclusiveNeeded) throw new RentError('uncertain', { cause });
  deps.journal.mark(launch.id, 'notCreated');
  throw new RentError('notCreated', { cause });
}
