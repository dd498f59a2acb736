import assert from 'node:assert/strict';
import { isRentError } from '../../../../src/domain/errors.ts';
import { isLoopback, mayLeadTo, parseOrigin } from '../../../../src/providers/http/origin.ts';

describe('the origin of a door', () => {
  for (const [address, origin] of [
    ['https://console.vast.ai', 'https://console.vast.ai'],
    ['https://console.vast.ai/', 'https://console.vast.ai'],
    ['https://EXAMPLE.org:8443', 'https://example.org:8443'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
  ] as const) {
    it(`takes ${address}`, () => assert.equal(parseOrigin(address), origin));
  }

  for (const address of [
    'http://console.vast.ai', 'http://10.0.0.1', 'http://127.0.0.1.evil.org', 'http://localhost.evil.org', 'https://me:secret@example.org', 'https://:secret@example.org', 'https://me@example.org',
    'https://example.org/api', 'https://example.org/?a=1', 'https://example.org/#a', 'ftp://127.0.0.1', 'file:///etc/passwd', 'example.org', '',
  ]) {
    it(`refuses ${address === '' ? 'nothing' : address}`, () => {
      assert.throws(() => parseOrigin(address), (error) => isRentError(error, 'badRequest') && !String(error).includes('secret'));
    });
  }

  it('knows the names of this machine', () => {
    assert.ok(isLoopback(new URL('http://127.9.9.9')));
    assert.ok(!isLoopback(new URL('http://128.0.0.1')));
  });

  it('leads from outside never to this machine, and nowhere without TLS', () => {
    const outside = new URL('https://example.org');
    const here = new URL('http://127.0.0.1:1');
    assert.ok(mayLeadTo(outside, new URL('https://elsewhere.org')));
    assert.ok(!mayLeadTo(outside, here));
    assert.ok(!mayLeadTo(outside, new URL('http://elsewhere.org')));
    assert.ok(mayLeadTo(here, new URL('http://127.0.0.1:2')));
    assert.ok(mayLeadTo(here, outside));
    assert.ok(!mayLeadTo(here, new URL('http://elsewhere.org')));
  });
});
