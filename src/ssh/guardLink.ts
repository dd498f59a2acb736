/**
 * Talks to the guard on a machine over our own pinned connection. One connection for each machine is kept
 * between renewals; a guard does not count it as use. The machine may answer anything.
 */
import { isAbort, isRentError, RentError } from '../domain/errors.ts';
import type { GuardLink, GuardRenewal, GuardStatus } from '../domain/guard.ts';
import type { Endpoint } from '../domain/instance.ts';
import type { Clock, Disposable } from '../domain/ports.ts';
import type { ConnectOptions } from './connect.ts';
import type { ExecResult, SshConnection } from './connection.ts';
import { messageOf } from './files.ts';
import { orAbort, within } from './within.ts';

/** The guard's own language, which lives with the guard. */
export interface GuardDialect {
  /** One POSIX shell command that writes the renewal and prints the status. */
  command(alias: string, renewal: GuardRenewal): string;
  /** Undefined when what was printed holds no status of this machine's guard. */
  read(alias: string, printed: string): GuardStatus | undefined;
}

export interface GuardLinkParts {
  readonly connect: (options: ConnectOptions) => Promise<SshConnection>;
  /** Where the machine is now, best first; empty while it has no address. */
  readonly endpoints: (alias: string) => readonly Endpoint[];
  readonly dialect: GuardDialect;
  readonly clock: Clock;
}

/** All in all, dialling included: a renewal that takes longer is worth less than the next one. */
const answerMs = 30_000;
/** A connection that died unnoticed must leave time for a new one. */
const keptAnswerMs = 8_000;
const mostBytes = 64 * 1024;

interface Kept {
  readonly endpoint: Endpoint;
  readonly opening: Promise<SshConnection>;
}

export function createGuardLink({ connect, endpoints, dialect, clock }: GuardLinkParts): GuardLink & Disposable {
  const kept = new Map<string, Kept>();
  const ended = new AbortController();

  function drop(alias: string, one: Kept): void {
    if (kept.get(alias) === one) kept.delete(alias);
    one.opening.then((connection) => connection.close(), () => undefined);
  }

  /** Nobody's signal ends it: the next renewal may be waiting for the same connection. */
  function open(alias: string, to: Endpoint): Kept {
    const one: Kept = { endpoint: to, opening: connect({ alias, endpoint: to, signal: ended.signal }) };
    kept.set(alias, one);
    one.opening.then((connection) => connection.closed.then(() => drop(alias, one)), () => drop(alias, one));
    return one;
  }

  async function say(alias: string, script: string, signal: AbortSignal): Promise<ExecResult> {
    const addresses = endpoints(alias);
    const before = kept.get(alias);
    if (before !== undefined && addresses.some((one) => sameAddress(one, before.endpoint))) {
      try {
        return await within({ clock, ms: keptAnswerMs, signal, expired: late(alias) }, (inTime) => exec(before, script, inTime));
      } catch (error) {
        // A renewal may be said twice.
        drop(alias, before);
        if (isAbort(error) || signal.aborted) throw error;
      }
    } else if (before !== undefined) drop(alias, before);
    return dialEach(alias, addresses, script, signal);
  }

  async function dialEach(alias: string, addresses: readonly Endpoint[], script: string, signal: AbortSignal): Promise<ExecResult> {
    let first: unknown;
    for (const address of addresses) {
      const fresh = open(alias, address);
      try {
        return await exec(fresh, script, signal);
      } catch (error) {
        drop(alias, fresh);
        if (signal.aborted) throw error;
        first ??= error;
      }
    }
    throw first ?? new RentError('sshUnreachable', { detail: `${alias} has no address` });
  }

  return {
    async renew(alias, renewal, signal) {
      const ending = AbortSignal.any([signal, ended.signal]);
      try {
        const script = `${dialect.command(alias, renewal)}\n`;
        const { stdout } = await within({ clock, ms: answerMs, signal: ending, expired: late(alias) }, (inTime) => say(alias, script, inTime));
        return dialect.read(alias, stdout);
      } catch (error) {
        if (isAbort(error) || isRentError(error)) throw error;
        throw new RentError('sshUnreachable', { detail: messageOf(error), cause: error });
      }
    },
    dispose() {
      ended.abort();
      for (const [alias, one] of kept) drop(alias, one);
    },
  };
}

/** To `sh` on standard input: the login shell may be anything. */
async function exec({ opening }: Kept, script: string, signal: AbortSignal): Promise<ExecResult> {
  const connection = await orAbort(opening, signal);
  return connection.exec('exec sh -s', { input: script, signal, mostBytes });
}

const late = (alias: string) => () => new RentError('sshUnreachable', { detail: `${alias} did not answer in time` });

const sameAddress = (a: Endpoint, b: Endpoint): boolean => a.host === b.host && a.port === b.port && a.user === b.user;
