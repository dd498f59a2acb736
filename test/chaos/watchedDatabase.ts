/**
 * SQLite as a window meets it: a crash can come at any write, and the disk can be full. The disk is in memory, and
 * lasts until it is thrown away.
 */
import { writeFileSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncOptions, type StatementSync } from 'node:sqlite';

export interface DatabaseOwner {
  /** Throws when the window that says this is no more. */
  beforeRead(): void;
  /** Throws when it may not be written; `grows` where the disk needs room for it. */
  beforeWrite(grows: boolean): void;
  opened(database: { close(): void }): void;
}

let owner: DatabaseOwner | undefined;

/** Whoever opens a database now owns it. */
export function ownDatabases(next: DatabaseOwner | undefined): void {
  owner = next;
}

/** One file, while no window has it open too. */
interface Disk {
  readonly address: string;
  readonly keeper: DatabaseSync;
  writes: number;
}

const disks = new Map<string, Disk>();

export function throwDisksAway(): void {
  for (const { keeper } of disks.values()) keeper.close();
  disks.clear();
}

function diskOf(file: string): Disk {
  const known = disks.get(file);
  if (known !== undefined) return known;
  // Whoever opens it looks after the file's permissions.
  writeFileSync(file, '');
  const address = `file:${file}?vfs=memdb`;
  const disk: Disk = { address, keeper: new DatabaseSync(address), writes: 0 };
  disks.set(file, disk);
  return disk;
}

const isWrite = (sql: string): boolean => /^\s*(insert|update|delete|replace|begin|create|alter|drop|commit)\b/i.test(sql);
/** What asks the disk for room; a commit has nothing to add where the writes before it were refused. */
const grows = (sql: string): boolean => !/^\s*(begin|commit)\b/i.test(sql);

export class WatchedDatabase extends DatabaseSync {
  readonly #owner = owner;
  readonly #disk: Disk;
  readonly #statements = new Map<string, StatementSync>();
  #ownWrites = 0;

  constructor(file: string, options: DatabaseSyncOptions) {
    owner?.beforeRead();
    const disk = diskOf(file);
    super(disk.address, options);
    this.#disk = disk;
    this.#owner?.opened({ close: () => this.isOpen && this.close() });
  }

  /** Its statements hold it, and it holds them: nothing else lets go of either. */
  override close(): void {
    this.#statements.clear();
    super.close();
  }

  override exec(sql: string): void {
    this.#ask(sql, isWrite(sql));
    super.exec(sql);
  }

  override prepare(sql: string): StatementSync {
    this.#owner?.beforeRead();
    // Kept, because a simulation lives its days in milliseconds.
    const statement = this.#statements.get(sql) ?? this.#watched(super.prepare(sql), sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #ask(sql: string, write: boolean): void {
    if (!write) return this.#owner?.beforeRead();
    this.#owner?.beforeWrite(grows(sql));
    this.#ownWrites++;
    this.#disk.writes++;
  }

  #watched(statement: StatementSync, sql: string): StatementSync {
    const write = isWrite(sql);
    for (const name of ['run', 'get', 'all'] as const) {
      const carryOut = sql === 'PRAGMA data_version' ? () => this.#version() : (statement[name].bind(statement) as (...values: unknown[]) => unknown);
      Object.defineProperty(statement, name, { value: (...values: unknown[]) => {
        this.#ask(sql, write);
        return carryOut(...values);
      } });
    }
    return statement;
  }

  /** As SQLite's own, which is asked too often for a simulation: it changes when another connection has written. */
  #version(): { data_version: number } {
    return { data_version: this.#disk.writes - this.#ownWrites };
  }
}
