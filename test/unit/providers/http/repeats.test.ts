import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { isAbort, isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { canary, get, openDoor } from './door.ts';
import { drop, inTurn, send, startServer, type Reply } from './localServer.ts';

const failsWith = (code: ErrorCode) => (error: unknown): boolean => isRentError(error, code);
const ok = send(200, '{"fine":true}');
const broken: Reply = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"half":');
  setImmediate(() => response.socket?.destroy());
};
const silent: Reply = () => {};

describe('a safe call', () => {
  it('is repeated through every failure that passes, with growing waits', async () => {
    await using server = await startServer(inTurn(send(500, 'oops'), drop, broken, ok));
    const { http, clock } = openDoor(server.origin);
    assert.equal((await http.send(get('/a'))).status, 200);
    assert.equal(server.received.length, 4);
    assert.deepEqual(clock.slept, [1_000, 2_000, 4_000]);
  });

  it('gives up after four times with the last answer', async () => {
    await using server = await startServer(send(503, 'busy'));
    const { http } = openDoor(server.origin);
    assert.equal((await http.send(get('/a'))).status, 503);
    assert.equal(server.received.length, 4);
  });

  it('gives up after four times without any answer', async () => {
    await using server = await startServer(drop);
    await assert.rejects(openDoor(server.origin).http.send(get('/a')), failsWith('network'));
    assert.equal(server.received.length, 4);
  });

  for (const status of [200, 301, 400, 401, 403, 404, 409, 501]) {
    it(`takes ${status} for an answer`, async () => {
      await using server = await startServer(send(status, '{}'));
      await openDoor(server.origin).http.send(get('/a', { method: 'POST' }));
      assert.equal(server.received.length, 1);
    });
  }

  it('waits as long as the server asks', async () => {
    await using server = await startServer(inTurn(send(429, '{}', { 'retry-after': '7' }), send(429, '{"retry_after":9}'), send(503, '{}', { 'retry-after': '11' }), ok));
    const { http, clock } = openDoor(server.origin);
    await http.send(get('/a'));
    assert.deepEqual(clock.slept, [7_000, 9_000, 11_000]);
  });

  it('does not wait longer than a minute, and says how long it would have been', async () => {
    await using server = await startServer(send(429, '{}', { 'retry-after': '61' }));
    const { http, clock } = openDoor(server.origin);
    await assert.rejects(http.send(get('/a')), (error) => isRentError(error, 'rateLimited') && error.retryAfterMs === 61_000);
    assert.deepEqual(clock.slept, []);
    // Others of that name do not even ask; those of another name do.
    await assert.rejects(http.send(get('/b')), failsWith('rateLimited'));
    assert.equal(server.received.length, 1);
    server.reply = ok;
    await http.send(get('/c', { pace: { name: 'other' } }));
    assert.equal(server.received.length, 2);
  });
});

describe('a call that may be repeated only when it was refused', () => {
  const about = { method: 'PUT', body: {}, retry: 'refused' } as const;

  it('is repeated after a 429', async () => {
    await using server = await startServer(inTurn(send(429, 'API requests too frequent'), ok));
    const { http, clock } = openDoor(server.origin);
    assert.equal((await http.send(get('/a', about))).status, 200);
    assert.deepEqual(clock.slept, [1_000]);
  });

  for (const [what, reply] of [['a 500', send(500, '')], ['a 503', send(503, '')], ['a broken connection', drop]] as const) {
    it(`is not repeated after ${what}`, async () => {
      await using server = await startServer(reply);
      await openDoor(server.origin).http.send(get('/a', about)).catch((error: unknown) => assert.ok(isRentError(error, 'network')));
      assert.equal(server.received.length, 1);
    });
  }
});

describe('a call that must not be repeated', () => {
  for (const [what, reply] of [['a 429', send(429, '{}')], ['a 500', send(500, '')], ['a 502 page', send(502, '<html>')], ['a broken connection', drop], ['half an answer', broken]] as const) {
    it(`is sent once, in spite of ${what}`, async () => {
      await using server = await startServer(reply);
      const { http, clock } = openDoor(server.origin);
      await http.send(get('/a', { method: 'PUT', body: { a: 1 }, retry: 'never' })).catch((error: unknown) => assert.ok(isRentError(error, 'network', 'rateLimited')));
      assert.equal(server.received.length, 1);
      assert.deepEqual(clock.slept, []);
    });
  }

  it('still holds back the others of its name when it is refused', async () => {
    await using server = await startServer(inTurn(send(429, '{"retry_after":12}'), ok));
    const { http, clock } = openDoor(server.origin);
    await assert.rejects(http.send(get('/a', { method: 'PUT', retry: 'never' })), failsWith('rateLimited'));
    await http.send(get('/a'));
    assert.deepEqual(clock.slept, [12_000]);
  });
});

