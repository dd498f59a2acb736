import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Answer } from '../../../../src/domain/http.ts';
import { askedWaitMs, backoffMs, mayRepeat, rateLimited } from '../../../../src/providers/http/retry.ts';

const at = Date.UTC(2026, 10, 22, 12);
const answer = (headers: Record<string, string>, text = '', status = 429): Answer => ({ status, headers, text, at });

describe('what may be sent again', () => {
  const statuses = [undefined, 200, 301, 400, 401, 403, 404, 408, 409, 410, 429, 500, 501, 502, 503, 504];

  it('is after failures that pass for a safe call, after 429 alone for a refused one, never else', () => {
    assert.deepEqual(statuses.filter((status) => mayRepeat('safe', status)), [undefined, 429, 500, 502, 503, 504]);
    assert.deepEqual(statuses.filter((status) => mayRepeat('refused', status)), [429]);
    assert.deepEqual(statuses.filter((status) => mayRepeat('never', status)), []);
  });

  it('waits twice as long each time, and not at the same moment as others', () => {
    assert.deepEqual([1, 2, 3].map((attempt) => backoffMs(attempt, () => 0)), [1_000, 2_000, 4_000]);
    assert.deepEqual([1, 2, 3].map((attempt) => backoffMs(attempt, () => 1)), [500, 1_000, 2_000]);
  });
});

describe('the wait a server asks for', () => {
  it('is none when it says nothing', () => {
    for (const silent of [answer({}), answer({ 'retry-after': 'soon' }), answer({}, '{"retry_after":"soon"}'), answer({ ratelimit: 'rubbish' }), answer({}, 'API requests too frequent')]) {
      assert.equal(askedWaitMs(silent), undefined);
    }
  });

  it('comes in seconds or as a date by the server\'s clock', () => {
    assert.equal(askedWaitMs(answer({ 'retry-after': '7' })), 7_000);
    assert.equal(askedWaitMs(answer({ 'retry-after': new Date(at + 9_000).toUTCString() })), 9_000);
    assert.equal(askedWaitMs(answer({ 'retry-after': new Date(at - 9_000).toUTCString() })), 0);
    assert.equal(askedWaitMs(answer({ 'retry-after': '3' }, '', 503)), 3_000);
  });

  it('comes in the body', () => {
    assert.equal(askedWaitMs(answer({}, '{"success":false,"retry_after":12}')), 12_000);
    assert.equal(askedWaitMs(answer({}, '{"retry_after":"1.5"}')), 1_500);
    assert.equal(askedWaitMs(answer({}, '{"retry_after":12}', 200)), undefined);
  });

  it('is over when every window that is spent has passed', () => {
    const windows = '"minute";r=0;t=12, "hour";r=2990;t=1800, "day";r=0;t=40';
    assert.equal(askedWaitMs(answer({ ratelimit: windows })), 40_000);
    assert.equal(askedWaitMs(answer({ ratelimit: windows, 'retry-after': '50' })), 50_000);
    assert.equal(askedWaitMs(answer({ ratelimit: '"minute";r=10;t=12' })), undefined);
  });

  it('ends when a quota is renewed', () => {
    assert.equal(askedWaitMs(answer({ 'x-ratelimit-reset': String(at / 1000 + 3_600) })), 3_600_000);
    assert.equal(askedWaitMs(answer({ 'x-ratelimit-reset': String(at / 1000 - 60) })), 0);
    assert.equal(askedWaitMs(answer({ 'x-ratelimit-reset': String(at / 1000 + 60) }, '', 200)), undefined);
    assert.equal(askedWaitMs(answer({ 'x-ratelimit-reset': '17' })), undefined);
  });

  it('never comes out as anything but a time, whatever the header holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (header, windows, body) => {
        const wait = askedWaitMs(answer({ 'retry-after': header, ratelimit: windows }, body));
        assert.ok(wait === undefined || (Number.isFinite(wait) && wait >= 0));
      }),
    );
  });

  it('goes into the error', () => {
    const error = rateLimited(answer({ 'retry-after': '7' }), 'too frequent');
    assert.deepEqual([error.code, error.status, error.retryAfterMs, error.detail], ['rateLimited', 429, 7_000, 'too frequent']);
    assert.equal(rateLimited(answer({})).retryAfterMs, undefined);
  });
});
