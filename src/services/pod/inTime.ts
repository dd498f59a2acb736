import type { Clock } from '../../domain/ports.ts';
import { RentError } from '../../domain/errors.ts';

/** An editor that waits for a file waits for ever; whoever asks a machine through this hears something in time. */
export async function inTime<T>(clock: Clock, ms: number, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(
    () => Promise.reject(new RentError('sshUnreachable', { detail: 'the machine did not answer in time' })),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work(), late]);
  } finally {
    done.abort();
  }
}
