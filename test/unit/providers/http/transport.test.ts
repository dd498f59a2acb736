import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isRentError } from '../../../../src/domain/errors.ts';
import { createTransport, type Request } from '../../../../src/providers/http/transport.ts';
import { startServer, send } from './localServer.ts';

const key = 'key-canary-8c31f0';
const request = (address: string, change: Partial<Request> = {}): Request => ({
  method: 'GET', url: new URL(address), headers: { Authorization: `Bearer ${key}`, Accept: 'application/json' }, timeoutMs: 10_000, ownConnection: false, ...change,
});

describe('what travels', () => {
  it('goes nowhere else by itself: a redirect is an answer', async () => {
    await using elsewhere = await startServer(send(200, '{}'));
    for (const status of [301, 302, 303, 307, 308]) {
      await using server = await startServer((response) => void response.writeHead(status, { location: elsewhere.origin }).end());
      for (const method of ['GET', 'POST', 'DELETE']) assert.equal((await createTransport()(request(`${server.origin}/a`, { method }))).status, status);
    }
    assert.equal(elsewhere.received.length, 0);
  });

  it('goes to its own origin, whatever its path looks like', async () => {
    await using server = await startServer(send(200, '{}'));
    await using elsewhere = await startServer(send(200, '{}'));
    const paths = [`//${elsewhere.origin.slice('http://'.length)}/a`, `/${elsewhere.origin}/a`, '/\\\\evil.invalid/a', '/a?url=https://evil.invalid'];
    for (const path of paths) assert.equal((await createTransport()(request(`${server.origin}${path}`))).status, 200, path);
    assert.deepEqual([server.received.length, elsewhere.received.length], [paths.length, 0]);
  });

  it('is read as text and no more than it may be', async () => {
    await using server = await startServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = Buffer.alloc(1024 * 1024, 'x');
      for (let i = 0; i < 40; i++) response.write(piece);
      response.end();
    });
    await assert.rejects(createTransport()(request(`${server.origin}/a`)), (error) => isRentError(error, 'badResponse') && /too large/.test(error.detail ?? ''));
    server.reply = send(200, '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    const answer = await createTransport()(request(`${server.origin}/a`));
    assert.equal(answer.text, '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    assert.ok(!('polluted' in {}));
  });

  it('has an end, even when the server drips for ever', async () => {
    await using server = await startServer((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    await assert.rejects(createTransport()(request(`${server.origin}/a`, { timeoutMs: 200 })), (error) => isRentError(error, 'network') && /within 0.2 s/.test(error.detail ?? ''));
  });

  it('shows a proxy nothing but where it goes: the key is for the other end', async () => {
    const told: string[] = [];
    const tell = ({ method, url, headers }: IncomingMessage): void => void told.push(`${method} ${url} ${JSON.stringify(headers)}`);
    const proxy = createServer((asked, response) => {
      tell(asked);
      response.writeHead(502).end();
    });
    proxy.on('connect', (asked, socket) => {
      tell(asked);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const names = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'] as const;
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) delete process.env[name];
    process.env['https_proxy'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      // A name that leads nowhere: without the proxy nothing could answer.
      await createTransport()(request('https://provider.invalid/secret/path?and=query', { method: 'POST', body: '{"private":1}', ownConnection: true })).catch(() => undefined);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await new Promise((resolve) => proxy.close(resolve));
    }
    assert.equal(told.length, 1, told.join('\n'));
    assert.match(told[0] ?? '', /^CONNECT provider\.invalid:443 /);
    assert.doesNotMatch(told.join('\n'), new RegExp(`${key}|secret/path|private|authorization`, 'i'));
  });
});
