import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { isRentError, RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Launch, LaunchState, Limits } from '../domain/launch.ts';
import type { Interval, Session, SettledCharge, Store } from '../domain/store.ts';
import { migrate } from './schema.ts';
import { toInterval, toLaunch, toSettled, type Row } from './rows.ts';

/** A launch that is not ready yet blocks the same offer for this long: two clicks or two windows mean one machine. */
const inFlightMs = 5 * 60_000;

/**
 * Opens the per-user store in `folder`. Every write is on disk when the call returns (WAL with full
 * sync). Throws `noJournal` when the file cannot be opened, is torn or comes from a newer version.
 */
export async function openStore(folder: string, now: () => number): Promise<Store> {
  try {
    // Loaded late: some editors' runtimes lack it, and only renting needs it.
    const { DatabaseSync } = await import('node:sqlite');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'store.db');
    const db = new DatabaseSync(file, { timeout: 5000 });
    if (process.platform !== 'win32') chmodSync(file, 0o600);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(db);
    return new SqliteStore(db, now);
  } catch (error) {
    throw noJournal(error);
  }
}

const noJournal = (cause: unknown): RentError =>
  new RentError('noJournal', { cause, detail: cause instanceof Error ? cause.message : String(cause) });

class SqliteStore implements Store {
  readonly install: string;
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  #closed = false;

  constructor(db: DatabaseSync, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.install = this.#installed() ?? this.#newInstall();
  }

  #installed(): string | undefined {
    return this.#one('SELECT value FROM meta WHERE name = ?', 'install')?.['value']?.toString();
  }

  /** Two windows may open a new file at once: the first name stays. */
  #newInstall(): string {
    const name = randomBytes(3).toString('hex');
    this.#run('INSERT OR IGNORE INTO meta VALUES (?, ?)', 'install', name);
    return this.#installed() ?? name;
  }

  intend(launch: Launch): void {
    this.#atomically(() => {
      const rival = this.#one(
        `SELECT id FROM launch WHERE offer_id = ? AND state IN ('intent', 'sent', 'uncertain', 'created') AND changed_at > ?`,
        launch.offerId,
        this.#now() - inFlightMs,
      );
      if (rival) throw new RentError('inFlight', { detail: String(rival['id']) });
      this.#run(
        'INSERT INTO launch (id, provider, offer_id, state, instance_id, quote, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        launch.id, launch.provider, launch.offerId, launch.state, launch.instanceId ?? null, JSON.stringify(launch.quote),
        launch.createdAt, launch.changedAt,
      );
    });
  }

  mark(id: string, state: LaunchState, instanceId?: InstanceId): void {
    this.#run(
      'UPDATE launch SET state = ?, instance_id = coalesce(?, instance_id), changed_at = ? WHERE id = ?',
      state, instanceId ?? null, this.#now(), id,
    );
  }

  setLimits(id: string, limits: Limits): void {
    this.#run(`UPDATE launch SET quote = json_set(quote, '$.limits', json(?)) WHERE id = ?`, JSON.stringify(limits), id);
  }

  launch(id: string): Launch | undefined {
    return this.#launches('WHERE id = ?', id)[0];
  }

  launchOf(instanceId: InstanceId): Launch | undefined {
    return this.#launches('WHERE instance_id = ?', instanceId)[0];
  }

  launches(states?: readonly LaunchState[]): readonly Launch[] {
    if (states === undefined) return this.#launches('');
    return this.#launches(`WHERE state IN (${states.map(() => '?').join(', ')})`, ...states);
  }

  last(instanceId: InstanceId): Interval | undefined {
    const row = this.#one('SELECT * FROM interval WHERE instance_id = ? ORDER BY start_ms DESC, rowid DESC LIMIT 1', instanceId);
    return row && toInterval(row);
  }

  append(interval: Interval): void {
    this.#run('INSERT INTO interval VALUES (?, ?, ?, ?)', interval.instanceId, interval.from, interval.to, interval.rate);
  }

  amend(interval: Interval): void {
    // Another window may have carried it further already: an interval never shrinks unless its rate ended earlier.
    this.#run(
      `UPDATE interval SET end_ms = ? WHERE rowid =
         (SELECT rowid FROM interval WHERE instance_id = ? AND start_ms = ? AND rate_micro = ? ORDER BY rowid DESC LIMIT 1)`,
      interval.to, interval.instanceId, interval.from, interval.rate,
    );
  }

  intervals(instanceId?: InstanceId): readonly Interval[] {
    return (instanceId === undefined
      ? this.#all('SELECT * FROM interval')
      : this.#all('SELECT * FROM interval WHERE instance_id = ?', instanceId)
    ).map(toInterval);
  }

  settle(charges: readonly SettledCharge[]): void {
    this.#atomically(() => {
      for (const charge of charges) {
        this.#run('INSERT OR REPLACE INTO settled VALUES (?, ?, ?, ?)', charge.instanceId, charge.from, charge.to, charge.amount);
      }
    });
  }

  settled(instanceId?: InstanceId): readonly SettledCharge[] {
    return (instanceId === undefined
      ? this.#all('SELECT * FROM settled')
      : this.#all('SELECT * FROM settled WHERE instance_id = ?', instanceId)
    ).map(toSettled);
  }

  session(): Session | undefined {
    const row = this.#one('SELECT value FROM meta WHERE name = ?', 'session');
    const [startedAt, seenAt] = String(row?.['value'] ?? '').split(' ').map(Number);
    return startedAt && seenAt ? { startedAt, seenAt } : undefined;
  }

  setSession(session: Session): void {
    this.#run('INSERT OR REPLACE INTO meta VALUES (?, ?)', 'session', `${session.startedAt} ${session.seenAt}`);
  }

  raise(name: string, value: number): boolean {
    const sql = 'INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > value';
    return this.#guarded(() => this.#db.prepare(sql).run(name, value)).changes > 0;
  }

  highest(name: string): number | undefined {
    const value = this.#one('SELECT value FROM mark WHERE name = ?', name)?.['value'];
    return value === undefined ? undefined : Number(value);
  }

  close(): void {
    if (!this.#closed) this.#db.close();
    this.#closed = true;
  }

  #launches(where: string, ...values: SQLInputValue[]): Launch[] {
    return this.#all(`SELECT * FROM launch ${where} ORDER BY created_at DESC, rowid DESC`, ...values).map(toLaunch);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#guarded(() => this.#db.prepare(sql).run(...values));
  }

  #one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guarded(() => this.#db.prepare(sql).get(...values));
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#guarded(() => this.#db.prepare(sql).all(...values));
  }

  #atomically(work: () => void): void {
    this.#guarded(() => this.#db.exec('BEGIN IMMEDIATE'));
    try {
      work();
      this.#guarded(() => this.#db.exec('COMMIT'));
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw isRentError(error) ? error : noJournal(error);
    }
  }
}
