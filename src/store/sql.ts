/** The few ways in which the store speaks to SQLite; whatever goes wrong comes out as `noJournal`. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { isRentError, RentError } from '../domain/errors.ts';
import type { Row } from './rows.ts';

export const noJournal = (cause: unknown): RentError =>
  new RentError('noJournal', { cause, detail: cause instanceof Error ? cause.message : String(cause) });

export class Sql {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #inside = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** How many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return guarded(() => Number(this.#statement(sql).run(...values).changes));
  }

  one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return guarded(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return guarded(() => this.#statement(sql).all(...values));
  }

  /** All or nothing; no other window writes meanwhile. Inside another one it is a part of that. */
  atomically<T>(work: () => T): T {
    if (this.#inside) return work();
    guarded(() => this.#db.exec('BEGIN IMMEDIATE'));
    this.#inside = true;
    try {
      const result = work();
      guarded(() => this.#db.exec('COMMIT'));
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

  /** A full disk can have ended the transaction already. */
  #rollBack(): void {
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
