import assert from 'node:assert/strict';
import { bundle, translatableCalls, translations } from './support/translatable.ts';

const calls = translatableCalls();
const texts = [...new Set(calls.flatMap(({ message }) => message ?? []))].toSorted();
const english = bundle('l10n/bundle.l10n.json');
const holes = (text: string): string => [...text.matchAll(/\{\d+\}/g)].map(([hole]) => hole).toSorted().join();
const links = (text: string): string => [...text.matchAll(/\]\((command:[^)]*)\)/g)].map(([, target = '']) => target).join();
const codes = (text: string): string => [...text.matchAll(/`[^`]*`/g)].map(([code]) => code).join();

describe('texts', () => {
  it('are written out where they are used, so that they can be found', () => {
    assert.ok(calls.length > 250, 'the search finds them');
    assert.deepEqual(calls.filter(({ message }) => message === undefined).map(({ file }) => file), []);
  });

  it('stand all in the English bundle, and nothing else does', () => {
    assert.deepEqual(Object.keys(english).toSorted(), texts);
    for (const [key, value] of Object.entries(english)) assert.equal(value, key);
  });

  it('fill their holes in order', () => {
    for (const text of texts) {
      const numbers = [...new Set(holes(text).match(/\d+/g) ?? [])].map(Number);
      assert.deepEqual(numbers, numbers.map((_, index) => index), text);
    }
  });

  it('speak calmly', () => {
    for (const text of texts) assert.doesNotMatch(text, /!|\bplease\b|\bsuccessfully\b|\b(terminat|delet|kill)/i, text);
  });
});

for (const [original, pattern] of [['l10n/bundle.l10n.json', 'l10n/bundle.l10n.*.json'], ['package.nls.json', 'package.nls.*.json']] as const) {
  describe(`translations of ${original}`, () => {
    const source = bundle(original);
    const languages = translations(pattern);

    it('exist', () => assert.ok(languages.length > 0));

    for (const language of languages) {
      it(`${language} is complete, with the same holes, links and code`, () => {
        const translated = bundle(language);
        assert.deepEqual(Object.keys(translated).toSorted(), Object.keys(source).toSorted());
        for (const [key, text] of Object.entries(source)) {
          const other = translated[key] ?? '';
          assert.ok(other.trim() !== '', key);
          assert.deepEqual([holes(other), links(other), codes(other)], [holes(text), links(text), codes(text)], key);
          assert.doesNotMatch(other, /[!¡]/, key);
        }
      });

      it(`${language} is a translation`, () => {
        const translated = bundle(language);
        const sentences = Object.entries(source).filter(([, text]) => text !== 'GPU Rental' && text.includes(' ') && /[a-z]{4}/.test(text));
        const same = sentences.filter(([key, text]) => translated[key] === text);
        assert.ok(same.length < sentences.length * 0.03, `left in English: ${same.map(([, text]) => text).join(' | ')}`);
      });
    }
  });
}

it('every language translates both the manifest and the texts', () => {
  const codesOf = (pattern: string): string[] => translations(pattern).map((path) => path.split('.').at(-2) ?? '').toSorted();
  assert.deepEqual(codesOf('l10n/bundle.l10n.*.json'), codesOf('package.nls.*.json'));
});
