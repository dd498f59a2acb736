import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { RentError } from '../../../../src/domain/errors.ts';
import { createRedactor, redactingLog, strike, struck } from '../../../../src/providers/http/redact.ts';
import { excerpt } from '../../../../src/providers/http/read.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { anyText } from './anyText.ts';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const token = fc.string({ unit: fc.constantFrom(...letters), minLength: 12, maxLength: 60 });
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const anything = fc.oneof(
  anyText(60),
  fc.constantFrom('', '"', '\\"', '{"a":', 'Bearer ', 'abc', '0123456789abcdef', '\n', '-----BEGIN ', '&x=1', 'é', '•••'),
);

/** The ways in which a secret is written where providers and clients write it. */
const shapes: readonly (readonly [string, fc.Arbitrary<{ secret: string; text: string }>])[] = [
  ['Bearer header', token.map((secret) => ({ secret, text: `Authorization: Bearer ${secret}` }))],
  ['Lambda key', token.map((secret) => ({ secret, text: `secret_my-key.${secret}` }))],
  ['RunPod key', token.map((secret) => ({ secret: `rpa_${secret}`, text: `rpa_${secret}` }))],
  ['Vast key', hex.map((secret) => ({ secret, text: secret }))],
  ['key in a query', token.map((secret) => ({ secret, text: `?api_key=${secret}` }))],
  ['key of an instance', token.map((secret) => ({ secret, text: `"instance_api_key": "${secret}"` }))],
  ['key of an instance in JSON in JSON', token.map((secret) => ({ secret, text: `\\"instance_api_key\\":\\"${secret}\\"` }))],
  ['Jupyter token', token.map((secret) => ({ secret, text: `"jupyter_token":"${secret}"` }))],
  ['private key', token.map((secret) => ({ secret, text: `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----` }))],
  ['private key that breaks off', token.map((secret) => ({ secret, text: `-----BEGIN RSA PRIVATE KEY-----\n${secret}` }))],
];

describe('striking out by shape', () => {
  for (const [name, shape] of shapes) {
    it(`leaves nothing of a ${name}, whatever stands around it`, () => {
      fc.assert(
        fc.property(anything, shape, anything, (before, { secret, text }, after) => {
          assert.ok(!strike(before + text + after).includes(secret));
        }),
      );
    });
  }

  it('leaves ordinary text alone', () => {
    for (const text of [
      'error 404/3603: no_such_ask Instance type by id 12 is not available.',
      'GET /api/v0/instances/123/ 200 31 ms',
      'success, running pytorch/pytorch_2.3/ssh',
      'sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709',
      'Unexpected token < in JSON at position 0',
    ]) {
      assert.equal(strike(text), text);
    }
  });

  it('keeps what tells that there was a secret', () => {
    assert.equal(strike('Authorization: Bearer abcdef'), `Authorization: Bearer ${struck}`);
    assert.equal(strike('{"success":true,"instance_api_key":"0aa1","new_contract":7}'), `{"success":true,"instance_api_key":"${struck}","new_contract":7}`);
  });
});

describe('striking out what is known', () => {
  const known = fc.string({ unit: 'grapheme-ascii', minLength: 4, maxLength: 40 }).filter((secret) => secret.trim() === secret && !struck.includes(secret));

  it('leaves no known secret, as it is, in a URL, in JSON or in base64', () => {
    fc.assert(
      fc.property(fc.array(known, { minLength: 1, maxLength: 4 }), anything, anything, (secrets, before, after) => {
        const redact = createRedactor(() => secrets);
        for (const secret of secrets) {
          for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
            assert.ok(!redact(before + form + after).includes(form), `${form} of ${secret}`);
          }
          const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
          if (base64.length >= 12) assert.ok(!redact(before + base64 + after).includes(base64));
        }
      }),
    );
  });

  it('asks for the secrets each time', () => {
    const secrets: string[] = [];
    const redact = createRedactor(() => secrets);
    assert.equal(redact('the key canary-1'), 'the key canary-1');
    secrets.push('canary-1');
    assert.equal(redact('the key canary-1'), `the key ${struck}`);
  });
});

describe('a log that strikes out', () => {
  it('keeps canaries out of messages, objects, errors and their causes', () => {
    const canary = 'canary-5f2e';
    const kept = new FakeLog();
    const log = redactingLog(kept, createRedactor(() => [canary]));
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    log.debug(`with ${canary}`, { headers: { authorization: canary } }, [canary], loop);
    log.info('ordinary', 7, undefined, null);
    log.warn('warned', new RentError('network', { detail: canary, cause: new Error(canary) }));
    log.error(new Error(`failed with ${canary}`), canary);
    const text = kept.lines.join('\n');
    assert.ok(!text.includes(canary), text);
    assert.equal(kept.lines.length, 4);
    assert.match(text, /info ordinary 7 undefined null/);
    assert.match(text, /error Error: failed with •••/);
  });
});

describe('an excerpt', () => {
  it('is one short line without secrets, however long the text is', () => {
    fc.assert(
      fc.property(anything, hex, fc.integer({ min: 0, max: 400 }), (before, secret, padding) => {
        const line = excerpt(`${before}${'x '.repeat(padding)}"jupyter_token":"${secret}"${'y'.repeat(500)}`);
        assert.ok(line.length <= 200);
        assert.ok(!/[\n\r]/.test(line));
        for (let length = 12; length <= 64; length++) assert.ok(!line.includes(secret.slice(0, length)), line);
      }),
    );
  });
});
