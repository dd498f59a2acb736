import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import ssh2, { type ClientChannel, type ServerChannel } from 'ssh2';
import { outlet, pump } from '../../../../src/practice/pod/flow.ts';
import { newKeys } from './support/pod.ts';

const sha256 = (chunks: readonly Buffer[]): string => createHash('sha256').update(Buffer.concat(chunks)).digest('hex');

/** Both ends of one channel of ssh2. */
async function channelPair(): Promise<{ near: ServerChannel; far: ClientChannel } & Disposable> {
  const near = Promise.withResolvers<ServerChannel>();
  const server = new ssh2.Server({ hostKeys: [newKeys().secret] }, (peer) => {
    peer.on('authentication', (context) => context.accept()).on('error', () => undefined);
    peer.on('session', (accept) => accept().on('exec', (agree) => near.resolve(agree())));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  const client = new ssh2.Client();
  client.connect({ host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0, username: 'a', password: 'b' });
  await once(client, 'ready');
  const far = await new Promise<ClientChannel>((resolve, reject) => client.exec('x', (error, channel) => (error ? reject(error) : resolve(channel))));
  const end = (): void => {
    client.destroy();
    server.close();
  };
  return { near: await near.promise, far, [Symbol.dispose]: end };
}

/** Takes a chunk, then stops for a while. */
async function sip(stream: ClientChannel | Readable, pauseMs: number): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    stream.pause();
    setTimeout(() => stream.resume(), pauseMs);
  });
  await once(stream, 'end');
  return chunks;
}

describe('writing to a channel', function () {
  this.timeout(30_000);

  it('sends output and errors whole when both have to wait for the window', async () => {
    using pair = await channelPair();
    const { out, err } = outlet(pair.near, new AbortController().signal);
    const [outs, errs] = [0, 1].map(() => Array.from({ length: 60 }, () => randomBytes(100_000)));
    const reading = Promise.all([sip(pair.far, 1), sip(pair.far.stderr, 2)]);
    for (let turn = 0; turn < 60; turn++) {
      await out(outs?.[turn] ?? assert.fail());
      await err(errs?.[turn] ?? assert.fail());
    }
    pair.near.exit(0);
    pair.near.end();
    assert.deepEqual((await reading).map(sha256), [sha256(outs ?? []), sha256(errs ?? [])]);
  });

  it('keeps the order of writes that nobody waits for', async () => {
    using pair = await channelPair();
    const { out } = outlet(pair.near, new AbortController().signal);
    const words = Array.from({ length: 500 }, (_, index) => Buffer.from(`${index} `));
    const reading = sip(pair.far, 0);
    await Promise.all(words.map((word) => out(word)));
    pair.near.end();
    assert.equal(Buffer.concat(await reading).toString(), words.join(''));
  });

  it('gives up when the channel is gone, even in the middle of a wait', async () => {
    using pair = await channelPair();
    const gone = new AbortController();
    const { out } = outlet(pair.near, gone.signal);
    await out(randomBytes(2 * 1024 * 1024));
    const stuck = out(randomBytes(4 * 1024 * 1024));
    const behind = out(Buffer.from('never'));
    gone.abort();
    await assert.rejects(stuck, /closed/);
    await assert.rejects(behind, /closed/);
  });
});

describe('pumping', () => {
  it('takes one piece at a time and ends with its source', async () => {
    const taken: string[] = [];
    let busy = 0;
    await pump(Readable.from(['a', 'b', 'c'].map((text) => Buffer.from(text))), async (chunk) => {
      assert.equal(++busy, 1);
      await new Promise(setImmediate);
      busy--;
      taken.push(chunk.toString());
    });
    assert.deepEqual(taken, ['a', 'b', 'c']);
  });

  it('closes its source when it cannot deliver', async () => {
    const source = new PassThrough();
    source.write('a');
    await assert.rejects(pump(source, () => Promise.reject(new Error('no reader'))), /no reader/);
    assert.ok(source.destroyed);
  });
});
