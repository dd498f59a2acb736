/** Whether a window's process still runs. A crash can come at any call it makes to the outside. */
import { isWrite, type DatabaseOwner } from './watchedDatabase.ts';

export class Life implements DatabaseOwner {
  readonly #databases: { close(): void }[] = [];
  readonly #ends: (() => void)[] = [];
  #callsLeft = Infinity;
  #over = false;
  diskFull = false;
  calls = 0;

  get over(): boolean {
    return this.#over;
  }

  /** At once when it is over already. */
  onEnd(tell: () => void): void {
    if (this.#over) tell();
    else this.#ends.push(tell);
  }

  /** The process dies at its n-th call to the outside from now. */
  crashAfter(calls: number): void {
    this.#callsLeft = calls;
  }

  /** One call to the outside, or its return. False: the process has died, and nothing of it goes on. */
  goesOn(): boolean {
    if (this.#over) return false;
    this.calls++;
    if (--this.#callsLeft <= 0) this.end();
    return !this.#over;
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    // What was not committed is lost, as when a process dies.
    for (const database of this.#databases) database.close();
    for (const tell of this.#ends) tell();
  }

  beforeStatement(sql: string): void {
    if (!this.goesOn()) throw new Error('this window has crashed');
    if (this.diskFull && isWrite(sql)) throw new Error('database or disk is full');
  }

  opened(database: { close(): void }): void {
    this.#databases.push(database);
  }
}

/** What a dead process waits for. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
