import assert from 'node:assert/strict';
import fc from 'fast-check';
import { placeBy, placeOf, type FilePlace } from '../../../../src/ui/estimate/places.ts';
import { path, reading } from './support/estimates.ts';

describe('a place that the panel can point at', () => {
  it('is worded by its line in the script, by file and line elsewhere', () => {
    const texts = [{ file: 'a/b.py', line: 3 }, { file: 'a/c.yaml', line: 3 }, { file: 'a/c.yaml' }, {}].map((place) => placeOf(place, 'a/b.py'));
    assert.deepEqual(texts.map((place) => place?.text), ['L3', 'c.yaml:3', 'c.yaml', undefined]);
    assert.deepEqual(texts.map((place) => place?.title), ['a/b.py:3', 'a/c.yaml:3', 'a/c.yaml', undefined]);
  });

  it('is found again by its id, with or without a line, in facts and in gaps', () => {
    const read = reading({ gaps: [{ code: 'missingFile', file: 'a.yaml', detail: 'b.yaml' }] });
    for (const place of [{ file: path, line: 15 }, { file: 'conf/train.yaml', line: 12 }, { file: 'a.yaml' }]) {
      assert.deepEqual(placeBy(placeOf(place, path)?.id ?? '', read), place);
    }
  });

  it('is none when it was not read', () => {
    for (const place of [{ file: path }, { file: path, line: 14 }, { file: '/etc/passwd', line: 15 }]) {
      assert.equal(placeBy(placeOf(place, path)?.id ?? '', reading()), undefined, JSON.stringify(place));
    }
  });

  it('has an id of its own, which is no path', () => {
    const place: fc.Arbitrary<FilePlace> = fc.record({ file: fc.string(), line: fc.integer({ min: 1 }) }, { requiredKeys: ['file'] });
    fc.assert(fc.property(place, place, (one, other) => {
      const [a, b] = [placeOf(one, path)?.id ?? '', placeOf(other, path)?.id ?? ''];
      assert.match(a, /^[\w-]{22}$/);
      assert.equal(a === b, one.file === other.file && one.line === other.line);
    }));
  });
});
