/** A run's log as it is written, from any byte on, through lost lines. */
import { isRentError } from '../domain/errors.ts';
import type { MachineLink } from '../domain/machineLink.ts';
import type { Clock } from '../domain/ports.ts';
import type { RunId } from '../domain/run.ts';
import { readLogFrom, readLogPart } from '../scripts/runLog.ts';

export interface LogOrder {
  readonly link: MachineLink;
  readonly id: RunId;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where to begin; 0 unless told. */
  readonly offset?: number;
  /** Ends with what there is now, instead of with the run. */
  readonly once?: boolean;
  /** The line is lost; it is tried again until the signal fires. */
  readonly onLost?: (error: Error) => void;
}

export interface LogChunk {
  readonly bytes: Uint8Array;
  /** Where the next one begins. */
  readonly offset: number;
  /** Only once it has ended. */
  readonly exitCode?: number;
  /** Nobody will write on, and this was all. */
  readonly over: boolean;
}

const chunkBytes = 256 * 1024;
const waitSeconds = 20;
const longestPauseMs = 30_000;

/** The last chunk is `over`, or `once` was asked for. Ends without a chunk where the machine knows no such run. Throws an AbortError when the signal fires. */
export async function* followLog(order: LogOrder): AsyncGenerator<LogChunk, void, undefined> {
  const { link, id, clock, signal, once = false } = order;
  let offset = order.offset ?? 0;
  let failed = 0;
  const held = link.hold();
  try {
    for (;;) {
      const script = readLogFrom({ id, offset, mostBytes: chunkBytes, waitSeconds: once ? 0 : waitSeconds });
      try {
        const part = readLogPart((await link.run(script, { signal })).stdout);
        failed = 0;
        if (part === undefined) return;
        const bytes = Uint8Array.from(atob(part.base64), (letter) => letter.charCodeAt(0));
        offset += bytes.length;
        const all = bytes.length === 0 || offset >= part.size;
        const over = part.over && all;
        yield { bytes, offset, over, ...(over && part.exitCode !== undefined ? { exitCode: part.exitCode } : {}) };
        if (over || (once && all)) return;
      } catch (error) {
        if (once || !isRentError(error, 'sshUnreachable')) throw error;
        if (failed === 0) order.onLost?.(error);
        failed++;
        await clock.sleep(Math.min(longestPauseMs, 500 * 2 ** failed), signal);
      }
    }
  } finally {
    held.dispose();
  }
}
