/** The way in which folders usually go up: what looks like a secret stays here unless a person was asked. */
import type { FindSecrets, FolderSync, SecretFinding, SkippedFile } from '../../domain/sync.ts';

export const carefulSync = (sync: FolderSync, findSecrets: FindSecrets): FolderSync => ({
  up: (order) => sync.up({ ...order, vet: order.vet ?? (async (paths) => skipped(await findSecrets(order.localFolder, paths, order.signal))) }),
  down: (order) => sync.down(order),
});

/** One for each file. */
export function skipped(findings: readonly SecretFinding[]): SkippedFile[] {
  const first = new Map(findings.toReversed().map((finding) => [finding.path, finding]));
  return [...first.values()].toReversed().map(({ path, line, what }) => ({ path, why: `It seems to hold a secret (${what}, line ${line}).` }));
}
