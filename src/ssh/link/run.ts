import { isAbort } from '../../domain/errors.ts';
import { RentError } from '../../domain/errors.ts';
import type { RunOptions, RunResult } from '../../domain/machineLink.ts';
import type { Clock } from '../../domain/ports.ts';
import type { SshConnection } from '../connection.ts';
import { within } from '../within.ts';
import type { Line } from './line.ts';

/** A connection that died unnoticed must leave time for a new one. */
const keptAnswerMs = 8_000;
const never = new AbortController().signal;

export async function run(line: Line, clock: Clock, script: string, options: RunOptions = {}): Promise<RunResult> {
  const { signal = never, repeatable = false } = options;
  if (!repeatable || line.state.kind !== 'connected') return once(line, script, options, signal);
  let used: SshConnection | undefined;
  try {
    const slow = (): Error => new RentError('sshUnreachable', { detail: 'the machine did not answer in time' });
    return await within({ clock, ms: keptAnswerMs, signal, expired: slow }, (inTime) =>
      once(line, script, options, inTime, (connection) => void (used = connection)),
    );
  } catch (error) {
    if (isAbort(error) || signal.aborted) throw error;
    line.drop(used);
    return once(line, script, options, signal);
  }
}

function once(line: Line, script: string, options: RunOptions, signal: AbortSignal, using?: (connection: SshConnection) => void): Promise<RunResult> {
  const { input = '', mostBytes } = options;
  const text = Buffer.from(script);
  return line.session(
    (connection) => {
      using?.(connection);
      return connection.exec(commandFor(text.length), {
        input: Buffer.concat([text, Buffer.from(input)]), signal, ...(mostBytes === undefined ? {} : { mostBytes }),
      });
    },
    () => Promise.resolve(),
    signal,
  );
}

/**
 * The script comes on standard input, because the login shell that reads this line may be anything, and arguments are
 * seen by all. `sh -s` would read ahead into what the script's own commands are to read; dd takes exactly its bytes.
 */
const commandFor = (bytes: number): string => `exec sh -c 'eval "$(dd bs=1 count=${bytes} 2>/dev/null)"'`;
