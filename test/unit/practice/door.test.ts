import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { openDoor, type Door } from '../../../src/practice/door.ts';

const serve = async (answer: (socket: Socket) => void): Promise<{ server: Server; port: number }> => {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, port: address.port };
};

const call = (door: Door) => connect({ host: '127.0.0.1', port: door.port });

async function read(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('a door in front of a pod', () => {
  let closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing) await close();
    closing = [];
  });

  async function open(whenEmpty: 'reset' | 'wait') {
    const door = await openDoor(whenEmpty);
    closing.push(() => door.close());
    return door;
  }

  async function pod(answer: (socket: Socket) => void) {
    const { server, port } = await serve(answer);
    closing.push(() => server.close());
    return port;
  }

  it('resets a caller while nothing is behind a port mapping', async () => {
    const door = await open('reset');
    const [error] = await once(call(door), 'error');
    assert.match(String(error), /ECONNRESET/);
  });

  it('lets a caller wait at a proxy, and joins it once the pod is up', async () => {
    const door = await open('wait');
    const caller = call(door);
    await once(caller, 'connect');
    const port = await pod((socket) => socket.end('SSH-2.0-late\r\n'));
    door.pointAt(port);
    assert.equal((await read(caller)).toString(), 'SSH-2.0-late\r\n');
  });

  it('carries every byte both ways and counts them', async () => {
    const port = await pod((socket) => void socket.pipe(socket));
    const door = await open('reset');
    door.pointAt(port);
    const payload = randomBytes(3 * 2 ** 20);
    const caller = call(door);
    caller.end(payload);
    const echoed = await read(caller);
    const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    assert.equal(digest(echoed), digest(payload));
    assert.equal(door.bytesIn, payload.length);
    assert.equal(door.bytesOut, payload.length);
  });

  it('cuts those inside when the pod goes away', async () => {
    const port = await pod((socket) => void socket.write('hello'));
    const door = await open('reset');
    door.pointAt(port);
    const caller = call(door);
    await once(caller, 'data');
    caller.on('error', () => caller.destroy());
    door.pointAt(null);
    await once(caller, 'close');
    const next = call(door);
    await once(next, 'error');
  });

  it('ends a caller whose pod refuses', async () => {
    const { server, port } = await serve(() => {});
    await new Promise((resolve) => server.close(resolve));
    const door = await open('reset');
    door.pointAt(port);
    const caller = call(door);
    caller.on('error', () => caller.destroy());
    await once(caller, 'close');
  });
});
