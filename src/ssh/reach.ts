/**
 * Waits until a machine can be worked on. Machines answer late, ports move and providers hand out
 * stale addresses, so nearly everything is tried again; a host key other than the pinned one never is.
 */
import { isRentError, RentError } from '../domain/errors.ts';
import type { Endpoint } from '../domain/instance.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { MachineReport, PinnedBy, ReachOptions, ReachStep } from '../domain/ssh.ts';
import { dial } from './dial.ts';
import { messageOf } from './files.ts';
import { checkedAlias, endpointText, isUsable } from './grammar.ts';
import type { OwnKey } from './keys.ts';
import { fingerprint, type HostKey, type KnownHosts } from './knownHosts.ts';
import { probe } from './probe.ts';
import { createTally } from './tally.ts';
import { watchLog, type Witness } from './witness.ts';
import { orAbort, within } from './within.ts';

export interface ReachParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly key: OwnKey;
  readonly knownHosts: KnownHosts;
  /** Where work would best happen; the home folder is tried last by itself. */
  readonly folders: readonly string[];
}

const waits = [1000, 2000, 3000, 5000];
export const waitBefore = (attempt: number): number => waits[Math.min(attempt, waits.length) - 1] ?? 0;

export async function reach(options: ReachOptions, parts: ReachParts): Promise<MachineReport> {
  checkedAlias(options.alias);
  const { clock } = parts;
  let last: unknown;
  const expired = () => new RentError('sshUnreachable', { detail: describe(last), cause: last });
  const reading = new AbortController();
  const visiting = within({ clock, ms: options.timeoutMs, signal: options.signal, expired }, async (signal) => {
    const visit = visitor(options, parts, signal, await witnessOf(options, parts, reading.signal));
    const tally = createTally(clock);
    for (let attempt = 1; ; attempt++) {
      const candidates = tally.candidates(await orAbort(addresses(options, (error) => (last = error)), signal));
      if (candidates.length === 0) {
        visit.step('waitingForAddress');
        last ??= new RentError('sshUnreachable', { detail: 'the provider gave no address' });
      }
      for (const endpoint of candidates) {
        try {
          return await visit.machine(endpoint);
        } catch (error) {
          signal.throwIfAborted();
          if (isRentError(error, 'sshConfig') || (isRentError(error, 'hostKeyChanged') && visit.pinned())) throw error;
          last = error;
          parts.log.debug(`SSH to ${options.alias}, try ${attempt}: ${describe(error)}`);
          tally.failed(endpoint, error);
        }
      }
      await clock.sleep(waitBefore(attempt), signal);
    }
  });
  return visiting.finally(() => reading.abort());
}

/** Undefined where a key is pinned already, or nothing could vouch for one. */
async function witnessOf({ alias, machineLog }: ReachOptions, { knownHosts, clock, log }: ReachParts, signal: AbortSignal) {
  if (machineLog === undefined || (await knownHosts.pinOf(alias)) !== undefined) return undefined;
  return watchLog({ machineLog, alias, past: await knownHosts.past(alias), clock, log, signal });
}

/** Not hearing from the provider, or hearing nonsense, is like having no address; any other error is final. */
async function addresses(options: ReachOptions, note: (error: unknown) => void): Promise<readonly Endpoint[]> {
  try {
    return (await options.endpoints()).filter((endpoint) => {
      if (isUsable(endpoint)) return true;
      note(new RentError('badResponse', { detail: 'the provider gave an address that is none' }));
      return false;
    });
  } catch (error) {
    if (!isRentError(error, 'network', 'serverError', 'rateLimited', 'badResponse')) throw error;
    note(error);
    return [];
  }
}

function visitor({ alias, onStep }: ReachOptions, parts: ReachParts, signal: AbortSignal, witness: Witness | undefined) {
  const { clock, log, key, knownHosts, folders } = parts;
  let pinnedNow = false;
  let hasPin = false;
  let shownStep: ReachStep | undefined;
  const step = (now: ReachStep) => {
    if (now !== shownStep) onStep(now);
    shownStep = now;
  };

  async function machine(endpoint: Endpoint): Promise<MachineReport> {
    step('waitingForSsh');
    const pinned = await knownHosts.pinned(alias);
    hasPin = pinned !== undefined;
    const objection = (shown: HostKey) => (witness?.now(shown) === 'refused' ? notNamed(shown) : undefined);
    const connection = await dial({ endpoint, privateKey: key.privateKey, pinned: pinned?.key, objection, clock, signal, onStep: step });
    try {
      const pinnedBy = pinned?.by ?? (await pin(connection.hostKey, endpoint));
      return { endpoint, pinnedNow, pinnedBy, ...(await probe(connection, folders, clock, signal)) };
    } finally {
      await connection.close();
    }
  }

  /**
   * Only after our key was taken: whoever else sits at a stale address does not know it. Nothing is said on the
   * connection until the log had its time to speak.
   */
  async function pin(hostKey: HostKey, endpoint: Endpoint): Promise<PinnedBy> {
    if (witness !== undefined) step('checkingHostKey');
    const by = witness === undefined ? 'firstUse' : await witness.last(hostKey, signal);
    if (by === 'refused') throw notNamed(hostKey);
    const outcome = await knownHosts.pin(alias, hostKey, by);
    hasPin = true;
    if (outcome === 'other') throw new RentError('hostKeyChanged', { detail: `shown ${fingerprint(hostKey)}` });
    if (outcome === 'pinned') {
      pinnedNow = true;
      const how = by === 'log' ? 'which its log names' : 'on first contact';
      log.info(`Pinned ${fingerprint(hostKey)} for ${alias} at ${endpointText(endpoint)}, ${how}`);
    }
    return (await knownHosts.pinned(alias))?.by ?? by;
  }

  return { step, machine, pinned: () => hasPin };
}

const notNamed = (shown: HostKey) =>
  new RentError('hostKeyChanged', { detail: `the machine shows ${fingerprint(shown)}, and its log names another host key` });

const describe = (error: unknown): string => {
  if (error === undefined) return 'nothing answered in time';
  return error instanceof RentError ? (error.detail ?? error.code) : messageOf(error);
};
