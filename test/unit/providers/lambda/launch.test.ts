import assert from 'node:assert/strict';
import { isDefiniteRefusal, RentError } from '../../../../src/domain/errors.ts';
import type { CreateOrder } from '../../../../src/domain/provider.ts';
import { launch, launchCall } from '../../../../src/providers/lambda/launch.ts';
import { addKey } from '../../../../src/providers/lambda/sshKeys.ts';
import { offer } from '../../../fakes/offers.ts';
import { answer, codeThrown, data, fakeHttp, refused, withCode, type Asked } from './support.ts';

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOurs gpu-rental';
const label = 'gpu-rental-abcdef-01m8n7eky96ennb39rse3r0dxg';
const order = (change: Partial<CreateOrder> = {}): CreateOrder => ({
  offer: offer({ id: 'lambda:gpu_1x_a10~us-south-1', provider: 'lambda' }), label, image: 'lambda-stack', publicKey, env: {}, ...change,
});
const launched = data({ instance_ids: ['0920582c7ff041399e34823a0be62549'] });

/** An account with these keys. */
function account(keys: readonly unknown[], reply: (asked: Asked) => ReturnType<typeof data> | Error = () => launched) {
  return fakeHttp((asked) => {
    if (asked.path !== '/api/v1/ssh-keys') return reply(asked);
    return asked.method === 'GET' ? data(keys) : data({ id: 'k', ...(asked.body as object) });
  });
}

describe('a launch at Lambda', () => {
  it('names type, region, our label twice and the key that the account knows, and asks for nothing else', async () => {
    const http = account([{ id: 'a', name: 'theirs', public_key: 'ssh-rsa AAAA them' }, { id: 'b', name: 'laptop', public_key: `${publicKey.replace(' gpu-rental', '')} elsewhere\n` }]);
    assert.equal(await launch(http, order()), '0920582c7ff041399e34823a0be62549');
    assert.deepEqual(http.asked.map(({ method, path }) => `${method} ${path}`), ['GET /api/v1/ssh-keys', 'POST /api/v1/instance-operations/launch']);
    assert.deepEqual(http.asked[1]?.body, {
      region_name: 'us-south-1', instance_type_name: 'gpu_1x_a10', name: label, tags: [{ key: 'gpu-rental', value: label }], ssh_key_names: ['laptop'],
    });
  });

  it('adds our key to the account when it is not there', async () => {
    const http = account([{ id: 'a', name: 'theirs', public_key: 'ssh-rsa AAAA them' }, 'unreadable']);
    await launch(http, order());
    const [, added, asked] = http.asked.map(({ body }) => body as Readonly<Record<string, unknown>>);
    const name = String(added?.['name']);
    assert.equal(added?.['public_key'], publicKey);
    assert.match(name, /^gpu-rental-[0-9a-f]{16}$/);
    assert.deepEqual(asked?.['ssh_key_names'], [name]);
    assert.deepEqual(addKey(`${publicKey} of another day`).body, { name, public_key: `${publicKey} of another day` }, 'the same key has the same name');
  });

  it('names a family of images only where another than the usual one is wanted', async () => {
    const http = account([]);
    await launch(http, order({ image: 'lambda-stack-22-04' }));
    assert.match(JSON.stringify(http.asked[2]?.body), /"image":\{"family":"lambda-stack-22-04"\}/);
  });

  it('leaves once, in its turn among launches and among requests', () => {
    const { retry, pace } = launchCall({});
    assert.equal(retry, 'never');
    assert.ok((pace.gapMs ?? 0) >= 12_000 && (pace.within?.gapMs ?? 0) >= 1000);
  });

  it('refuses before anything is sent what Lambda cannot do', async () => {
    for (const [change, code] of [[{ offer: offer() }, 'offerGone'], [{ offer: offer({ id: 'lambda:x', provider: 'lambda' }) }, 'offerGone'], [{ env: { A: 'b' } }, 'badRequest'], [{ command: 'x' }, 'badRequest']] as const) {
      const http = account([]);
      await assert.rejects(launch(http, order(change)), withCode(code));
      assert.deepEqual(http.asked, []);
    }
  });

  it('was none when the key could not be given, whatever went wrong with it', async () => {
    for (const cause of [new RentError('network'), answer(500, ''), answer(200, '<html>')]) {
      const http = fakeHttp(() => cause);
      await assert.rejects(launch(http, order()), (error) => withCode('notCreated')(error) && isDefiniteRefusal(error));
      assert.ok(http.asked.every(({ path }) => path === '/api/v1/ssh-keys'));
    }
    await assert.rejects(launch(fakeHttp(() => refused(401, 'global/invalid-api-key')), order()), (error) => withCode('auth')(error) && isDefiniteRefusal(error));
  });

  for (const [status, code, ours] of [
    [400, 'instance-operations/launch/insufficient-capacity', 'noCapacity'], [400, 'global/quota-exceeded', 'quota'], [400, 'global/invalid-parameters', 'badRequest'],
    [400, 'global/object-does-not-exist', 'badRequest'], [404, 'global/object-does-not-exist', 'badRequest'], [400, 'instance-operations/launch/file-system-in-wrong-region', 'badRequest'],
    [401, 'global/invalid-api-key', 'auth'], [403, 'global/account-inactive', 'accountInactive'], [403, 'global/invalid-address', 'accountInactive'], [403, 'global/forbidden', 'forbidden'],
    [400, 'instance-operations/launch/something-new', 'badRequest'], [429, 'global/too-many', 'rateLimited'],
  ] as const) {
    it(`was clearly refused by ${status} ${code}`, async () => {
      await assert.rejects(launch(account([], () => refused(status, code)), order()), (error) => withCode(ours)(error) && isDefiniteRefusal(error));
    });
  }

  it('may have been carried out after anything else', async () => {
    const unclear = [
      answer(500, { error: { code: 'global/internal-error', message: '' } }), answer(400, { error: { code: 'provider/internal-unavailable', message: '' } }), answer(403, '<html>'), answer(404, ''),
      answer(502, '<html>'), answer(200, '<html>'), data({}), data({ instance_ids: [] }), data({ instance_ids: ['../x'] }), answer(200, '{"data":{"inst'), answer(408, ''), new RentError('network'),
    ];
    for (const reply of unclear) await assert.rejects(launch(account([], () => reply), order()), (error) => error instanceof RentError && !isDefiniteRefusal(error), JSON.stringify(reply));
  });

  it('keeps the words of a refusal to what can be shown', () => {
    try {
      launchCall({}).read(answer(400, { error: { code: 'global/quota-exceeded', message: 'a\nb\u202e', suggestion: 'secret_x_0123456789abcdef0123456789abcdef.0123456789abcdef0123456789abcdef' } }));
      assert.fail('it was not refused');
    } catch (error) {
      assert.match(String(error), /quota: global\/quota-exceeded: a b/);
      assert.doesNotMatch(String(error), /\u202e/);
    }
    assert.equal(codeThrown(() => launchCall({}).read(launched)), undefined);
  });
});
