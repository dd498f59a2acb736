import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A server that ends when `end` is called and also when this process dies, however it dies. */
export interface Leashed extends AsyncDisposable {
  /** The first match of the pattern in what the server has written so far; throws when it has ended without one. */
  readonly said: (pattern: RegExp) => RegExpExecArray | undefined;
  /** What it has written, errors included; the beginning of very long output is dropped. */
  readonly output: () => string;
  /** The last lines of output, for an error message. */
  readonly tail: () => string;
  /** Resolves with the exit code once it is gone; 1 where a signal ended it. */
  readonly exited: Promise<number>;
  readonly end: () => Promise<void>;
}

export interface LeashOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Its output goes where ours goes instead of being kept. */
  readonly inherit?: boolean;
}

const keptCharacters = 200_000;

export function leash(command: string, args: readonly string[], { env = process.env, cwd, inherit = false }: LeashOptions = {}): Leashed {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'leash.mjs'), command, ...args], {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    stdio: inherit ? ['pipe', 'inherit', 'inherit'] : ['pipe', 'pipe', 'pipe'],
    // Out of reach of Ctrl-C in the terminal: this process decides when and in which order things end.
    detached: process.platform !== 'win32',
  });
  let output = '';
  const keep = (chunk: string): void => {
    output = (output + chunk).slice(-keptCharacters);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', keep);
  // Closing the line to a server that has just ended is no news.
  child.stdin?.on('error', () => {});
  const exited = new Promise<number>((resolve) => {
    child.on('close', (code) => resolve(code ?? 1));
  });
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const tail = (): string => output.split('\n').slice(-25).join('\n');
  const end = async (): Promise<void> => {
    child.stdin?.end();
    await exited;
  };
  return {
    said: (pattern) => {
      const match = pattern.exec(output) ?? undefined;
      if (!match && ended()) throw new Error(`${command} ended early:\n${tail()}`);
      return match;
    },
    output: () => output,
    tail,
    exited,
    end,
    [Symbol.asyncDispose]: end,
  };
}
