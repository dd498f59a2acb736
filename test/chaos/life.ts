/** Whether a window's process still runs. A crash can come at any call it makes to the outside. */
import type { DatabaseOwner } from './watchedDatabase.ts';

/** What code of a dead window still gets to see, because a call that is no promise has to end somehow. */
export class Crashed extends Error {
  override readonly name = 'Crashed';
}

export class Life implements DatabaseOwner {
  readonly #databases: { close(): void }[] = [];
  #keepsBooks = false;
  readonly #ends: (() => void)[] = [];
  #callsLeft = Infinity;
  #requestsLeft = Infinity;
  #atRequest: () => void = () => undefined;
  #over = false;
  diskFull = false;

  get over(): boolean {
    return this.#over;
  }

  /** Whether it has a journal that can fail it. */
  get keepsBooks(): boolean {
    return this.#keepsBooks;
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

  /** Something happens to it when its n-th request from now has left. */
  atRequest(requests: number, act: () => void): void {
    this.#requestsLeft = requests;
    this.#atRequest = act;
  }

  requested(): void {
    if (--this.#requestsLeft === 0) this.#atRequest();
  }

  /** Nothing happens to it any more that was to come. */
  spare(): void {
    this.#callsLeft = Infinity;
    this.#requestsLeft = Infinity;
  }

  /** One call to the outside, or its return. False: the process has died, and nothing of it goes on. */
  goesOn(): boolean {
    if (this.#over) return false;
    if (--this.#callsLeft <= 0) this.end();
    return !this.#over;
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    // What was not committed is lost, as when a process dies.
    for (const database of this.#databases.splice(0)) database.close();
    for (const tell of this.#ends.splice(0)) tell();
  }

  /** Dying at a read is dying after the write before it, so reads do not count. */
  beforeRead(): void {
    if (this.#over) throw new Crashed('this window has crashed');
  }

  beforeWrite(grows: boolean): void {
    if (!this.goesOn()) throw new Crashed('this window has crashed');
    if (this.diskFull && grows) throw new Error('database or disk is full');
  }

  opened(database: { close(): void }): void {
    this.#databases.push(database);
    this.#keepsBooks = true;
  }
}

/** Whether an error is only how a dead window ends. */
export const isCrash = (error: unknown): boolean => error instanceof Crashed || (error instanceof Error && error.cause !== undefined && isCrash(error.cause));

/** What a dead process waits for. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
