import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import { mayBill, predecessors, type Launch, type LaunchState, type Limits } from '../domain/launch.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Absence, Errand, Hearing, Holders, Holding, Interval, Session, SettledCharge, Sighting, Store } from '../domain/store.ts';
import { createHolders } from './holders.ts';
import { migrate } from './schema.ts';
import { toAbsence, toErrand, toHearing, toInterval, toLaunch, toSettled, toSighting } from './rows.ts';
import { noJournal, Sql } from './sql.ts';

/** A launch that is not ready yet blocks the same offer for this long: two clicks or two windows mean one machine. */
const inFlightMs = 5 * 60_000;

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
    return new SqliteStore(db, now);
  } catch (error) {
    throw noJournal(error);
  }
}

/** Apart from the names that are the store's own. */
const noteName = (name: string): string => `note ${name}`;

class SqliteStore implements Store {
  readonly install: string;
  readonly #sql: Sql;
  readonly #holders: Holders;
  readonly #now: () => number;
  #closed = false;
  #version: unknown;

  constructor(db: DatabaseSync, now: () => number) {
    this.#sql = new Sql(db);
    this.#now = now;
    this.#holders = createHolders(this.#sql, now);
    this.install = this.#installed() ?? this.#newInstall();
  }

  #installed(): string | undefined {
    return this.#sql.one('SELECT value FROM meta WHERE name = ?', 'install')?.['value']?.toString();
  }

  /** Two windows may open a new file at once: the first name stays. */
  #newInstall(): string {
    const name = randomBytes(3).toString('hex');
    this.#sql.run('INSERT OR IGNORE INTO meta VALUES (?, ?)', 'install', name);
    return this.#installed() ?? name;
  }

  intend(launch: Launch): void {
    this.#sql.atomically(() => {
      const rival = this.#sql.one(
        `SELECT id FROM launch WHERE offer_id = ? AND state IN ('intent', 'sent', 'uncertain', 'created') AND changed_at > ?`,
        launch.offerId,
        this.#now() - inFlightMs,
      );
      if (rival) throw new RentError('inFlight', { detail: String(rival['id']) });
      this.#sql.run(
        'INSERT INTO launch (id, provider, offer_id, state, instance_id, quote, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        launch.id, launch.provider, launch.offerId, launch.state, launch.instanceId ?? null, JSON.stringify(launch.quote),
        launch.createdAt, launch.changedAt,
      );
    });
  }

  mark(id: string, state: LaunchState, instanceId?: InstanceId): boolean {
    const from = predecessors(state);
    const now = this.#now();
    const changed = this.#sql.run(
      `UPDATE launch SET state = ?, instance_id = coalesce(?, instance_id), changed_at = ?, ready_at = coalesce(ready_at, ?)
         WHERE id = ? AND state IN (${from.map(() => '?').join(', ')})`,
      state, instanceId ?? null, now, state === 'ready' ? now : null, id, ...from,
    );
    return changed > 0;
  }

  setLimits(id: string, limits: Limits): void {
    this.#sql.run(`UPDATE launch SET quote = json_set(quote, '$.limits', json(?)) WHERE id = ?`, JSON.stringify(limits), id);
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

  errands(): readonly Errand[] {
    return this.#sql.all('SELECT * FROM errand', toErrand);
  }

  setErrand(instanceId: InstanceId, wish: Errand['wish'] | undefined): void {
    if (wish === undefined) this.#sql.run('DELETE FROM errand WHERE instance_id = ?', instanceId);
    else this.#sql.run('INSERT OR REPLACE INTO errand VALUES (?, ?)', instanceId, wish);
  }

  anythingLive(): boolean {
    const live = mayBill.map((state) => `'${state}'`).join(', ');
    return this.#sql.one(
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM sighting WHERE departed = 0) OR EXISTS (SELECT 1 FROM errand)
         OR EXISTS (SELECT 1 FROM launch WHERE state IN (${live}))`,
    ) !== undefined;
  }

  sightings(): readonly Sighting[] {
    return this.#sql.all('SELECT * FROM sighting WHERE departed = 0 ORDER BY instance_id', toSighting);
  }

  keep({ seen, at }: Sighting): boolean {
    return this.#sql.run(
      `INSERT INTO sighting VALUES (?, ?, ?, 0)
         ON CONFLICT (instance_id) DO UPDATE SET seen = excluded.seen, at_ms = excluded.at_ms, departed = 0
         WHERE excluded.at_ms > at_ms OR (departed = 0 AND excluded.at_ms = at_ms)`,
      seen.id, JSON.stringify(seen), at,
    ) > 0;
  }

  depart(id: InstanceId, at: number): void {
    this.#sql.run(
      `INSERT INTO sighting VALUES (?, NULL, ?, 1) ON CONFLICT (instance_id) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms), departed = 1`,
      id, at,
    );
  }

  labelOf(id: InstanceId): string | undefined {
    const label = this.#sql.one(`SELECT json_extract(seen, '$.label') AS label FROM sighting WHERE instance_id = ?`, id)?.['label'];
    return typeof label === 'string' ? label : undefined;
  }

  absence(launchId: string): Absence | undefined {
    const row = this.#sql.one('SELECT * FROM absence WHERE launch_id = ?', launchId);
    return row && toAbsence(row);
  }

  setAbsence(launchId: string, absence: Absence | undefined): void {
    if (absence === undefined) this.#sql.run('DELETE FROM absence WHERE launch_id = ?', launchId);
    else this.#sql.run('INSERT OR REPLACE INTO absence VALUES (?, ?, ?, ?)', launchId, absence.looks, absence.since, absence.last);
  }

  hearings(): readonly Hearing[] {
    return this.#sql.all('SELECT * FROM hearing', toHearing);
  }

  hear({ provider, at, problem }: Hearing): void {
    this.#sql.run('INSERT OR REPLACE INTO hearing VALUES (?, ?, ?)', provider, at, problem ?? null);
  }

  hold(provider: ProviderId, owner: string, insist: boolean): Holding | undefined {
    return this.#holders.hold(provider, owner, insist);
  }

  stillHeld(holding: Holding): boolean {
    return this.#holders.stillHeld(holding);
  }

  holder(provider: ProviderId): string | undefined {
    return this.#holders.holder(provider);
  }

  release(owner: string): void {
    this.#holders.release(owner);
  }

  last(instanceId: InstanceId): Interval | undefined {
    const row = this.#sql.one('SELECT * FROM interval WHERE instance_id = ? ORDER BY start_ms DESC, rowid DESC LIMIT 1', instanceId);
    return row && toInterval(row);
  }

  append(interval: Interval): void {
    this.#sql.run('INSERT INTO interval VALUES (?, ?, ?, ?)', interval.instanceId, interval.from, interval.to, interval.rate);
  }

  amend(interval: Interval): void {
    this.#sql.run(
      `UPDATE interval SET end_ms = ? WHERE rowid =
         (SELECT rowid FROM interval WHERE instance_id = ? AND start_ms = ? AND rate_micro = ? ORDER BY rowid DESC LIMIT 1)`,
      interval.to, interval.instanceId, interval.from, interval.rate,
    );
  }

  intervals(instanceId?: InstanceId): readonly Interval[] {
    return instanceId === undefined
      ? this.#sql.all('SELECT * FROM interval', toInterval)
      : this.#sql.all('SELECT * FROM interval WHERE instance_id = ?', toInterval, instanceId);
  }

  settle(charges: readonly SettledCharge[]): void {
    this.#sql.atomically(() => {
      for (const charge of charges) {
        this.#sql.run('INSERT OR REPLACE INTO settled VALUES (?, ?, ?, ?)', charge.instanceId, charge.from, charge.to, charge.amount);
      }
    });
  }

  settled(instanceId?: InstanceId): readonly SettledCharge[] {
    return instanceId === undefined
      ? this.#sql.all('SELECT * FROM settled', toSettled)
      : this.#sql.all('SELECT * FROM settled WHERE instance_id = ?', toSettled, instanceId);
  }

  turn(instanceId: InstanceId): number | undefined {
    const row = this.#sql.one('SELECT at_ms FROM turn WHERE instance_id = ?', instanceId);
    return row && Number(row['at_ms']);
  }

  setTurn(instanceId: InstanceId, at: number | undefined): void {
    if (at === undefined) this.#sql.run('DELETE FROM turn WHERE instance_id = ?', instanceId);
    else this.#sql.run('INSERT OR REPLACE INTO turn VALUES (?, ?)', instanceId, at);
  }

  session(): Session | undefined {
    const row = this.#sql.one('SELECT value FROM meta WHERE name = ?', 'session');
    const [startedAt, seenAt] = String(row?.['value'] ?? '').split(' ').map(Number);
    return startedAt && seenAt ? { startedAt, seenAt } : undefined;
  }

  setSession(session: Session): void {
    this.#sql.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', 'session', `${session.startedAt} ${session.seenAt}`);
  }

  atomically<T>(work: () => T): T {
    return this.#sql.atomically(work);
  }

  changedElsewhere(): boolean {
    const before = this.#version;
    this.#version = this.#sql.version;
    return before !== undefined && before !== this.#version;
  }

  note(name: string): string | undefined {
    return this.#sql.one('SELECT value FROM meta WHERE name = ?', noteName(name))?.['value']?.toString();
  }

  setNote(name: string, value: string): void {
    this.#sql.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', noteName(name), value);
  }

  raise(name: string, value: number): boolean {
    const sql = 'INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE excluded.value > value';
    return this.#sql.run(sql, name, value) > 0;
  }

  highest(name: string): number | undefined {
    const value = this.#sql.one('SELECT value FROM mark WHERE name = ?', name)?.['value'];
    return value === undefined ? undefined : Number(value);
  }

  close(): void {
    if (!this.#closed) this.#sql.close();
    this.#closed = true;
  }

  #launches(where: string, ...values: SQLInputValue[]): readonly Launch[] {
    return this.#sql.all(`SELECT * FROM launch ${where} ORDER BY created_at DESC, rowid DESC`, toLaunch, ...values);
  }
}
