/** How a run begins: its name, and the word to the machine. */
import { isRentError, RentError } from '../domain/errors.ts';
import type { MachineLink } from '../domain/machineLink.ts';
import type { Clock } from '../domain/ports.ts';
import type { Afterwards, RunId, RunSeen } from '../domain/run.ts';
import { readStarted, startRun } from '../scripts/runStart.ts';

export interface RunLaunch {
  readonly words: readonly string[];
  /** Absolute, on the machine. */
  readonly folder: string;
  readonly afterwards: Afterwards;
}

const startTries = 3;

/** Later ones sort behind earlier ones; chance keeps two windows apart. */
export const newRunId = (now: number, random: (bytes: number) => Uint8Array): RunId =>
  `r${Math.floor(now).toString(36).padStart(9, '0')}-${[...random(5)].map((byte) => (byte % 36).toString(36)).join('')}`;

/** May be sent again when nobody knows whether it arrived: the machine takes a run of this name once. */
export async function launchRun(link: MachineLink, clock: Clock, id: RunId, { words, folder, afterwards }: RunLaunch, signal: AbortSignal): Promise<void> {
  const script = startRun(id, { words, folder }, afterwards);
  for (let tries = 1; ; tries++) {
    try {
      const said = readStarted((await link.run(script, { signal, repeatable: true })).stdout);
      if (said !== 'started') throw new RentError('notStarted', { detail: said });
      return;
    } catch (error) {
      if (!isRentError(error, 'sshUnreachable') || tries >= startTries || signal.aborted) throw error;
      await clock.sleep(1000 * tries, signal);
    }
  }
}

/** Until its machine is asked. */
export const justStarted = (id: RunId, { words, folder, afterwards }: RunLaunch, now: number): RunSeen => ({
  id, about: { words, folder }, state: 'preparing', afterwards, startedAt: now, ranMs: 0, stopped: false, unprepared: false, logBytes: 0, tail: '',
});
