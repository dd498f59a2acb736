/** SQLite as a window meets it: a crash can come at any statement, and the disk can be full. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';

export interface DatabaseOwner {
  /** Throws when the statement may not run. */
  beforeStatement(sql: string): void;
  opened(database: { close(): void }): void;
}

let owner: DatabaseOwner | undefined;

/** Whoever opens a database now owns it. */
export function ownDatabases(next: DatabaseOwner | undefined): void {
  owner = next;
}

export const isWrite = (sql: string): boolean => /^\s*(insert|update|delete|replace|begin|create|alter|drop)\b/i.test(sql);

export class WatchedDatabase extends DatabaseSync {
  readonly #owner = owner;
  readonly #statements = new Map<string, StatementSync>();

  constructor(...given: ConstructorParameters<typeof DatabaseSync>) {
    owner?.beforeStatement('open');
    super(...given);
    this.#owner?.opened({ close: () => super.close() });
  }

  override exec(sql: string): void {
    this.#owner?.beforeStatement(sql);
    super.exec(sql);
  }

  override prepare(sql: string): StatementSync {
    // Kept, because a simulation lives its days in milliseconds.
    const statement = this.#statements.get(sql) ?? watched(super.prepare(sql), sql, this.#owner);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function watched(statement: StatementSync, sql: string, owner: DatabaseOwner | undefined): StatementSync {
  if (owner === undefined) return statement;
  for (const name of ['run', 'get', 'all'] as const) {
    const carryOut = statement[name].bind(statement) as (...values: unknown[]) => unknown;
    Object.defineProperty(statement, name, { value: (...values: unknown[]) => {
      owner.beforeStatement(sql);
      return carryOut(...values);
    } });
  }
  return statement;
}
