import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isRentError } from '../../../../src/domain/errors.ts';
import type { Hub } from '../../../../src/domain/hub.ts';
import { configCall, createHub, isHubName, splitsCall } from '../../../../src/providers/hub/hub.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { send, startServer, type LocalServer } from '../http/localServer.ts';

const hubAt = (server: LocalServer): Hub => createHub({ clock: systemClock, log: new FakeLog(), version: 'test', origins: { hub: server.origin, viewer: server.origin } });
const sizes = { size: { dataset: { num_rows: 110 }, splits: [{ dataset: 'a/b', config: 'default', split: 'train', num_rows: 100 }, { dataset: 'a/b', config: 'default', split: 'test', num_rows: 10 }] } };

describe('the Hub', () => {
  it('is asked for a configuration by its name, without a key', async () => {
    await using server = await startServer(send(200, '{"hidden_size": 64}'));
    assert.equal(await hubAt(server).config('some-one/My.Model_7B'), '{"hidden_size": 64}');
    assert.deepEqual(server.received.map(({ method, url, headers }) => [method, url, headers.authorization, headers.cookie, headers['user-agent']]), [['GET', '/some-one/My.Model_7B/resolve/main/config.json', undefined, undefined, 'gpu-rental/test']]);
  });

  it('is followed where it sends to another of its addresses', async () => {
    await using server = await startServer((response, { url }) => {
      if (url.startsWith('/api/')) response.writeHead(200).end('{"x": 1}');
      else response.writeHead(307, { location: '/api/resolve-cache/config.json' }).end();
    });
    assert.equal(await hubAt(server).config('a/b'), '{"x": 1}');
    assert.equal(server.received.length, 2);
  });

  it('counts the rows of each split', async () => {
    await using server = await startServer(send(200, JSON.stringify(sizes)));
    assert.deepEqual(await hubAt(server).splits('a/b'), [{ config: 'default', split: 'train', rows: 100 }, { config: 'default', split: 'test', rows: 10 }]);
    assert.equal(server.received[0]?.url, '/size?dataset=a%2Fb');
  });

  for (const status of [401, 403, 404]) {
    it(`knows nothing where the answer is ${status}`, async () => {
      await using server = await startServer(send(status, '{"error":"gated"}'));
      assert.deepEqual([await hubAt(server).config('a/b'), await hubAt(server).splits('a/b')], [undefined, undefined]);
    });
  }

  it('fails with a code when it is down, and where the answer is no list', async () => {
    await using server = await startServer(send(500, 'oops'));
    await assert.rejects(hubAt(server).config('a/b'), (error) => isRentError(error, 'serverError'));
    server.reply = send(200, '{"size": []}');
    await assert.rejects(hubAt(server).splits('a/b'), (error) => isRentError(error, 'badResponse'));
    server.reply = send(200, 'x'.repeat(600_000));
    await assert.rejects(hubAt(server).config('a/b'), (error) => isRentError(error, 'badResponse'));
  });

  it('fails where nobody answers', async () => {
    const { origin } = await (async () => { await using server = await startServer(send(200, '')); return server; })();
    await assert.rejects(createHub({ clock: systemClock, log: new FakeLog(), version: 'test', origins: { hub: origin, viewer: origin } }).config('a/b'), (error) => isRentError(error, 'network'));
  });

  it('is never asked for anything that is no name', async () => {
    await using server = await startServer(send(200, '{}'));
    for (const name of ['gpt2', '../etc/passwd', 'a/../b', 'a/b/c', 'a/b?x=1', 'a/b#c', '//evil.example/a', 'https://evil/a', 'a b/c', 'a/b\n', '']) {
      assert.ok(!isHubName(name), name);
      await assert.rejects(async () => hubAt(server).config(name), (error) => isRentError(error, 'badRequest'));
    }
    assert.equal(server.received.length, 0);
    fc.assert(fc.property(fc.string(), (name) => { assert.ok(!isHubName(name) || /^[\w.-]+\/[\w.-]+$/.test(name)); }));
  });

  it('has a limit of time for each call, and never asks again by itself', () => {
    for (const call of [configCall('a/b'), splitsCall('a/b')]) assert.deepEqual([call.method, call.key, call.timeoutMs, call.retry], ['GET', 'none', 10_000, 'refused']);
  });
});
