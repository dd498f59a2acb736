import type { Disposable } from '../domain/ports.ts';

export interface FirstUse<T> {
  (): Promise<T>;
  /** Undefined until somebody has used it. */
  readonly made: T | undefined;
}

/** Read and made when it is first needed, and once; what failed is tried again by whoever needs it next. */
export function firstUse<T>(make: () => Promise<T>): FirstUse<T> {
  let making: Promise<T> | undefined;
  let made: T | undefined;
  const use = (): Promise<T> => (making ??= make().then(
    (done) => (made = done),
    (error: unknown) => {
      making = undefined;
      throw error;
    },
  ));
  return Object.defineProperty(use, 'made', { get: () => made }) as FirstUse<T>;
}

/** What was made late is disposed of when its owner goes, even when it is made after that. */
export function disposing<T extends Disposable>(make: () => Promise<T>): FirstUse<T> & Disposable {
  let over = false;
  const use = firstUse(async () => {
    const made = await make();
    if (over) made.dispose();
    return made;
  });
  return Object.assign(use, {
    dispose: () => {
      over = true;
      use.made?.dispose();
    },
  });
}
