/** Reads a stream that its server never ends: what came until it fell silent is the answer. */
import type { Readable } from 'node:stream';

export interface Patience {
  readonly quietMs: number;
  readonly maxMs: number;
  readonly mostBytes: number;
}

/** Rejects when the stream breaks, because then nobody knows whether it had more to say. */
export function collect(stream: Readable, { quietMs, maxMs, mostBytes }: Patience): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (): void => {
      clearTimeout(longest);
      clearTimeout(quiet);
      stream.destroy();
      resolve(Buffer.concat(chunks).toString('utf8'));
    };
    const longest = setTimeout(end, maxMs);
    let quiet = setTimeout(end, quietMs);
    stream.on('data', (chunk: Buffer) => {
      clearTimeout(quiet);
      quiet = setTimeout(end, quietMs);
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > mostBytes) end();
    });
    stream.on('end', end);
    stream.on('error', (error) => {
      clearTimeout(longest);
      clearTimeout(quiet);
      reject(error);
    });
  });
}
