import type { Machine } from './machine.ts';
import type { Progress } from './progress.ts';

/** Where files came faster than this, or nothing is known of that yet and answers do, packing costs more time than it saves. */
const fastLine = { roundTripMs: 300, bytesPerMs: 12_500 };

/** Asked before each archive, because what is known of the line grows with what went over it. */
export const packing = (machine: Machine, progress: Progress, tools: { readonly gzip: boolean }) => (): boolean =>
  tools.gzip && (Number.isNaN(progress.rate) ? machine.roundTripMs > fastLine.roundTripMs : progress.rate < fastLine.bytesPerMs);
