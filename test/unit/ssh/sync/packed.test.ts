import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Item } from '../../../../src/ssh/sync/item.ts';
import { Left } from '../../../../src/ssh/sync/left.ts';
import { Packed } from '../../../../src/ssh/sync/packed.ts';

const item = fc.record<Item>({
  kind: fc.constantFrom('file' as const, 'folder' as const, 'link' as const), path: fc.string({ unit: 'grapheme', minLength: 1 }).filter((path) => !path.includes('\0')),
  bytes: fc.nat({ max: 2 ** 31 - 1 }), modified: fc.integer(), mode: fc.nat({ max: 0o777 }),
});

describe('packed items', () => {
  it('come out as they went in, and in their order', () => {
    fc.assert(fc.property(fc.array(item, { maxLength: 50 }), (drawn) => {
      const items = drawn.map((one) => ({ ...one })); // theirs have no prototype
      const packed = new Packed();
      for (const one of items) packed.add(one);
      assert.deepEqual([...packed], items);
      assert.deepEqual([packed.length, packed.files], [items.length, items.filter(({ kind }) => kind !== 'folder').length]);
      assert.equal(packed.bytes, items.reduce((sum, { kind, bytes }) => sum + (kind === 'file' ? bytes : 0), 0));
    }));
  });

  it('are still all there when they are many', () => {
    const packed = new Packed();
    for (let at = 0; at < 5000; at++) packed.add({ kind: 'file', path: `${at}`, bytes: 1, modified: at, mode: 0o644 });
    assert.deepEqual([...packed].map(({ path }) => Number(path)), Array.from({ length: 5000 }, (_, at) => at));
    assert.equal([...packed.paths()].length, 5000);
  });
});

describe('what was left out', () => {
  it('is told with its number where a reason holds for many, and safely', () => {
    const left = new Left();
    left.add('a\n\x1b[2J', 'because');
    for (let at = 0; at < 50; at++) left.add(`${at}`, 'many');
    assert.equal(left.list.length, 1 + 20 + 1);
    assert.deepEqual(left.list[0], { path: 'a\u{fffd}\u{fffd}[2J', why: 'because' });
    assert.deepEqual(left.list.at(-1), { path: '30 more', why: 'many' });
  });
});
