import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { isRentError } from '../../../../src/domain/errors.ts';
import type { Answer } from '../../../../src/domain/http.ts';
import { parseWith, readAs, readJson, tryJson } from '../../../../src/providers/http/read.ts';

const answer = (text: string, status = 200): Answer => ({ status, headers: {}, text, at: 0 });
const offers = z.object({ offers: z.array(z.object({ id: z.number() })) });

describe('reading an answer', () => {
  it('gives what the schema promises and passes by what it does not know', () => {
    assert.deepEqual(readAs(offers, answer('{"offers":[{"id":1,"new":true}],"more":1}')), { offers: [{ id: 1 }] });
  });

  for (const [what, text] of [
    ['a page', '<html><head><title>502 Bad Gateway</title></head></html>'],
    ['half an answer', '{"offers":[{"id":1},{"i'],
    ['nothing', ''],
  ] as const) {
    it(`is a bad response for ${what}, and quotes it`, () => {
      assert.throws(() => readJson(answer(text, 502)), (error) => isRentError(error, 'badResponse') && error.status === 502 && (error.detail ?? '').includes(text.slice(0, 10)));
    });
  }

  it('names the place that differs and shows no secret beside it', () => {
    const value = { offers: [{ id: 1 }, { id: 'one', jupyter_token: 'abcdef0123' }] };
    assert.throws(
      () => parseWith(offers, value),
      (error) => isRentError(error, 'badResponse') && /offers\.1\.id: not number/.test(error.detail ?? '') && !/abcdef0123/.test(String(error)),
    );
  });

  it('survives what cannot be printed', () => {
    assert.throws(() => parseWith(offers, undefined), (error) => isRentError(error, 'badResponse'));
  });

  it('tells absence of JSON from JSON', () => {
    assert.equal(tryJson('null'), null);
    assert.equal(tryJson('{'), undefined);
  });
});
