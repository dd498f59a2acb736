/**
 * Who polls and acts on one provider's account. A holder says every few seconds that it lives; one that fell silent is
 * replaced, and the number that grew then tells the old one, when it wakes, that it has lost the right.
 */
import type { ProviderId } from '../domain/offer.ts';
import type { Holders, Holding } from '../domain/store.ts';
import type { Sql } from './sql.ts';

const silentMs = 30_000;

export function createHolders(sql: Sql, now: () => number): Holders {
  const read = (provider: ProviderId): (Holding & { seenAt: number }) | undefined => {
    const row = sql.one('SELECT * FROM holder WHERE provider = ?', provider);
    return row && { provider, owner: String(row['owner']), generation: Number(row['generation']), seenAt: Number(row['seen_ms']) };
  };
  const same = (a: Holding, b: Holding): boolean => a.owner === b.owner && a.generation === b.generation;

  return {
    hold: (provider, owner, insist) =>
      sql.atomically(() => {
        const current = read(provider);
        const at = now();
        // A clock that was set back must not keep a dead holder alive until it has caught up.
        const silent = current === undefined || Math.abs(at - current.seenAt) > silentMs;
        if (current !== undefined && current.owner !== owner && !silent && !insist) return undefined;
        const generation = current === undefined ? 1 : current.generation + (current.owner === owner ? 0 : 1);
        sql.run('INSERT OR REPLACE INTO holder VALUES (?, ?, ?, ?)', provider, owner, generation, at);
        return { provider, owner, generation };
      }),
    stillHeld: (holding) => {
      const current = read(holding.provider);
      return current !== undefined && same(current, holding);
    },
    holder: (provider) => read(provider)?.owner,
    // The number stays, so that a late word of this owner is still known as old.
    release: (owner) => void sql.run('UPDATE holder SET seen_ms = 0 WHERE owner = ?', owner),
  };
}
