import type { Disposable } from '../domain/ports.ts';

export const all = (parts: readonly Disposable[]): Disposable => ({ dispose: () => parts.forEach((part) => part.dispose()) });

/** One listener for several events. */
export const onAny = (...events: readonly ((listener: () => void) => Disposable)[]) => (listener: () => void): Disposable =>
  all(events.map((event) => event(listener)));
