import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { readAccount } from '../../../../src/providers/lambda/account.ts';
import { answer, data, fakeHttp, instance, never, refused, withCode, type Asked } from './support.ts';

const owner = 'lrn:cloud:account:fedcba9876543210fedcba9876543210';
const event = (change: object = {}) => ({ service_name: 'cloud', resource_name: 'api_key', resource_owner_lrn: owner, ...change });

const account = (audit: ReturnType<typeof data> | Error, list: ReturnType<typeof data> | Error = data([instance()])) => {
  const http = fakeHttp((asked: Asked) => (asked.path === '/api/v1/audit-events' ? audit : list));
  return { http, read: readAccount(http, never()) };
};

describe("an account at Lambda", () => {
  it('is known by who owns what happened in it', async () => {
    assert.deepEqual(await account(data([event()])).read, { id: owner });
    assert.deepEqual(await account(data([event({ resource_owner_lrn: null }), 'odd', event({ resource_owner_lrn: 'lrn:cloud:account:../x' }), event()])).read, { id: owner });
    assert.deepEqual(await account(data([])).read, {});
  });

  it('is good without being known, where its key may not read that', async () => {
    for (const reply of [refused(403, 'global/forbidden'), refused(404, 'global/not-found'), answer(200, '<html>')]) {
      const { http, read } = account(reply);
      assert.deepEqual(await read, {});
      assert.deepEqual(http.asked.map(({ path }) => path), ['/api/v1/audit-events', '/api/v1/instances']);
    }
  });

  it('is not believed to be anybody when nobody was heard', async () => {
    for (const [reply, code] of [[new RentError('network'), 'network'], [answer(503, ''), 'serverError'], [answer(429, ''), 'rateLimited']] as const) {
      await assert.rejects(account(reply).read, withCode(code));
    }
  });

  it('has a key that is no good where Lambda says so, of either', async () => {
    await assert.rejects(account(refused(401, 'global/invalid-api-key')).read, withCode('auth'));
    await assert.rejects(account(refused(403, 'global/account-inactive'), refused(403, 'global/account-inactive')).read, withCode('accountInactive'));
  });
});
