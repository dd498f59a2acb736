/**
 * Moving bytes into an SSH channel at the speed of its reader. Every write waits for the one
 * before it, so a slow client stops the program that produces the output instead of filling memory.
 */
import type { Readable, Writable } from 'node:stream';
import type { ServerChannel } from 'ssh2';

export interface Outlet {
  out(chunk: Buffer): Promise<void>;
  err(chunk: Buffer): Promise<void>;
}

/** `gone` ends writes that would otherwise wait for ever: a closed ssh2 channel never calls back. */
function write(stream: Writable, chunk: Buffer, gone: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(new Error('The channel is closed'));
    if (gone.aborted) {
      give();
      return;
    }
    gone.addEventListener('abort', give, { once: true });
    stream.write(chunk, (error) => {
      gone.removeEventListener('abort', give);
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * Standard output and standard error of one channel share its window. ssh2 1.17 keeps the last
 * chunk of standard output that had to wait, and sends that one again when standard error has to
 * wait later: so one write at a time over both, and the kept chunk is dropped in between.
 */
export function outlet(channel: ServerChannel, gone: AbortSignal): Outlet {
  let last: Promise<void> = Promise.resolve();
  const inTurn = (stream: Writable, chunk: Buffer): Promise<void> => {
    const mine = last.then(() => write(stream, chunk, gone)).then(() => {
      for (const kept of ['_chunk', '_chunkcb', '_chunkErr', '_chunkcbErr']) Reflect.set(channel, kept, undefined);
    });
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    out: (chunk) => inTurn(channel, chunk),
    err: (chunk) => inTurn(channel.stderr, chunk),
  };
}

/** Ends when the source ends. A write that fails destroys the source: its program sees a broken pipe. */
export async function pump(source: Readable, put: (chunk: Buffer) => Promise<void>): Promise<void> {
  for await (const chunk of source) await put(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
}

/** What the client sends goes into `sink`; after a failing sink it is read and thrown away, as sshd does. */
export function feed(channel: ServerChannel, sink: Writable): void {
  const discard = (): void => {
    channel.unpipe(sink);
    channel.resume();
  };
  sink.on('error', discard).on('close', discard);
  channel.pipe(sink);
}
