/**
 * The connections to one machine. A server allows ten sessions on a connection (sshd's MaxSessions), so there may be
 * several; each is opened when there is no room on those that are, and forgotten when it ends.
 */
import { createEmitter } from '../../domain/emitter.ts';
import { isAbort, RentError } from '../../domain/errors.ts';
import type { Endpoint } from '../../domain/instance.ts';
import type { LinkState } from '../../domain/machineLink.ts';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import type { ConnectOptions } from '../connect.ts';
import { NotOpened, type SshConnection } from '../connection.ts';
import { messageOf } from '../files.ts';
import { orAbort } from '../within.ts';

export interface LineParts {
  readonly alias: string;
  readonly connect: (options: ConnectOptions) => Promise<SshConnection>;
  /** Where the machine is now, best first; empty while it has no address. */
  readonly endpoints: () => readonly Endpoint[];
  readonly clock: Clock;
  readonly log: Log;
}

interface Member {
  readonly opening: Promise<SshConnection>;
  connection?: SshConnection;
  /** Sessions that are open or being opened. */
  inUse: number;
  most: number;
}

/** Two less than sshd allows: its count goes down a little after ours. */
const usualMost = 8;
const mostConnections = 4;
/** Seconds between tries to come back, while somebody waits for it. */
const backOff = [1, 2, 4, 8, 15, 30] as const;

export class Line implements Disposable {
  readonly #parts: LineParts;
  /** In the order in which they were opened. */
  readonly #members: Member[] = [];
  readonly #changed = createEmitter<LinkState>();
  readonly #ended = new AbortController();
  readonly onDidChange = this.#changed.event;
  #state: LinkState = { kind: 'idle' };
  #held = 0;
  #mending = false;

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** For what is no session, such as a forwarded port. */
  async connection(signal?: AbortSignal): Promise<SshConnection> {
    return this.#opened(this.#standing()[0] ?? this.#dial(), signal);
  }

  /**
   * Opens a session where there is room. Only an opening that ran nothing is tried again. `closed` tells when its place
   * is free.
   */
  async session<T>(open: (connection: SshConnection) => Promise<T>, closed: (opened: T) => Promise<unknown>, signal?: AbortSignal): Promise<T> {
    for (let tries = 1; ; tries++) {
      const member = await this.#withRoom(signal);
      member.inUse++;
      const leave = (): void => void member.inUse--;
      try {
        const opened = await open(await this.#opened(member, signal));
        closed(opened).then(leave, leave);
        return opened;
      } catch (error) {
        leave();
        if (!(error instanceof NotOpened) || tries > 2) throw error;
        // A server that stands and opens no more allows fewer than is usual.
        if (member.inUse > 0) member.most = member.inUse;
        else this.drop(member.connection);
      }
    }
  }

  /** Gives a connection up: it does not answer, whatever it says of itself. */
  drop(connection: SshConnection | undefined): void {
    const at = this.#members.findIndex((one) => one.connection === connection);
    if (connection === undefined || at < 0) return;
    this.#members.splice(at, 1);
    void connection.close();
    this.#afterLoss(new RentError('sshUnreachable', { detail: `${this.#parts.alias} does not answer` }));
  }

  hold(): Disposable {
    this.#held++;
    let released = false;
    return {
      dispose: () => {
        if (!released) this.#held--;
        released = true;
      },
    };
  }

  dispose(): void {
    this.#ended.abort();
    for (const { opening } of this.#members.splice(0)) opening.then((connection) => connection.close(), () => undefined);
  }

  /** Connections to where the machine no longer is are closed. */
  #standing(): Member[] {
    const now = this.#parts.endpoints();
    const stale = this.#members.filter(({ connection }) => connection !== undefined && !now.some((one) => sameAddress(one, connection.endpoint)));
    for (const one of stale) {
      this.#members.splice(this.#members.indexOf(one), 1);
      void one.connection?.close();
    }
    return this.#members;
  }

  async #withRoom(signal: AbortSignal | undefined): Promise<Member> {
    for (;;) {
      const standing = this.#standing();
      const free = standing.find(({ inUse, most }) => inUse < most);
      if (free !== undefined) return free;
      if (standing.length < mostConnections) return this.#dial();
      await this.#parts.clock.sleep(200, signal);
    }
  }

  /** Nobody's signal ends the dialling: the next caller may be waiting for the same connection. */
  #dial(): Member {
    const member: Member = { opening: this.#dialEach(), inUse: 0, most: usualMost };
    this.#members.push(member);
    if (this.#state.kind === 'idle') this.#become({ kind: 'connecting' });
    const forget = (): boolean => {
      const at = this.#members.indexOf(member);
      if (at >= 0) this.#members.splice(at, 1);
      return at >= 0;
    };
    member.opening.then(
      (connection) => {
        member.connection = connection;
        this.#become({ kind: 'connected' });
        void connection.closed.then(() => forget() && this.#afterLoss(new RentError('sshUnreachable', { detail: 'the connection was lost' })));
      },
      (error: unknown) => forget() && this.#afterLoss(error instanceof Error ? error : new Error(messageOf(error))),
    );
    return member;
  }

  async #dialEach(): Promise<SshConnection> {
    const { alias, endpoints, connect } = this.#parts;
    let first: unknown;
    for (const endpoint of endpoints()) {
      try {
        return await connect({ alias, endpoint, signal: this.#ended.signal });
      } catch (error) {
        if (this.#ended.signal.aborted) throw error;
        first ??= error;
      }
    }
    throw first ?? new RentError('sshUnreachable', { detail: `${alias} has no address` });
  }

  async #opened({ opening }: Member, signal: AbortSignal | undefined): Promise<SshConnection> {
    return signal === undefined ? opening : orAbort(opening, signal);
  }

  #afterLoss(reason: Error): void {
    if (this.#ended.signal.aborted || this.#members.some(({ connection }) => connection !== undefined)) return;
    if (this.#held > 0) void this.#mend();
    if (this.#held === 0 && this.#state.kind === 'connected') return this.#become({ kind: 'idle' });
    const since = this.#state.kind === 'lost' ? this.#state.since : this.#parts.clock.now();
    this.#become({ kind: 'lost', since, reason });
  }

  async #mend(): Promise<void> {
    if (this.#mending) return;
    this.#mending = true;
    try {
      for (let tries = 0; this.#held > 0; tries++) {
        await this.#parts.clock.sleep(1000 * (backOff[tries] ?? 30), this.#ended.signal);
        if (this.#held === 0) break;
        const back = await this.connection().then(() => true, () => false);
        if (back) return;
      }
      this.#become({ kind: 'idle' });
    } catch (error) {
      if (!isAbort(error)) throw error;
    } finally {
      this.#mending = false;
    }
  }

  #become(state: LinkState): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind === state.kind) return;
    if (state.kind === 'lost') this.#parts.log.warn(`${this.#parts.alias} cannot be reached`, state.reason);
    this.#changed.fire(state);
  }
}

const sameAddress = (a: Endpoint, b: Endpoint): boolean => a.host === b.host && a.port === b.port && a.user === b.user;
