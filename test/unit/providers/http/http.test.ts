import assert from 'node:assert/strict';
import { isRentError, RentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { createHttp } from '../../../../src/providers/http/http.ts';
import { canary, get, openDoor } from './door.ts';
import { inTurn, send, startServer, type Reply } from './localServer.ts';

const failsWith = (code: ErrorCode) => (error: unknown): boolean => isRentError(error, code);

describe('a request', () => {
  it('carries its key, its query, its body and our name', async () => {
    await using server = await startServer(send(200, '{}'));
    const { http } = openDoor(server.origin);
    await http.send(get('/api/v0/x/', { method: 'PUT', body: { disk: 40, label: 'ä' }, query: { q: '{"a":1}', also: 'a&b' } }));
    const [request] = server.received;
    assert.equal(request?.method, 'PUT');
    assert.deepEqual([...new URL(request.url, server.origin).searchParams], [['q', '{"a":1}'], ['also', 'a&b']]);
    assert.equal(request.headers.authorization, `Bearer ${canary}`);
    assert.equal(request.headers['user-agent'], 'gpu-rental/test');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(request.headers.accept, 'application/json');
    assert.deepEqual(JSON.parse(request.body), { disk: 40, label: 'ä' });
  });

  it('carries neither body nor key where there is none', async () => {
    await using server = await startServer(send(200, '{}'));
    const { http } = openDoor(server.origin);
    await http.send(get('/a', { key: 'none', accept: 'text/plain' }));
    const [request] = server.received;
    assert.equal(request?.headers.authorization, undefined);
    assert.equal(request?.headers['content-type'], undefined);
    assert.equal(request?.headers.accept, 'text/plain');
    assert.equal(request?.body, '');
  });

  for (const [what, key] of [['no key', undefined], ['an empty key', '  '], ['a key with a line break', `${canary}\nX-Evil: 1`]] as const) {
    it(`is not sent with ${what}`, async () => {
      await using server = await startServer(send(200, '{}'));
      const { http, log } = openDoor(server.origin, { key: async () => key });
      await assert.rejects(http.send(get('/a')), (error) => isRentError(error, 'auth') && !String(error).includes(canary));
      assert.equal(server.received.length, 0);
      assert.ok(!log.lines.join().includes(canary));
    });
  }

  it('asks for the key each time', async () => {
    await using server = await startServer(send(200, '{}'));
    const keys = ['first-key', 'second-key'];
    const { http } = openDoor(server.origin, { key: async () => keys.shift() });
    await http.send(get('/a'));
    await http.send(get('/a'));
    assert.deepEqual(server.received.map(({ headers }) => headers.authorization), ['Bearer first-key', 'Bearer second-key']);
  });

  for (const path of ['//evil.example/a', 'evil.example/a', '@evil.example', 'https://evil.example', '']) {
    it(`cannot leave its origin through the path ${path === '' ? '(empty)' : path}`, async () => {
      await using server = await startServer(send(200, '{}'));
      const { http } = openDoor(server.origin);
      const outcome = http.send(get(path));
      // Two slashes are a path like any other, at home.
      if (path.startsWith('/')) await outcome;
      else await assert.rejects(outcome, failsWith('badRequest'));
      assert.equal(server.received.length, path.startsWith('/') ? 1 : 0);
    });
  }

  it('does not go through a proxy to this machine', async () => {
    await using server = await startServer(send(200, '{}'));
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = 'http://127.0.0.1:1';
    try {
      assert.equal((await openDoor(server.origin).http.send(get('/a'))).status, 200);
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }
  });

  it('has a connection of its own when it must not be sent twice', async () => {
    await using server = await startServer(send(200, '{}'));
    const { http } = openDoor(server.origin);
    await http.send(get('/a'));
    await http.send(get('/b'));
    await http.send(get('/c', { retry: 'never' }));
    const [first, second, third] = server.received;
    assert.equal(first?.clientPort, second?.clientPort);
    assert.notEqual(second?.clientPort, third?.clientPort);
    assert.equal(third?.headers.connection, 'close');
  });

  it('goes to another origin only as a GET without a key', async () => {
    await using server = await startServer(send(200, '{}'));
    await using elsewhere = await startServer(send(200, 'the log'));
    const { http } = openDoor(server.origin);
    const answer = await http.send(get('/logs/1.log', { origin: elsewhere.origin, key: 'none' }));
    assert.equal(answer.text, 'the log');
    assert.equal(elsewhere.received[0]?.headers.authorization, undefined);
    for (const wrong of [{ key: 'required' }, { key: 'none', method: 'POST' }, { key: 'none', origin: 'http://198.51.100.1' }] as const) {
      await assert.rejects(http.send(get('/a', { origin: elsewhere.origin, ...wrong })), failsWith('badRequest'));
    }
    assert.equal(elsewhere.received.length, 1);
    assert.equal(server.received.length, 0);
  });

  it('never leaves for an origin without TLS', () => {
    assert.throws(() => openDoor('http://console.vast.ai'), failsWith('badRequest'));
  });
});

describe('an answer', () => {
  it('arrives whole, whatever its status', async () => {
    await using server = await startServer(send(404, '{"error":"no_such_instance"}', { 'X-Kind': 'test', 'set-cookie': 'a=1' }));
    const answer = await openDoor(server.origin).http.send(get('/a'));
    assert.equal(answer.status, 404);
    assert.equal(answer.text, '{"error":"no_such_instance"}');
    assert.equal(answer.headers['x-kind'], 'test');
  });

  it('is dated by the server, else by us', async () => {
    const date = 'Sun, 22 Nov 2026 09:00:00 GMT';
    await using server = await startServer(send(200, '{}', { date }));
    const { http, clock } = openDoor(server.origin);
    assert.equal((await http.send(get('/a'))).at, Date.parse(date));
    server.reply = (response) => {
      response.sendDate = false;
      response.end('{}');
    };
    assert.equal((await http.send(get('/a'))).at, clock.now());
  });

  it('that lay in a sleeping laptop is asked for anew, and is taken where it says that something was done', async () => {
    const late = (text: string): Reply => (...arrival) => {
      clock.advance(9_000_000);
      send(200, text)(...arrival);
    };
    await using server = await startServer(inTurn(late('"old"'), send(200, '"new"')));
    const { http, clock } = openDoor(server.origin);
    assert.equal((await http.send(get('/a'))).text, '"new"');
    server.reply = late('"done"');
    assert.equal((await http.send(get('/a', { method: 'DELETE' }))).text, '"done"');
    assert.equal(server.received.length, 3);
    await assert.rejects(http.send(get('/a')), failsWith('network'));
  });

  it('can go on for ever, and ends when it falls silent', async () => {
    await using server = await startServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
      setImmediate(() => response.write('data: two\n\n'));
    });
    const { http } = openDoor(server.origin);
    const answer = await http.send(get('/logs', { openEnded: { quietMs: 40, maxMs: 10_000 } }));
    assert.equal(answer.text, 'data: one\n\ndata: two\n\n');
  });

  it('can go on without a pause, and ends when its time is up', async () => {
    await using server = await startServer((response) => {
      const drip = setInterval(() => response.write('tick\n'), 2);
      response.on('close', () => clearInterval(drip));
    });
    const answer = await openDoor(server.origin).http.send(get('/logs', { openEnded: { quietMs: 10_000, maxMs: 60 } }));
    assert.match(answer.text, /^(?:tick\n)+$/);
  });
});

