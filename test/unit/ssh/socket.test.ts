import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createConnection } from '../../../src/ssh/connection.ts';
import { openSshSocket } from '../../../src/ssh/socket.ts';
import { until } from './support/tools.ts';

describe('a socket to a machine', () => {
  let server: Server;
  let heard: Buffer;
  let over: boolean;
  let socket: Socket;
  beforeEach(async () => {
    [heard, over] = [Buffer.alloc(0), false];
    server = createServer((client) => {
      client.on('data', (chunk) => void (heard = Buffer.concat([heard, chunk]))).on('close', () => void (over = true)).on('error', () => undefined);
      client.write('SSH-2.0-test\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    socket = await openSshSocket({ host: '127.0.0.1', port, user: 'root', viaProxy: false }, new AbortController().signal);
  });
  afterEach(() => {
    socket.destroy();
    server.close();
  });

  it('hands the system together what comes in one turn, in its order', async () => {
    for (const part of ['a', 'b', 'c']) socket.write(part);
    assert.equal(socket.writableCorked, 1);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    assert.equal(socket.writableCorked, 0);
    const told = new Promise<void>((resolve) => void socket.write('d', () => resolve()));
    await told;
    await until(() => heard.toString() === 'abcd');
  });

  it('lets a connection that is closed say its last word', async () => {
    const client = { once: (_: string, closed: () => void) => socket.once('close', closed), end: () => socket.write('goodbye') };
    await createConnection(client as never, socket, { host: '', port: 1, user: '', viaProxy: false }, '' as never).close();
    await until(() => over);
    assert.equal(heard.toString(), 'goodbye');
  });
});
