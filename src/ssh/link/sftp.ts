/**
 * SFTP calls as promises. One channel serves all of a machine's files; requests on it may overlap. A machine that has no
 * SFTP says so as `unsupported`; one that does not answer loses its connection, so that no caller waits for ever.
 */
import type { SFTPWrapper } from 'ssh2';
import { RentError } from '../../domain/errors.ts';
import { RemoteFileError, type FileProblem } from '../../domain/machineLink.ts';
import type { Clock } from '../../domain/ports.ts';
import { openChannel, type SshConnection } from '../connection.ts';
import { within } from '../within.ts';
import type { Line } from './line.ts';

/** Of one request, whatever it is: the largest carries a quarter of a megabyte. */
const answerMs = 20_000;
const never = new AbortController().signal;

interface Channel {
  readonly sftp: SFTPWrapper;
  readonly connection: SshConnection;
}

type Take<T> = (error: Error | null | undefined, value: T) => void;

export class Sftp {
  readonly #line: Line;
  readonly #clock: Clock;
  #channel: Promise<Channel> | undefined;

  constructor(line: Line, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
  }

  /** `path` is for the words of an error. */
  async call<T>(path: string, ask: (sftp: SFTPWrapper, take: Take<T>) => void): Promise<T> {
    const { sftp, connection } = await this.#open();
    const expired = (): Error => new RentError('sshUnreachable', { detail: 'the machine did not answer about a file in time' });
    try {
      return await within({ clock: this.#clock, ms: answerMs, signal: never, expired }, (inTime) =>
        new Promise<T>((resolve, reject) => {
          inTime.addEventListener('abort', () => reject(inTime.reason), { once: true });
          ask(sftp, (error, value) => (error ? reject(error) : resolve(value)));
        }),
      );
    } catch (error) {
      if (error instanceof RentError) this.#line.drop(connection);
      throw asProblem(error, path);
    }
  }

  #open(): Promise<Channel> {
    if (this.#channel !== undefined) return this.#channel;
    const opening = this.#line.session(
      async (connection) => ({ sftp: await openChannel<SFTPWrapper>((take) => connection.client.sftp(take)), connection }),
      ({ sftp }) => new Promise((resolve) => void sftp.once('close', resolve)),
    ).catch((error: unknown) => {
      // The line stands and only this was refused.
      if (this.#line.state.kind === 'connected') throw new RemoteFileError('unsupported', '', error);
      throw error;
    });
    this.#channel = opening;
    const forget = (): void => {
      if (this.#channel === opening) this.#channel = undefined;
    };
    opening.then(({ sftp }) => {
      sftp.on('error', () => undefined);
      sftp.once('close', forget);
    }, forget);
    return opening;
  }
}

/** Status codes of SFTP version 3: `failure` says nothing more, and is looked into by whoever asked. */
const problems: Readonly<Record<number, FileProblem>> = { 2: 'notFound', 3: 'noPermission', 4: 'failed', 5: 'badName', 8: 'unsupported' };

function asProblem(error: unknown, path: string): Error {
  if (error instanceof RentError || error instanceof RemoteFileError) return error;
  // The library throws it before anything is sent.
  if (error instanceof Error && error.message.includes('does not support')) return new RemoteFileError('unsupported', path, error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const problem = typeof code === 'number' ? problems[code] : undefined;
  if (problem !== undefined) return new RemoteFileError(problem, path, error);
  return new RentError('sshUnreachable', { detail: 'the connection was lost while a file was asked for', cause: error });
}

/** The end of a listing or a file. */
export const isEnd = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 1;
