import type { Clock } from '../domain/ports.ts';

/**
 * Runs work that must end in time. Its signal fires when the time is over or the caller's signal
 * does, and the work is awaited all the same: whoever gets the error knows that nothing is left open.
 */
export async function within<T>(
  limit: { readonly clock: Clock; readonly ms: number; readonly signal: AbortSignal; readonly expired: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  limit.signal.throwIfAborted();
  const over = new AbortController();
  const done = new AbortController();
  limit.clock.sleep(limit.ms, done.signal).then(
    () => over.abort(limit.expired()),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([limit.signal, over.signal]));
  } catch (error) {
    limit.signal.throwIfAborted();
    over.signal.throwIfAborted();
    throw error;
  } finally {
    done.abort();
  }
}

/** Stops waiting for what cannot be cut off itself; its late answer is dropped. */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
