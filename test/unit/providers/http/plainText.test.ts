import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { plainText } from '../../../../src/providers/http/plainText.ts';
import { anyText } from './anyText.ts';

describe('text of strangers', () => {
  it('becomes one line without control characters, never longer than asked', () => {
    fc.assert(
      fc.property(anyText(300), fc.integer({ min: 1, max: 50 }), (text, longest) => {
        const line = plainText(text, longest);
        assert.ok(line.length <= longest);
        assert.ok(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line));
        assert.ok(line.isWellFormed());
        assert.equal(line, line.trim());
        assert.equal(plainText(line, longest), line);
      }),
    );
  });

  it('keeps what people write', () => {
    assert.equal(plainText('  Xeon® Silver 4110\n'), 'Xeon® Silver 4110');
    assert.equal(plainText('Guangxi, CN'), 'Guangxi, CN');
    assert.equal(plainText('a\u001B[31mred\u202Etxt'), 'a [31mred txt');
    assert.equal(plainText('abcdef', 4), 'abc…');
  });
});
