/**
 * Reads a machine's log beside the waiting for SSH until it says something of the host key that was shown. It never
 * holds anything up for long: a log that says nothing in time leaves the key to first use.
 */
import type { Clock, Log } from '../domain/ports.ts';
import type { MachineLog, PinnedBy } from '../domain/ssh.ts';
import { messageOf } from './files.ts';
import type { HostKey } from './knownHosts.ts';
import { type NamedKey, namedKeys, wordOn, type Word } from './namedKeys.ts';

export interface Witness {
  /** What the log says of a key by now. */
  now(key: HostKey): Word;
  /** Its last word: waits while it is silent, and then leaves it at first use. */
  last(key: HostKey, signal: AbortSignal): Promise<PinnedBy | 'refused'>;
}

export interface WitnessOptions {
  readonly machineLog: MachineLog;
  /** The launch id. */
  readonly alias: string;
  /** Fingerprints of the keys before our own restarts. */
  readonly past: ReadonlySet<string>;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** Milliseconds. Vast publishes a log only half a minute after the machine is up. */
export const witnessLimits = { between: 5_000, unread: 60_000, silent: 20_000, look: 1_000 };

export function watchLog({ machineLog, alias, past, clock, log, signal }: WitnessOptions): Witness {
  const since = clock.now();
  let named: readonly NamedKey[] = [];
  /** When the last reading began that brought anything. */
  let readFrom: number | undefined;

  async function read(): Promise<void> {
    const from = clock.now();
    const text = await machineLog.read(signal);
    if (text.trim() === '') return;
    named = namedKeys(text, alias, machineLog.fingerprints);
    readFrom = from;
  }

  async function readOn(): Promise<void> {
    while (!signal.aborted) {
      await read().catch((error: unknown) => {
        if (!signal.aborted) log.debug(`The log of ${alias} could not be read: ${messageOf(error)}`);
      });
      await clock.sleep(witnessLimits.between, signal);
    }
  }
  readOn().catch(() => undefined); // only the end of its sleep

  const now = (key: HostKey): Word => wordOn(key, named, past);

  /** A log that was read after the machine was up and still says nothing is not waited for as long as one that is not there. */
  const patienceEnds = (shownAt: number): number =>
    readFrom !== undefined && readFrom >= shownAt ? shownAt + witnessLimits.silent : Math.max(since + witnessLimits.unread, shownAt + witnessLimits.silent);

  return {
    now,
    async last(key, waiting) {
      const shownAt = clock.now();
      for (;;) {
        const word = now(key);
        if (word !== 'silent') return word;
        if (clock.now() >= patienceEnds(shownAt)) return 'firstUse';
        await clock.sleep(witnessLimits.look, waiting);
      }
    },
  };
}
