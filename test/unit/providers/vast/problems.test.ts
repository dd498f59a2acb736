import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isDefiniteRefusal, isRentError, type RentError } from '../../../../src/domain/errors.ts';
import { accepted, bidWords, rentWords, startWords } from '../../../../src/providers/vast/problems.ts';
import { answer, recordedRefusals, withCode } from './support.ts';

function refused(work: () => unknown): RentError {
  try {
    work();
  } catch (error) {
    if (isRentError(error)) return error;
    throw error;
  }
  return assert.fail('it was accepted');
}

describe('a refusal of Vast', () => {
  for (const [name, { status, body, code }] of recordedRefusals('refusals')) {
    it(`is ${code}: ${name}`, () => {
      const error = refused(() => accepted(answer(body, status)));
      assert.equal(error.code, code);
      assert.equal(error.status, status);
      assert.ok((error.detail ?? '') !== '' && !/[<>]/.test(code === 'badResponse' && status === 200 ? '' : (error.detail ?? '')));
    });
  }

  for (const [name, { status, body, code }] of recordedRefusals('createRefusals')) {
    it(`of a rental is ${code}: ${name}`, () => {
      const error = refused(() => accepted(answer(body, status), rentWords));
      assert.equal(error.code, code);
      assert.ok(isDefiniteRefusal(error));
    });

    it(`of a rental that made a machine all the same names it: ${name}`, () => {
      const withMachine = { ...(body as object), new_contract: 27_000_001 };
      for (const spelled of [withMachine, { ...withMachine, new_contract: '27000001' }]) {
        const error = refused(() => accepted(answer(spelled, status), rentWords));
        assert.deepEqual([error.code, error.instanceKey, isDefiniteRefusal(error)], [code, '27000001', false]);
      }
    });
  }

  it('of a start that would happen later, unasked, is told apart', () => {
    const body = { success: false, error: 'resources_unavailable', msg: 'Required resources are currently unavailable, state change queued.' };
    assert.equal(refused(() => accepted(answer(body), startWords)).code, 'startQueued');
    assert.equal(refused(() => accepted(answer(body))).code, 'badRequest');
  });

  it('of a bid is told apart', () => {
    const body = { success: false, error: 'invalid_args', msg: 'Please set a bid price >= 0.001.' };
    assert.equal(refused(() => accepted(answer(body, 400), bidWords)).code, 'bidTooLow');
  });

  it('never proves anything when the server failed, whatever it says', () => {
    for (const [, { body }] of [...recordedRefusals('refusals'), ...recordedRefusals('createRefusals')]) {
      for (const status of [500, 502, 503, 504, 520, 408]) {
        const error = refused(() => accepted(answer(body, status), rentWords));
        assert.equal(error.code, 'serverError');
        assert.equal(isDefiniteRefusal(error), false);
      }
    }
  });

  it('carries the wait that is asked for', () => {
    const [, { body, status }] = recordedRefusals('refusals').find(([name]) => name === 'tooFrequentCode') ?? assert.fail();
    assert.equal(refused(() => accepted(answer(body, status))).retryAfterMs, 12_000);
    assert.equal(refused(() => accepted(answer('', 429, { 'retry-after': '3' }))).retryAfterMs, 3_000);
  });

  it('shows no secret and no page', () => {
    const error = refused(() => accepted(answer({ success: false, msg: 'no', instance_api_key: 'x'.repeat(64), error: 'Bearer abcdefgh' }, 400)));
    assert.ok(!String(error).includes('xxx') && !String(error).includes('abcdefgh'));
    assert.ok(!/[<>]/.test(refused(() => accepted(answer('<html><h1>502 Bad Gateway</h1></html>', 502))).detail ?? ''));
  });

  it('is always one of our errors, whatever comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.oneof(fc.string(), fc.json(), fc.json().map((text) => text.slice(0, -1))), (status, text) => {
        try {
          accepted(answer(text, status), rentWords);
          assert.ok(status < 300);
          JSON.parse(text);
        } catch (error) {
          assert.ok(isRentError(error), String(error));
        }
      }),
    );
  });
});

describe('an acceptance', () => {
  it('is any whole answer that does not say no', () => {
    for (const body of [{ success: true }, {}, { new_contract: 7 }, [], null, 'text', 7]) assert.deepEqual(accepted(answer(JSON.stringify(body))), body);
  });

  it('is not what cannot be read', () => {
    for (const text of ['', 'ok', '{"success":true', '<html>']) assert.throws(() => accepted(answer(text)), withCode('badResponse'));
  });
});