describe('secrets', () => {
  it('reach neither the log nor an error, even when the server sends them back', async () => {
    await using server = await startServer((response, received) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(`you sent ${received.headers.authorization} and ${canary}`);
    });
    const other = 'other-canary-77';
    const { http, log } = openDoor(server.origin, { secrets: () => [other] });
    const refused = get(`/a/${canary}`, {
      query: { api_key: canary },
      read: (answer) => {
        throw new RentError('badRequest', { detail: `${answer.text} ${other}`, status: 400, instanceKey: '7', cause: new Error(canary) });
      },
    });
    await assert.rejects(http.send(refused), (error) => {
      assert.ok(isRentError(error, 'badRequest'));
      assert.deepEqual([error.status, error.instanceKey], [400, '7']);
      const shown = [String(error), error.stack, error.detail, JSON.stringify(error), String(error.cause)].join('\n');
      assert.ok(!shown.includes(canary) && !shown.includes(other), shown);
      return true;
    });
    assert.equal(log.lines.length, 1);
    assert.ok(!log.lines.join().includes(canary), log.lines.join());
  });

  it('stay behind when the connection fails, although axios hands over the whole request', async () => {
    const server = await startServer(send(200, '{}'));
    await server[Symbol.asyncDispose]();
    const { http, log } = openDoor(server.origin);
    await assert.rejects(http.send(get('/a', { retry: 'never' })), (error) => {
      assert.ok(isRentError(error, 'network'));
      assert.match(error.detail ?? '', /ECONNREFUSED/);
      assert.equal(error.cause, undefined);
      assert.ok(!JSON.stringify(error).includes(canary));
      return true;
    });
    assert.ok(!log.lines.join().includes(canary));
  });
});

describe('the log', () => {
  it('has one line for each request', async () => {
    await using server = await startServer(send(200, '{}'));
    const { http, log } = openDoor(server.origin);
    await http.send(get('/api/v0/users/current', { query: { owner: 'me' } }));
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0] ?? '', /^debug GET \/api\/v0\/users\/current 200 \d+ ms$/);
  });
});

describe('a door', () => {
  it('loads nothing and sends nothing until it is used', async () => {
    await using server = await startServer(send(200, '{}'));
    const { clock, log } = openDoor(server.origin);
    createHttp({ origin: server.origin, key: () => Promise.reject(new Error('asked')), clock, log, userAgent: 'x' });
    assert.equal(server.received.length, 0);
  });
});
