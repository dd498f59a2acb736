import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCsv } from '../../../../src/estimate/score/csv.ts';

const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('a table of runs as CSV', () => {
  it('names cells by their header, whatever its order and case', () => {
    assert.deepEqual(parseCsv('Model,GPU\nLlama,T4\n'), [{ model: 'Llama', gpu: 'T4' }]);
    assert.deepEqual(parseCsv('gpu,model\nT4,Llama'), [{ gpu: 'T4', model: 'Llama' }]);
  });

  it('reads quoted cells with separators, line ends and doubled quotes', () => {
    assert.deepEqual(parseCsv('a,b\r\n"1,5","say ""x""\nnext"\r\n'), [{ a: '1,5', b: 'say "x"\nnext' }]);
  });

  it('fills rows that are too short and drops cells beyond the header and empty lines', () => {
    assert.deepEqual(parseCsv('a,b\n1\n\n,,\n2,3,4\n'), [{ a: '1', b: '' }, { a: '2', b: '3' }]);
  });

  it('has no rows in an empty file, a lone header, a lone mark', () => {
    for (const text of ['', 'a,b', 'a,b\n', '\uFEFF', '\n\n']) assert.deepEqual(parseCsv(text), [], JSON.stringify(text));
  });

  it('sees past a byte-order mark', () => {
    assert.deepEqual(parseCsv('\uFEFFid,gpu\n1,T4'), [{ id: '1', gpu: 'T4' }]);
  });

  it('keeps what follows a closing quote, and a quote that nobody closed', () => {
    assert.deepEqual(parseCsv('a,b\n"x"y,2'), [{ a: 'xy', b: '2' }]);
    assert.deepEqual(parseCsv('a,b\n1,"open, to the end'), [{ a: '1', b: 'open, to the end' }]);
  });

  it('gives back every table that was quoted by the rules', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r', ' ', 'é') }).map((text) => text.trim());
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\r'), (rows, end) => {
      const text = ['x,y', ...rows.map((row) => row.map(quote).join(','))].join(end);
      assert.deepEqual(parseCsv(text), rows.filter((row) => row.some((each) => each !== '')).map(([x, y]) => ({ x, y })));
    }));
  });

  it('ends on any text at all', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '""', '","') }), (text) => {
      assert.ok(Array.isArray(parseCsv(text)));
    }));
  });
});
