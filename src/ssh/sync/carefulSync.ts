/** The way in which folders usually go up: what looks like a secret stays here unless a person was asked. */
import { type FindSecrets, type FolderSync, withSecrets } from '../../domain/sync.ts';

export const carefulSync = (sync: FolderSync, findSecrets: FindSecrets): FolderSync => ({
  up: (order) => sync.up({ ...order, vet: order.vet ?? (async (paths) => withSecrets(await findSecrets(order.localFolder, paths, order.signal))) }),
  down: (order) => sync.down(order),
});
