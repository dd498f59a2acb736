import assert from 'node:assert/strict';
import { isDefiniteRefusal, isRentError } from '../../../../src/domain/errors.ts';
import type { GuardTerms } from '../../../../src/domain/guard.ts';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer } from '../../../../src/domain/offer.ts';
import type { CreateOrder } from '../../../../src/domain/provider.ts';
import { create as createOn, longestOnstart, onstart } from '../../../../src/providers/vast/create.ts';
import { readOffers } from '../../../../src/providers/vast/searchCalls.ts';
import { answer, at, outcome, recorded, recordedRefusals, withCode } from './support.ts';

function offer(kind: Offer['kind'] = 'on-demand'): Offer {
  const [found] = readOffers([recorded('offer')], { kind, diskGb: 55, at }).offers.values();
  return found ?? assert.fail();
}
const order = (change: Partial<CreateOrder> = {}): CreateOrder => ({
  offer: offer(), label: 'gpu-rental-ab12cd-01kav', image: 'vastai/pytorch:@vastai-automatic-tag', publicKey: 'ssh-ed25519 AAAA me', env: {}, ...change,
});

const origin = 'https://console.vast.ai';
const create = (wanted: CreateOrder) => createOn(wanted, origin);

describe('the create of Vast', () => {
  it('asks for exactly what was quoted, once', () => {
    const call = create(order({ env: { HF_HOME: '/workspace/hf' } }));
    assert.deepEqual([call.method, call.path, call.key, call.retry, call.timeoutMs], ['PUT', '/api/v0/asks/21530417/', 'required', 'never', 120_000]);
    assert.ok((call.pace.gapMs ?? 0) > 4_500);
    assert.deepEqual(call.body, {
      client_id: 'me',
      image: 'vastai/pytorch:@vastai-automatic-tag',
      disk: 55,
      label: 'gpu-rental-ab12cd-01kav',
      env: { HF_HOME: '/workspace/hf' },
      runtype: 'ssh_direc ssh_proxy',
      onstart: 'touch ~/.no_auto_tmux',
      target_state: 'running',
      cancel_unavail: true,
    });
  });

  it('bids what was shown, because without a price it would be on demand', () => {
    const call = create(order({ offer: offer('interruptible') }));
    assert.equal(call.path, '/api/v0/asks/21530417/');
    assert.equal((call.body as { price: number }).price, 0.213334);
    assert.equal((call.body as { price: number }).price * 1e6, offer('interruptible').price.gpu);
  });

  it('never bids nothing', () => {
    const free = { ...offer('interruptible'), price: { gpu: usdPerHour(0), disk: usdPerHour(0), stoppedDisk: usdPerHour(0) } };
    assert.throws(() => create(order({ offer: free })), withCode('bidTooLow'));
  });

  it('refuses what is not its offer', () => {
    for (const change of [{ id: 'runpod:21530417' as const, provider: 'runpod' as const }, { id: 'vast:x' as const }, { id: 'vast:21530417-bid' as const }, { id: 'vast:../1' as const }]) {
      assert.throws(() => create(order({ offer: { ...offer(), ...change } })), withCode('offerGone'), change.id);
    }
  });

  it('starts the guard before all else, and both fit at their longest', () => {
    const largest: GuardTerms = {
      label: 'gpu-rental-ab12cd-01kavabcdefghijklmnopqrstu', rate: usdPerHour(999), offRate: usdPerHour(99), budget: usd(999_999), useMs: 1e15 - 1, deadlineAt: 1e15 - 1, idleMs: 0, action: 'destroy',
    };
    for (const from of [origin, 'http://127.0.0.1:65535']) {
      const text = onstart(largest, from);
      assert.ok(text.length <= longestOnstart, String(text.length));
      assert.match(text, /^\(G=\$\(echo [\w+/=]+\|base64 -d\|gzip -dc\);[^\n]*\)&\ntouch ~\/\.no_auto_tmux$/);
    }
    assert.equal(onstart(undefined, origin), 'touch ~/.no_auto_tmux');
  });

  it('refuses terms that no guard could keep before anything is sent', () => {
    const terms: GuardTerms = { label: 'gpu-rental-ab12cd-01kav', rate: usdPerHour(1), offRate: usdPerHour(0.01), budget: usd(5), useMs: 3_600_000, deadlineAt: at + 3_600_000, idleMs: 0, action: 'stop' };
    assert.match((create(order({ guard: terms })).body as { onstart: string }).onstart, / g start gpu-rental-ab12cd-01kav 1000000 10000 5000000 3600 /);
    for (const wrong of [{ label: 'x; rm -rf /' }, { budget: usd(0) }, { useMs: -1 }, { deadlineAt: Number.NaN }, { rate: Number.POSITIVE_INFINITY as never }]) {
      assert.throws(() => create(order({ guard: { ...terms, ...wrong } })), withCode('badRequest'), JSON.stringify(wrong));
    }
    assert.throws(() => createOn(order({ guard: terms }), 'https://x example'), withCode('badRequest'));
  });

  it('gives the key of the new instance, and nothing of its own API key', () => {
    const secret = '0a'.repeat(32);
    assert.equal(create(order()).read(answer({ success: true, new_contract: 27_104_455, instance_api_key: secret })), '27104455');
    assert.equal(create(order()).read(answer({ new_contract: '27104455' })), '27104455');
    assert.throws(() => create(order()).read(answer({ success: true, instance_api_key: secret })), (error) => isRentError(error, 'badResponse') && !String(error).includes(secret));
  });

  for (const [name, { status, body, code }] of recordedRefusals('createRefusals')) {
    it(`made nothing when it was refused: ${name}`, () => assert.deepEqual(outcome(create(order()), answer(body, status)), { code, instanceKey: undefined }));
  }

  for (const [what, given] of [
    ['an accepted bid in a refusal', answer({ success: false, error: 'no_such_ask', msg: 'error 400/3605: no_such_ask', new_contract: 27_000_001 }, 400)],
    ['a server error that names a machine', answer({ success: false, new_contract: 27_000_001 }, 500)],
    ['a refusal with 200 that names a machine', answer({ success: false, new_contract: 27_000_001 })],
  ] as const) {
    it(`names the machine it made: ${what}`, () => {
      const read = outcome(create(order()), given);
      assert.ok(typeof read === 'object' && read.instanceKey === '27000001');
    });
  }

  for (const [what, given] of [
    ['a server error', answer('oops', 500)],
    ['a page of a gateway', answer('<html>502</html>', 502)],
    ['a page with 200', answer('<html>Just a moment...</html>')],
    ['a page with 403', answer('<html>blocked</html>', 403)],
    ['half an answer', answer('{"success":true,"new_contract":2710')],
    ['an empty answer', answer('')],
    ['a success without a machine', answer({ success: true })],
    ['a redirect', answer('Moved', 307)],
  ] as const) {
    it(`leaves open what happened: ${what}`, () => {
      assert.throws(() => create(order()).read(given), (error) => isRentError(error) && !isDefiniteRefusal(error) && error.instanceKey === undefined);
    });
  }
});
