/** The few ways in which the store speaks to SQLite; whatever goes wrong comes out as `noJournal`. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { isRentError, RentError } from '../domain/errors.ts';
import type { Row } from './rows.ts';

export const noJournal = (cause: unknown): RentError =>
  new RentError('noJournal', { cause, detail: cause instanceof Error ? cause.message : String(cause) });

export class Sql {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** What was read since the last write, of any window: every look asks the same a dozen times. */
  readonly #read = new Map<string, unknown>();
  #version: unknown;
  #inside = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** How many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    this.#read.clear();
    return guarded(() => Number(this.#statement(sql).run(...values).changes));
  }

  one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.all(sql, (row) => row, ...values)[0];
  }

  /** The same array as before while nothing was written. */
  all<T>(sql: string, read: (row: Row) => T, ...values: SQLInputValue[]): readonly T[] {
    return guarded(() => {
      this.#forgetOld();
      const key = [sql, ...values].join('\0');
      const known = this.#read.get(key) as readonly T[] | undefined;
      if (known !== undefined) return known;
      const rows = this.#statement(sql).all(...values).map(read);
      this.#read.set(key, rows);
      return rows;
    });
  }

  /** Another number than before when another connection has committed something. */
  get version(): unknown {
    return guarded(() => this.#statement('PRAGMA data_version').get()?.['data_version']);
  }

  /** All or nothing; no other window writes meanwhile. Inside another one it is a part of that. */
  atomically<T>(work: () => T): T {
    if (this.#inside) return work();
    guarded(() => this.#statement('BEGIN IMMEDIATE').run());
    this.#inside = true;
    try {
      const result = work();
      guarded(() => this.#statement('COMMIT').run());
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      this.#inside = false;
    }
  }

  close(): void {
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #forgetOld(): void {
    const { version } = this;
    if (version !== this.#version) this.#read.clear();
    this.#version = version;
  }

  /** A full disk can have ended the transaction already. */
  #rollBack(): void {
    this.#read.clear();
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // The first error is the one to tell.
    }
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isRentError(error) ? error : noJournal(error);
  }
}
