import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRentError } from '../../../../src/domain/errors.ts';
import { csvRows } from '../../../../src/providers/catalogues/csvRows.ts';

const rows = (text: string, only?: (value: string) => boolean): unknown[] => [...csvRows(text, { needed: ['a', 'b'], wanted: ['c'], ...(only === undefined ? {} : { only }) })];
const refused = (text: string): void => assert.throws(() => rows(text), (error) => isRentError(error, 'badResponse'), text);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('rows of a table', () => {
  it('are told by the names of the head, whichever order it has and whatever else', () => {
    assert.deepEqual(rows('x,b,a\n1,2,3\n4,5,6\n'), [{ a: '3', b: '2' }, { a: '6', b: '5' }]);
    assert.deepEqual(rows('a,b,c\r\n1,,3\r\n'), [{ a: '1', b: '', c: '3' }]);
    assert.deepEqual(rows('a,b\n1,2\n\n'), [{ a: '1', b: '2' }], 'an empty line is none');
  });

  it('hold what quotes keep together', () => {
    assert.deepEqual(rows('a,b\n"1,5","say ""no""\nor"\n2,3\n'), [{ a: '1,5', b: 'say "no"\nor' }, { a: '2', b: '3' }]);
  });

  it('come back as they were written', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 20 }), fc.constantFrom('\n', '\r\n'), (cells, end) => {
      const text = ['a,b', ...cells.map(([a, b]) => `${quoted(a)},${quoted(b)}`)].map((line) => line + end).join('');
      assert.deepEqual(rows(text), cells.map(([a, b]) => ({ a, b })));
    }));
  });

  it('are those that matter, wherever the column stands that says so', () => {
    const wanted = [{ a: 'x', b: '1' }, { a: 'x', b: '3' }];
    for (const text of ['a,b\nx,1\ny,2\n"x",3\n', 'b,a\n1,x\n2,y\n3,"x"\n', 'a,b,d\nx,1,"q\ny,9,9"\ny,2,"x,1\n"\nx,3,\n']) assert.deepEqual(rows(text, (value) => value === 'x'), wanted, text);
  });

  it('are none of a table that was cut anywhere but at the end of a line', () => {
    const text = 'a,b,c\n1,2,3\n"4,4",5,6\n7,8,9\n';
    for (let length = 0; length < text.length; length++) {
      const part = text.slice(0, length);
      if (!part.endsWith('\n')) refused(part);
    }
    refused('a,b\n1,2\n3\n');
    refused('a,b\n1,2,3\n');
    refused('a,b\n"1,2\n');
    // One quote too many must not make the rest be looked at again and again.
    refused(`a,b\n"1,2\n${'3,4\n'.repeat(300_000)}`);
  });

  it('are none of a table without the columns that are needed', () => {
    refused('a,d\n1,2\n');
    refused('\n');
    refused('<html>\n');
  });
});
