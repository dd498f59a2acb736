/** Folders here and on machines, made like each other. */
import type { Clock } from '../../domain/ports.ts';
import type { FolderSync, SyncOrder, SyncResult } from '../../domain/sync.ts';
import { syncDown } from './down.ts';
import { syncUp } from './up.ts';

export const createFolderSync = (clock: Clock): FolderSync => ({
  up: (order) => held(order, () => syncUp(order, clock)),
  down: (order) => held(order, () => syncDown(order, clock)),
});

/** A connection that is lost in the middle comes back by itself. */
async function held({ link }: SyncOrder, work: () => Promise<SyncResult>): Promise<SyncResult> {
  const hold = link.hold();
  try {
    return await work();
  } finally {
    hold.dispose();
  }
}
