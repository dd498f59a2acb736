import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { placeOf } from '../../../../src/providers/vast/place.ts';
import { anyText } from '../http/anyText.ts';

describe('a place', () => {
  for (const [given, place, country] of [
    ['Norway, NO', 'Norway', 'NO'],
    ['Texas, US', 'Texas, US', 'US'],
    ['United Kingdom, GB', 'United Kingdom', 'GB'],
    ['Czechia, CZ', 'Czechia', 'CZ'],
    [', US', 'US', 'US'],
    ['US', 'US', 'US'],
    ['Guangxi, CN', 'Guangxi, CN', 'CN'],
    ['Norway', 'Norway', undefined],
    ['California, United States', 'California, United States', undefined],
    ['Frankfurt am Main, Hesse, DE', 'Frankfurt am Main, Hesse, DE', 'DE'],
    ['  Texas ,  US ', 'Texas, US', 'US'],
    ['Nowhere, ZZ', 'Nowhere, ZZ', 'ZZ'],
    [',', '', undefined],
    ['', '', undefined],
    [undefined, '', undefined],
  ] as const) {
    it(`of ${JSON.stringify(given)} is ${JSON.stringify(place)} in ${country ?? 'no country'}`, () => {
      assert.deepEqual(placeOf(given), country === undefined ? { place } : { place, country });
    });
  }

  it('is one short line, whatever a host writes', () => {
    fc.assert(
      fc.property(anyText(80), (text) => {
        const { place, country } = placeOf(text);
        assert.ok(place.length <= 64 && !/[\p{Cc}\p{Cf}]/u.test(place));
        assert.ok(country === undefined || /^[A-Z]{2}$/.test(country));
      }),
    );
  });
});