describe('a server that hangs', () => {
  const hangs: readonly (readonly [string, Reply])[] = [
    ['says nothing', silent],
    ['stops in the middle', (response) => void response.writeHead(200).write('{"a":')],
    ['drips', (response) => {
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    }],
  ];
  for (const [what, reply] of hangs) {
    it(`is left when it ${what}`, async () => {
      await using server = await startServer(reply);
      const { http } = openDoor(server.origin);
      await assert.rejects(http.send(get('/a', { retry: 'never', timeoutMs: 60 })), failsWith('network'));
    });
  }

  it('does not get more than we can hold', async () => {
    const bomb = gzipSync(Buffer.alloc(33 * 1024 * 1024));
    await using server = await startServer((response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    await assert.rejects(openDoor(server.origin).http.send(get('/a')), failsWith('badResponse'));
    assert.equal(server.received.length, 1);
  });
});

describe('cancelling', () => {
  it('ends a call on its way, whatever reason the signal has', async () => {
    const cancel = new AbortController();
    await using server = await startServer(() => cancel.abort(new Error('a reason')));
    const { http, log } = openDoor(server.origin);
    await assert.rejects(http.send(get('/a'), cancel.signal), isAbort);
    assert.equal(server.received.length, 1);
    assert.match(log.lines.join(), /cancelled/);
  });

  it('ends a call that waits for its repetition', async () => {
    const cancel = new AbortController();
    await using server = await startServer((response) => {
      setImmediate(() => cancel.abort());
      response.writeHead(503).end();
    });
    await assert.rejects(openDoor(server.origin).http.send(get('/a'), cancel.signal), isAbort);
  });

  it('sends nothing for a call that is cancelled already', async () => {
    await using server = await startServer(ok);
    await assert.rejects(openDoor(server.origin).http.send(get('/a'), AbortSignal.abort()), isAbort);
    assert.equal(server.received.length, 0);
  });
});

describe('a redirect', () => {
  const to = (location: string, status = 302): Reply => (response) => void response.writeHead(status, { location }).end();

  it('is followed at home with the key', async () => {
    await using server = await startServer(inTurn(to('/b?c=1', 308), ok));
    assert.equal((await openDoor(server.origin).http.send(get('/a'))).text, '{"fine":true}');
    assert.deepEqual(server.received.map(({ url, headers }) => [url, headers.authorization]), [['/a', `Bearer ${canary}`], ['/b?c=1', `Bearer ${canary}`]]);
  });

  it('loses the key when it leaves, and does not get it back when it returns', async () => {
    await using server = await startServer(ok);
    await using elsewhere = await startServer(to(`${server.origin}/back`));
    server.reply = inTurn(to(`${elsewhere.origin}/there`), ok);
    await openDoor(server.origin).http.send(get('/a'));
    assert.deepEqual(elsewhere.received.map(({ url, headers }) => [url, headers.authorization]), [['/there', undefined]]);
    assert.deepEqual(server.received.map(({ url, headers }) => [url, headers.authorization]), [['/a', `Bearer ${canary}`], ['/back', undefined]]);
  });

  it('is followed three times at most', async () => {
    await using server = await startServer(to('/again'));
    await assert.rejects(openDoor(server.origin).http.send(get('/a')), failsWith('badResponse'));
    assert.equal(server.received.length, 4);
  });

  for (const location of ['http://198.51.100.7/', 'ftp://127.0.0.1/', 'http://me:you@127.0.0.1/', 'http://[']) {
    it(`does not lead to ${location}`, async () => {
      await using server = await startServer(to(location));
      await assert.rejects(openDoor(server.origin).http.send(get('/a')), failsWith('badResponse'));
      assert.equal(server.received.length, 1);
    });
  }

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    it(`of a ${method} is an answer and nothing else`, async () => {
      await using server = await startServer(to('/b', 307));
      assert.equal((await openDoor(server.origin).http.send(get('/a', { method, body: {} }))).status, 307);
      assert.equal(server.received.length, 1);
    });
  }
});
