import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import ssh2, { type ClientChannel } from 'ssh2';
import { isLoopback } from '../../../../src/practice/pod/forward.ts';
import { connect, until, usePod } from './support/pod.ts';

async function listen(server: Server, at: { port: number; host: string } | { path: string }): Promise<number> {
  server.listen(at);
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

async function read(channel: ClientChannel): Promise<Buffer> {
  const chunks: Buffer[] = [];
  channel.on('data', (chunk: Buffer) => void chunks.push(chunk));
  await once(channel, 'end');
  return Buffer.concat(chunks);
}

describe('forwarding to the pod', function () {
  this.timeout(20_000);
  const test = usePod();
  /** Answers with what it was sent, but only after it has heard the end of it. */
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
    socket.on('end', () => socket.end(Buffer.concat(chunks)));
    socket.on('error', () => undefined);
  });
  let port = 0;
  before(async () => void (port = await listen(echo, { port: 0, host: '127.0.0.1' })));
  after(() => echo.close());

  const reach = (client: ssh2.Client, host: string, to: number): Promise<ClientChannel> =>
    new Promise((resolve, reject) => client.forwardOut('127.0.0.1', 1, host, to, (error, channel) => (error ? reject(error) : resolve(channel))));

  it('carries bytes both ways and closes each way by itself', async () => {
    using client = await connect(test());
    const bytes = randomBytes(5 * 1024 * 1024);
    for (const host of ['127.0.0.1', 'localhost']) {
      const channel = await reach(client, host, port);
      const answer = read(channel);
      channel.end(bytes);
      assert.ok((await answer).equals(bytes));
    }
  });

  it('lets the client go on when the other side has nothing more to say', async () => {
    using client = await connect(test());
    const heard: Buffer[] = [];
    const speaker = createServer({ allowHalfOpen: true }, (socket) => {
      socket.end('goodbye');
      socket.on('data', (chunk: Buffer) => void heard.push(chunk));
      socket.on('end', () => speaker.close());
    });
    const closed = once(speaker, 'close');
    const channel = await reach(client, '127.0.0.1', await listen(speaker, { port: 0, host: '127.0.0.1' }));
    assert.equal((await read(channel)).toString(), 'goodbye');
    const bytes = randomBytes(3_000_000);
    channel.end(bytes);
    await closed;
    assert.ok(Buffer.concat(heard).equals(bytes));
  });

  it('serves many at a time and forgets them', async () => {
    using client = await connect(test());
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const channel = await reach(client, '127.0.0.1', port);
        const answer = read(channel);
        channel.end(`number ${index}`);
        return (await answer).toString();
      }),
    );
    assert.deepEqual(answers, Array.from({ length: 40 }, (_, index) => `number ${index}`));
    const count = (): Promise<number> => new Promise((resolve) => echo.getConnections((_error, open) => resolve(open)));
    await until('no connection is left', async () => (await count()) === 0);
    const channel = await reach(client, '127.0.0.1', port);
    await until('one is open', async () => (await count()) === 1);
    channel.destroy();
    await until('it is closed again', async () => (await count()) === 0);
    await reach(client, '127.0.0.1', port);
    await until('another is open', async () => (await count()) === 1);
    client.destroy();
    await until('it went with its client', async () => (await count()) === 0);
  });

  it('finds the pod itself on port 22', async () => {
    using client = await connect(test());
    const channel = await reach(client, '127.0.0.1', 22);
    const [banner]: unknown[] = await once(channel, 'data');
    assert.match(String(banner), /^SSH-2\.0-/);
    const inner = new ssh2.Client();
    let seen = '';
    const ready = once(inner, 'ready');
    inner.connect({
      sock: await reach(client, 'localhost', 22), username: 'root', privateKey: test().keys.secret,
      hostHash: 'sha256', hostVerifier: (hash: string) => ((seen = hash), true),
    });
    await ready;
    inner.end();
    assert.equal(`SHA256:${Buffer.from(seen, 'hex').toString('base64').replace(/=+$/, '')}`, test().pod.hostKeyFingerprint);
  });

  it('is refused where nobody listens and everywhere outside loopback', async () => {
    using client = await connect(test());
    const gone = createServer();
    const closed = await listen(gone, { port: 0, host: '127.0.0.1' });
    gone.close();
    await once(gone, 'close');
    await assert.rejects(reach(client, '127.0.0.1', closed), /open failure/);
    for (const host of ['0.0.0.0', '10.0.0.1', '169.254.169.254', 'example.com', '::', 'localhost.example.com', '127.0.0.1.nip.io']) {
      await assert.rejects(reach(client, host, port), /open failure/, host);
    }
    await assert.rejects(new Promise((resolve, reject) => client.forwardIn('127.0.0.1', 0, (error, bound) => (error ? reject(error) : resolve(bound)))));
  });

  it('reaches sockets of the file system', async function () {
    if (process.platform === 'win32') this.skip();
    using client = await connect(test());
    const path = join(test().dir, 'tmp/s');
    const server = createServer((socket) => socket.end('from the socket'));
    await listen(server, { path });
    const dial = (socket: string): Promise<ClientChannel> =>
      new Promise((resolve, reject) => client.openssh_forwardOutStreamLocal(socket, (error, channel) => (error ? reject(error) : resolve(channel))));
    const channel = await dial(path);
    assert.equal((await read(channel)).toString(), 'from the socket');
    server.close();
    await assert.rejects(dial(`${path}.missing`), /open failure/);
  });

  it('tells loopback from the rest', () => {
    for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1']) assert.ok(isLoopback(host), host);
    for (const host of ['', '127', '127.1', '0', '128.0.0.1', '::', '::ffff:10.0.0.1', '127.0.0.1.example', 'local host', '2130706433']) assert.ok(!isLoopback(host), host);
  });
});
