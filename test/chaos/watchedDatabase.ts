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
    const owner = this.#owner;
    // Kept, because a simulation lives its days in milliseconds.
    const statement = this.#statements.get(sql) ?? super.prepare(sql);
    this.#statements.set(sql, statement);
    if (owner === undefined) return statement;
    return new Proxy(statement, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...values: unknown[]): unknown => {
          owner.beforeStatement(sql);
          return member.apply(target, values);
        };
      },
    });
  }
}
