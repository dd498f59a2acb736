import type { LeftBehind } from '../../../../src/domain/leftBehind.ts';
import type { Look } from '../../../../src/services/leaving.ts';
import type { LeaveDeps } from '../../../../src/ui/instances/leaveFlow.ts';
import { now } from './machines.ts';

/** A machine in whose work folder nothing is. */
export const bare: LeftBehind = { folder: '/workspace', changed: { files: 0, bytes: 0, partial: false }, running: [] };

export const holding = (change: Partial<LeftBehind> = {}, fetchedAt?: number): Look => ({ left: { ...bare, ...change }, fetchedAt, at: now });

/** Machines with nothing on them, and a computer with a folder for downloads. */
export const nothingLeft: Pick<LeaveDeps, 'leaving' | 'unsaved' | 'sensitive' | 'downloadFolder'> = {
  leaving: {
    canFetch: true,
    look: async () => holding(),
    bringHome: async () => ({ files: 0, bytes: 0, seconds: 0, skipped: [], since: bare }),
    wipe: async () => ({ removed: 0, left: 0, keptVolume: false }),
  },
  unsaved: () => [],
  sensitive: () => false,
  downloadFolder: async () => '/here/results',
};
