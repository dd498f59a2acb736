import assert from 'node:assert/strict';
import { isRentError, RentError } from '../../../../src/domain/errors.ts';
import type { Answer } from '../../../../src/domain/http.ts';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import type { Provider } from '../../../../src/domain/provider.ts';
import { createVast } from '../../../../src/providers/vast/vast.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { answer, never, recorded, recordedRefusals, scripted, withCode, type Asked, type ScriptedHttp } from './support.ts';

const success = answer({ success: true });
const queued = answer({ success: false, error: 'resources_unavailable', msg: 'Required resources are currently unavailable, state change queued.' });

function adapter(reply: (call: Asked, count: number) => Answer): { vast: ReturnType<typeof createVast>; http: ScriptedHttp } {
  const http = scripted(reply);
  return { vast: createVast(http, { clock: new FakeClock(), log: new FakeLog() }), http };
}

describe('Vast behind the port', () => {
  it('says who it is', () => {
    const { id, traits } = adapter(() => success).vast;
    assert.equal(id, 'vast');
    assert.equal(traits.name, 'Vast.ai');
    assert.match(traits.defaultImage, /^vastai\/.+:@vastai-automatic-tag$/);
    for (const url of [traits.keysUrl, traits.billingUrl]) assert.equal(new URL(url).origin, 'https://cloud.vast.ai');
  });

  it('shows the credit, a name and whose it is, and nothing else of the account', async () => {
    const account = await adapter(() => answer(recorded('user'))).vast.account(never());
    assert.deepEqual(account, { id: '104211', balance: usd(17.25), name: 'someone' });
    assert.deepEqual(await adapter(() => answer({ credit: '-0.5' })).vast.account(never()), { balance: usd(-0.5) });
    await assert.rejects(adapter(() => answer({ balance: 3 })).vast.account(never()), (error) => isRentError(error, 'badResponse'));
  });

  it('keeps the account\'s own key out of the error when the account is unreadable', async () => {
    const { credit: _, ...rest } = recorded('user');
    await assert.rejects(adapter(() => answer(rest)).vast.account(never()), (error) => isRentError(error, 'badResponse') && !String(error).includes(String(rest['api_key'])));
  });

  for (const name of ['noKey', 'unknownKey', 'deletedKey', 'twoFactor', 'lacksRight']) {
    it(`tests a key: ${name}`, async () => {
      const [, { status, body, code }] = recordedRefusals('refusals').find(([each]) => each === name) ?? assert.fail();
      await assert.rejects(adapter(() => answer(body, status)).vast.account(never()), withCode(code));
    });
  }

  it('carries out every action with one call', async () => {
    const actions: readonly (readonly [(vast: Provider) => Promise<void>, string])[] = [
      [(vast) => vast.start('7'), 'PUT /api/v0/instances/7/ {"state":"running"}'],
      [(vast) => vast.stop('7'), 'PUT /api/v0/instances/7/ {"state":"stopped"}'],
      [(vast) => vast.reboot('7'), 'PUT /api/v0/instances/reboot/7/ {}'],
      [(vast) => vast.destroy('7'), 'DELETE /api/v0/instances/7/ {}'],
      [(vast) => vast.admitKey('7', 'ssh-ed25519 AAAA', never()), 'POST /api/v0/instances/7/ssh/ {"ssh_key":"ssh-ed25519 AAAA"}'],
      [async (vast) => vast.changeBid?.('7', usdPerHour(0.25)), 'PUT /api/v0/instances/bid_price/7/ {"client_id":"me","price":0.25}'],
    ];
    for (const [act, expected] of actions) {
      const { vast, http } = adapter(() => success);
      await act(vast);
      assert.deepEqual(http.asked.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`), [expected]);
    }
  });

  it('rejects, rather than throws, for a key that is none', async () => {
    const { vast, http } = adapter(() => success);
    for (const work of [() => vast.get('x', never()), () => vast.start('x'), () => vast.stop('x'), () => vast.reboot('x'), () => vast.destroy('x'), () => vast.logs('x', never()), () => vast.admitKey('x', 'k', never())]) {
      await assert.rejects(work(), withCode('badRequest'));
    }
    assert.equal(http.asked.length, 0);
  });
});

describe('a start that Vast queues', () => {
  const states = (http: ScriptedHttp): unknown[] => http.asked.map(({ body }) => body);

  it('is taken back at once, so that it never runs unasked', async () => {
    const { vast, http } = adapter((_, count) => (count === 1 ? queued : success));
    await assert.rejects(vast.start('7'), withCode('startQueued'));
    assert.deepEqual(states(http), [{ state: 'running' }, { state: 'stopped' }]);
  });

  it('says so when it could not be taken back', async () => {
    const { vast } = adapter((_, count) => {
      if (count > 1) throw new RentError('network');
      return queued;
    });
    await assert.rejects(vast.start('7'), (error) => isRentError(error, 'startQueued') && /may start by itself/.test(error.detail ?? '') && isRentError(error.cause, 'network'));
  });

  it('is the only refusal that is followed by anything', async () => {
    for (const [name, { status, body }] of recordedRefusals('refusals')) {
      const { vast, http } = adapter(() => answer(body, status));
      await assert.rejects(vast.start('7'), name);
      assert.equal(http.asked.length, 1, name);
    }
  });
});
