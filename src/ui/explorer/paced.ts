import { isAbort } from '../../domain/errors.ts';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';

type Listen = (listener: () => void) => Disposable;

/**
 * Tells at once, and then not again for a moment: a market is read in dozens of pieces, and nobody sees ten thousand
 * offers change ten times a second. The last change is always told.
 */
export const paced = (listen: Listen, everyMs: number, { clock, log }: { readonly clock: Clock; readonly log: Log }): Listen => (listener) => {
  const over = new AbortController();
  let resting = false;
  let owed = false;
  const tell = (): void => {
    owed = resting;
    if (resting) return;
    resting = true;
    listener();
    clock.sleep(everyMs, over.signal).then(
      () => {
        resting = false;
        if (owed) tell();
      },
      (error: unknown) => void (isAbort(error) || log.error('waiting failed', error)),
    );
  };
  const listening = listen(tell);
  return {
    dispose: () => {
      over.abort();
      listening.dispose();
    },
  };
};
