import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { mayBill } from '../domain/launch.ts';
import type { Store } from '../domain/store.ts';
import { createFacts } from './facts.ts';
import { createHolders } from './holders.ts';
import { createIncidents } from './incidents.ts';
import { createJournal } from './journal.ts';
import { createLedger } from './ledger.ts';
import { migrate } from './schema.ts';
import { createSightings } from './sightings.ts';
import { noJournal, Sql } from './sql.ts';

/**
 * Opens the per-user store in `folder`. Every write is on disk when the call returns (WAL with full
 * sync). Throws `noJournal` when the file cannot be opened, is torn or comes from a newer version.
 */
export async function openStore(folder: string, now: () => number): Promise<Store> {
  try {
    // Loaded late: some editors' runtimes lack it, and only renting needs it.
    const { default: { DatabaseSync } } = await import('node:sqlite');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'store.db');
    const db = new DatabaseSync(file, { timeout: 5000 });
    if (process.platform !== 'win32') chmodSync(file, 0o600);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(db);
    return storeOn(db, now);
  } catch (error) {
    throw noJournal(error);
  }
}

function storeOn(db: DatabaseSync, now: () => number): Store {
  const sql = new Sql(db);
  let version: unknown;
  let closed = false;
  return {
    ...createFacts(sql),
    ...createJournal(sql, now),
    ...createSightings(sql),
    ...createHolders(sql, now),
    ...createLedger(sql),
    ...createIncidents(sql, now),
    samples: async () => (await import('./samples.ts')).createSamples(sql),
    anythingLive: () =>
      sql.one(
        `SELECT 1 WHERE EXISTS (SELECT 1 FROM sighting WHERE departed = 0) OR EXISTS (SELECT 1 FROM errand)
           OR EXISTS (SELECT 1 FROM launch WHERE state IN (${mayBill.map((state) => `'${state}'`).join(', ')}))`,
      ) !== undefined,
    atomically: (work) => sql.atomically(work),
    changedElsewhere: () => {
      const before = version;
      version = sql.version;
      return before !== undefined && before !== version;
    },
    close: () => {
      if (!closed) sql.close();
      closed = true;
    },
  };
}
