import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isDefiniteRefusal, isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import type { Answer } from '../../../../src/domain/http.ts';
import { claimRefusal, podRefusal, refusal, saysMissing } from '../../../../src/providers/runpod/problems.ts';
import { answer, anyText, problem } from './support.ts';

const cloudflare = answer(403, '<html><head><title>Access denied</title></head><body>error code: 1010</body></html>');
const gatewayPage = answer(502, '<html><body><h1>502 Bad Gateway</h1></body></html>');
const strange404 = answer(404, '<html><body>nothing here</body></html>');

/** What a refused create must be called; the last column: whether it is sure that nothing was made. */
const createTable: readonly (readonly [string, Answer, ErrorCode, boolean])[] = [
  ['no capacity', problem('noCapacity'), 'noCapacity', true],
  ['no free GPU on the host', problem('noHostGpu'), 'noCapacity', true],
  ['no host with the disk', problem('noDiskSpace'), 'noCapacity', true],
  ['a broken rule', problem('crossField'), 'badRequest', true],
  ['a dead key', problem('unauthorized'), 'auth', true],
  ['no credit', problem('noCredit'), 'noCredit', true],
  ['a pool that is not for this account', problem('forbidden'), 'forbidden', true],
  ['Cloudflare', cloudflare, 'badRequest', true],
  ['an unknown registry', problem('notFound'), 'badRequest', true],
  ['a 404 of some other server', strange404, 'badResponse', false],
  ['too large', problem('tooLarge'), 'badRequest', true],
  ['violations that name the image', problem('violations'), 'badRequest', true],
  ['an image that does not exist', problem('badImage'), 'badImage', true],
  ['too many requests', problem('limited'), 'rateLimited', true],
  ['a gateway', gatewayPage, 'serverError', false],
  ['an error after the fact', answer(500, { error: 'Something went wrong.' }), 'serverError', false],
  ['a time-out of a gateway', answer(408, ''), 'serverError', false],
  ['a withdrawn route', answer(410, { error: 'Gone' }), 'badResponse', false],
  ['a redirect', answer(302, ''), 'badResponse', false],
];

describe('refusals of a create', () => {
  for (const [name, given, code, definite] of createTable) {
    it(`${name}: ${code}`, () => {
      const error = claimRefusal(given);
      assert.ok(isRentError(error, code), `${error.code}`);
      assert.equal(error.status, given.status);
      assert.equal(isDefiniteRefusal(error), definite);
    });
  }

  it('keeps the words that explain it, every violation included', () => {
    assert.equal(claimRefusal(problem('crossField')).detail, 'exactly one of gpu or cpu must be set');
    assert.match(claimRefusal(problem('violations')).detail ?? '', /validation failed.*\$\.image: value must be a string.*bogus/);
    assert.match(claimRefusal(cloudflare).detail ?? '', /^Access denied error code: 1010$/);
    assert.equal(claimRefusal(answer(500, '')).detail, 'HTTP 500');
  });
});

describe('refusals elsewhere', () => {
  it('know no capacity and no image: the same texts are plain refusals there', () => {
    assert.equal(refusal(problem('noCapacity')).code, 'badRequest');
    assert.equal(refusal(problem('badImage')).code, 'badRequest');
    assert.equal(refusal(problem('conflict')).code, 'notAllowed');
  });

  it('say gone only by the word of RunPod itself', () => {
    assert.equal(podRefusal(problem('notFound')).code, 'gone');
    assert.equal(podRefusal(strange404).code, 'badResponse');
    assert.equal(podRefusal(problem('conflict')).code, 'notAllowed');
    assert.equal(saysMissing(problem('notFound')), true);
    for (const other of [strange404, answer(404, ''), answer(404, '{"title":'), answer(404, '[]'), answer(404, {}), problem('conflict')]) {
      assert.equal(saysMissing(other), false);
    }
  });

  it('never turn a server error, whatever it says, into a definite refusal', () => {
    fc.assert(fc.property(fc.integer({ min: 500, max: 599 }), fc.string(), (status, detail) => {
      for (const refuse of [refusal, claimRefusal, podRefusal]) {
        assert.equal(isDefiniteRefusal(refuse(answer(status, { title: 'x', status, detail }))), false);
      }
    }));
  });

  it('keep details to one short printable line', () => {
    fc.assert(fc.property(anyText, (text) => {
      const { detail } = refusal(answer(400, { title: 'Bad Request', status: 400, detail: text }));
      assert.ok(detail !== undefined && detail.length > 0 && detail.length <= 300);
      assert.ok(!/[\p{Cc}\u2028\u2029]/u.test(detail));
    }));
  });
});

describe('the wait after too many requests', () => {
  const limited = (headers: Record<string, string>): number | undefined => refusal(answer(429, { title: 'Too Many Requests', status: 429 }, headers)).retryAfterMs;

  it('is what Retry-After says', () => {
    assert.equal(limited({ 'retry-after': '12' }), 12_000);
    assert.equal(limited({}), undefined);
  });

  it('is the longest of it and of every empty window', () => {
    assert.equal(limited({ 'retry-after': '12', ratelimit: '"minute";r=0;t=12, "hour";r=0;t=1812, "day";r=49500;t=45012' }), 1_812_000);
    assert.equal(limited({ 'retry-after': '30', ratelimit: '"minute";r=0;t=12, "hour";r=2800;t=1812' }), 30_000);
    assert.equal(limited({ ratelimit: '"minute";r=0;t=7' }), 7_000);
    assert.equal(limited({ ratelimit: '"minute";r=10;t=7' }), undefined);
  });

  it('is only read where the answer is a 429', () => {
    assert.equal(refusal(answer(400, problem('crossField').text, { 'retry-after': '12' })).retryAfterMs, undefined);
  });
});
