/** Machines that were made and never became ready, because the window that waited for them is gone. */
import { isAbort } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Launch } from '../domain/launch.ts';
import type { Journal } from '../domain/store.ts';
import { isAttended, leave, type AttendanceDeps } from './attendance.ts';
import type { Fleet } from './fleet.ts';

export interface UnfinishedDeps extends AttendanceDeps {
  readonly store: AttendanceDeps['store'] & Pick<Journal, 'launches'>;
  readonly fleet: Pick<Fleet, 'owner' | 'acts' | 'onDidChange'>;
  /** Waits for it in the place of the one who is gone. */
  readonly takeUp: (launch: Launch, instanceId: InstanceId, signal: AbortSignal) => Promise<void>;
}

/**
 * Takes them up for as long as this window is the one that acts; another goes on when it is not, or when it closes. What fails is tried
 * again after as long a silence as any other.
 */
export function takeUpUnfinished(deps: UnfinishedDeps, signal: AbortSignal): void {
  const { store, fleet, log, takeUp } = deps;
  const underway = new Map<string, AbortController>();

  const begin = async (launch: Launch, instanceId: InstanceId): Promise<void> => {
    const given = new AbortController();
    underway.set(launch.id, given);
    try {
      await takeUp(launch, instanceId, AbortSignal.any([signal, given.signal]));
    } catch (error) {
      if (isAbort(error)) leave(deps, launch.id);
      else log.warn(`${launch.id} is not ready yet`, error);
    } finally {
      underway.delete(launch.id);
    }
  };
  const check = (): void => {
    const unfinished = store.launches(['created']).filter(({ provider }) => fleet.acts(provider));
    const ids = new Set(unfinished.map(({ id }) => id));
    for (const [id, given] of underway) if (!ids.has(id)) given.abort();
    for (const launch of unfinished) {
      if (launch.instanceId !== undefined && !underway.has(launch.id) && !isAttended(deps, launch.id)) void begin(launch, launch.instanceId);
    }
  };
  if (signal.aborted) return;
  const subscription = fleet.onDidChange(check);
  signal.addEventListener('abort', () => {
    subscription.dispose();
    leaveAll(deps);
  }, { once: true });
  check();
}

/** This window closes over everything that it waits for. */
function leaveAll(deps: UnfinishedDeps): void {
  try {
    for (const { id } of deps.store.launches(['created'])) leave(deps, id);
  } catch (error) {
    deps.log.warn('what was waited for cannot be given up; others find out in time', error);
  }
}
