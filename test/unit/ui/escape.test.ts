import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fileName, markdown, plain } from '../../../src/ui/escape.ts';
import { markdownColumns, markdownTable } from '../../../src/ui/table.ts';

const decoded = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
const hostile = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'$([](`*_<>!|\\&#\n\t\u202e\u200b') }));

describe('escape', () => {
  it('leaves ordinary names as they are', () => {
    for (const name of ['RTX 4090', 'Texas, US', 'EU-RO-1', 'Île-de-France, FR', '日本', 'H100 (SXM)']) assert.equal(plain(name), name);
  });

  it('takes icons, links, hidden marks and line breaks out of a label', () => {
    assert.equal(plain('$(rocket) Free'), '$ (rocket) Free');
    assert.equal(plain('[Click](command:evil)'), '[Click] (command:evil)');
    assert.equal(plain('Nor\u202eyaw\u0007\r\nx\u200b'), 'Nor yaw x');
    assert.equal(plain('  a \t b  '), 'a b');
    assert.equal([...plain('😀'.repeat(300), 40)].length, 40);
  });

  it('holds for anything a stranger may write', () => {
    fc.assert(fc.property(hostile, (text) => {
      const label = plain(text);
      assert.doesNotMatch(label, /\$\(|\]\(|[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u);
      assert.ok(label.length <= 200);
    }));
  });

  it('shows in Markdown what was written, and nothing of it acts', () => {
    assert.equal(decoded(markdown('**a** | <b> [c](command:d) `e`', 200)), '**a** | <b> [c] (command:d) `e`');
    fc.assert(fc.property(hostile, (text) => {
      const shown = markdown(text);
      assert.equal(decoded(shown), plain(text));
      assert.doesNotMatch(shown, /[\\`*_{}[\]()+\-.!|~<>:@/$^="]/);
    }));
  });

  it('keeps a table whole whatever is in its cells', () => {
    fc.assert(fc.property(hostile, hostile, (a, b) => {
      const lines = markdownColumns(['x', 'y'], [[a, b]]).split('\n');
      assert.equal(lines.length, 3);
      assert.equal(lines[2]?.split('|').length, 4);
    }));
    assert.equal(markdownTable(['a', 'b'], [['one', undefined], ['two', ''], ['three', '3']]).split('\n').length, 3);
  });

  it('makes names that a terminal and a file can carry', () => {
    assert.equal(fileName('../../etc/passwd'), '..-..-etc-passwd');
    assert.equal(fileName('a;rm -rf $(x)'), 'a-rm -rf - -x-');
    assert.equal(fileName('tren · 2× H100'), 'tren - 2× H100');
  });
});
