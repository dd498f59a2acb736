import type { DatabaseSync } from 'node:sqlite';

/** Each entry brings the file from its index to the next version; entries are never edited. */
const migrations: readonly string[] = [
  `CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE launch (
     id TEXT PRIMARY KEY, provider TEXT NOT NULL, offer_id TEXT NOT NULL, state TEXT NOT NULL,
     instance_id TEXT, quote TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX launch_state ON launch (state);
   CREATE INDEX launch_instance ON launch (instance_id);
   CREATE TABLE interval (
     instance_id TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, rate_micro INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX interval_instance ON interval (instance_id, start_ms);
   CREATE TABLE settled (
     instance_id TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, amount_micro INTEGER NOT NULL,
     PRIMARY KEY (instance_id, start_ms)
   ) STRICT;`,
  // What a departed machine leaves is its row: an older look must not bring it back, and its charges come for days.
  `ALTER TABLE launch ADD COLUMN ready_at INTEGER;
   CREATE TABLE sighting (instance_id TEXT PRIMARY KEY, seen TEXT, at_ms INTEGER NOT NULL, departed INTEGER NOT NULL) STRICT;
   CREATE TABLE absence (launch_id TEXT PRIMARY KEY, looks INTEGER NOT NULL, since_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE errand (instance_id TEXT PRIMARY KEY, wish TEXT NOT NULL) STRICT;
   CREATE TABLE turn (instance_id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE hearing (provider TEXT PRIMARY KEY, heard_ms INTEGER NOT NULL, problem TEXT) STRICT;
   CREATE TABLE holder (provider TEXT PRIMARY KEY, owner TEXT NOT NULL, generation INTEGER NOT NULL, seen_ms INTEGER NOT NULL) STRICT;`,
  `CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;`,
  `CREATE TABLE incident (
     launch_id TEXT NOT NULL, host TEXT NOT NULL, trouble TEXT NOT NULL, at_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,
     PRIMARY KEY (launch_id, trouble)
   ) STRICT;
   CREATE TABLE sample (
     gpu TEXT NOT NULL, vram_gb INTEGER NOT NULL, provider TEXT NOT NULL, kind TEXT NOT NULL, tier TEXT NOT NULL,
     start_ms INTEGER NOT NULL, span_ms INTEGER NOT NULL, low_micro INTEGER NOT NULL, median_micro INTEGER, offers INTEGER NOT NULL,
     PRIMARY KEY (gpu, vram_gb, provider, kind, tier, start_ms, span_ms)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX sample_start ON sample (start_ms);
   CREATE TABLE host_price (
     host TEXT NOT NULL, gpus INTEGER NOT NULL, at_ms INTEGER NOT NULL, rate_micro INTEGER NOT NULL, PRIMARY KEY (host, gpus, at_ms)
   ) STRICT, WITHOUT ROWID;`,
];

const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);

/** Throws when the file is from a newer version of the product: guessing at money is worse than stopping. */
export function migrate(db: DatabaseSync): void {
  // The usual case writes nothing: opening must not cost a trip to the disk.
  if (versionOf(db) === migrations.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(db);
    if (version > migrations.length) throw new Error(`store version ${version} is newer than this product`);
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
