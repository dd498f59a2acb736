/**
 * SQLite as a window meets it: a crash can come at any write, and the disk can be full. The disk is in memory, and
 * lasts until it is thrown away.
 */
import { writeFileSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncOptions, type StatementSync } from 'node:sqlite';

export interface DatabaseOwner {
  /** Throws when the window that says this is no more. */
  beforeRead(): void;
  /** Throws when it may not be written. */
  beforeWrite(): void;
  opened(database: { close(): void }): void;
}

let owner: DatabaseOwner | undefined;

/** Whoever opens a database now owns it. */
export function ownDatabases(next: DatabaseOwner | undefined): void {
  owner = next;
}

/** What keeps each file's content while no window has it open. */
const disks = new Map<string, DatabaseSync>();

export function throwDisksAway(): void {
  for (const disk of disks.values()) disk.close();
  disks.clear();
}

function inMemory(file: string): string {
  const address = `file:${file}?vfs=memdb`;
  if (!disks.has(address)) {
    // Whoever opens it looks after the file's permissions.
    writeFileSync(file, '');
    disks.set(address, new DatabaseSync(address));
  }
  return address;
}

const isWrite = (sql: string): boolean => /^\s*(insert|update|delete|replace|begin|create|alter|drop)\b/i.test(sql);

export class WatchedDatabase extends DatabaseSync {
  readonly #owner = owner;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, options: DatabaseSyncOptions) {
    owner?.beforeRead();
    super(inMemory(file), options);
    this.#owner?.opened({ close: () => this.isOpen && super.close() });
  }

  override exec(sql: string): void {
    this.#ask(sql);
    super.exec(sql);
  }

  override prepare(sql: string): StatementSync {
    // Kept, because a simulation lives its days in milliseconds.
    const statement = this.#statements.get(sql) ?? this.#watched(super.prepare(sql), sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #ask(sql: string): void {
    // A commit is what makes a piece of work last.
    if (isWrite(sql) || sql === 'COMMIT') this.#owner?.beforeWrite();
    else this.#owner?.beforeRead();
  }

  #watched(statement: StatementSync, sql: string): StatementSync {
    if (this.#owner === undefined) return statement;
    for (const name of ['run', 'get', 'all'] as const) {
      const carryOut = statement[name].bind(statement) as (...values: unknown[]) => unknown;
      Object.defineProperty(statement, name, { value: (...values: unknown[]) => {
        this.#ask(sql);
        return carryOut(...values);
      } });
    }
    return statement;
  }
}
