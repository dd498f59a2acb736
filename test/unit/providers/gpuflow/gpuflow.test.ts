import assert from 'node:assert/strict';
import { isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { createGpuFlow, gpuflowOrigin } from '../../../../src/providers/gpuflow/gpuflow.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { quickClock } from '../../../fakes/quickClock.ts';
import { send, startServer, type LocalServer } from '../http/localServer.ts';

const key = 'gfk_0123456789abcdef';
const log = new FakeLog();
const at = ({ origin }: LocalServer) => createGpuFlow({ clock: quickClock(1000), log, version: 'test', origin });
const problem = (code: string): object => ({ error: { message: `the words for ${key}`, type: 'x', code } });

describe('a key of GPUFlow', () => {
  it('is tested by the models that it may ask, at its own address', async () => {
    await using server = await startServer(send(200, { object: 'list', data: [{ id: 'llama-3.1-8b', object: 'model', owned_by: 'x' }, { id: 'two\u202e\nlines', object: 'model' }] }));
    assert.deepEqual(await at(server).models(key), ['llama-3.1-8b', 'two lines']);
    assert.deepEqual(server.received.map(({ method, url, headers, body }) => [method, url, headers.authorization, body]), [['GET', '/v1/models', `Bearer ${key}`, '']]);
    assert.equal(createGpuFlow({ clock: quickClock(1), log, version: 'test' }).baseUrl, `${gpuflowOrigin}/v1`);
  });

  for (const code of ['provider_offline', 'relay_unreachable', 'provider_error', 'provider_unbound']) {
    it(`is good where the answer is ${code}: whoever lends the computer is away`, async () => {
      await using server = await startServer(send(503, problem(code)));
      assert.equal(await at(server).models(key), 'away');
    });
  }

  for (const [status, body, code] of [
    [401, problem('invalid_api_key'), 'auth'], [401, 'no', 'auth'], [400, problem('invalid_api_key'), 'auth'], [403, {}, 'forbidden'], [404, '<html>', 'badResponse'],
    [500, 'oops', 'serverError'], [200, '<html>', 'badResponse'], [200, { data: 'none' }, 'badResponse'],
  ] as const) {
    it(`fails with ${code} where the answer is ${status}`, async () => {
      await using server = await startServer(send(status, body));
      await assert.rejects(at(server).models(key), (error) => isRentError(error, code satisfies ErrorCode) && !String(error).includes(key));
    });
  }

  it('is sent nowhere where it is none, and stands in no log', async () => {
    await using server = await startServer(send(401, problem('invalid_api_key')));
    await assert.rejects(at(server).models(''), (error) => isRentError(error, 'auth'));
    await assert.rejects(at(server).models('two words'), (error) => isRentError(error, 'auth'));
    assert.equal(server.received.length, 0);
    await at(server).models(key).catch(() => undefined);
    assert.ok(log.lines.length > 0 && !log.lines.join().includes(key));
  });

  it('does not follow to another address with the key', async () => {
    await using other = await startServer(send(200, { data: [] }));
    await using server = await startServer((response) => void response.writeHead(302, { location: `${other.origin}/v1/models` }).end());
    await at(server).models(key).catch(() => undefined);
    assert.ok(other.received.every(({ headers }) => headers.authorization === undefined));
  });
});
