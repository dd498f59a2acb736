import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gridDeed, type GridSize } from '../../../../src/webview/explorer/gridKeys.ts';
import { modelsOf } from '../../../../src/webview/explorer/models.ts';
import { paretoFront } from '../../../../src/webview/explorer/pareto.ts';
import { spreadOf } from '../../../../src/webview/explorer/quartiles.ts';
import { rowWindow, topShowing } from '../../../../src/webview/explorer/rowWindow.ts';
import { edge, nearest, scatter } from '../../../../src/webview/explorer/scatter.ts';
import { cellFigure, cellText, columnOf, orderOf } from '../../../../src/webview/explorer/table.ts';
import { remembering } from '../../../../src/webview/shared/remembering.ts';
import { row, rows, table } from './support.ts';

const scrolled = fc.record({ top: fc.double({ min: -50, max: 400_000, noNaN: true }), height: fc.integer({ min: -20, max: 1200 }), rowHeight: fc.integer({ min: 20, max: 60 }), rows: fc.nat(10_000) });
const columnIds = ['gpu', 'gpuCount', 'vramGb', 'allInUsdPerHour', 'reliability', 'location'] as const;

describe('the rows that are drawn', () => {
  it('cover all that can be seen, and no more than a screen and a little', () => {
    fc.assert(fc.property(scrolled, (at) => {
      const { first, count, before, after } = rowWindow(at);
      assert.ok(first >= 0 && count >= 0 && first + count <= at.rows);
      assert.equal(before + count * at.rowHeight + after, at.rows * at.rowHeight, 'the table is as high as all its rows');
      assert.ok(count <= Math.max(0, at.height) / at.rowHeight + 18);
      const most = Math.max(0, at.rows * at.rowHeight - Math.max(0, at.height));
      const [from, to] = [Math.min(Math.max(0, at.top), most), Math.min(Math.max(0, at.top), most) + Math.max(0, at.height)];
      for (const row of [Math.floor(from / at.rowHeight), Math.min(at.rows - 1, Math.ceil(to / at.rowHeight) - 1)]) {
        if (row >= 0 && row < at.rows && to > from) assert.ok(row >= first && row < first + count, `${row} of ${first} + ${count}`);
      }
    }));
  });

  it('are all there are when they fit', () => {
    assert.deepEqual(rowWindow({ top: 0, height: 600, rowHeight: 28, rows: 5 }), { first: 0, count: 5, before: 0, after: 0 });
    assert.deepEqual(rowWindow({ top: 900, height: 600, rowHeight: 28, rows: 0 }), { first: 0, count: 0, before: 0, after: 0 });
  });

  it('are scrolled to so that the row is seen whole, and only where it is not', () => {
    fc.assert(fc.property(fc.nat(9999), fc.integer({ min: 0, max: 280_000 }), fc.integer({ min: 60, max: 1200 }), fc.integer({ min: 20, max: 60 }), (row, top, height, rowHeight) => {
      const to = topShowing(row, { top, height, rowHeight });
      assert.ok(row * rowHeight >= to && (row + 1) * rowHeight <= to + height);
      if (row * rowHeight >= top && (row + 1) * rowHeight <= top + height) assert.equal(to, top, 'it was seen already');
      assert.equal(topShowing(row, { top: to, height, rowHeight }), to);
    }));
  });
});

describe('the order of the rows', () => {
  it('is that of the column, the other way round when asked, with the unknown last and equals by their price', () => {
    fc.assert(fc.property(rows, fc.constantFrom(...columnIds), fc.boolean(), (all, id, descending) => {
      const of = table(all);
      const order = [...orderOf(of, of.columns, { column: id, descending }, '')];
      assert.deepEqual(order.toSorted((a, b) => a - b), of.offers.map((_, index) => index), 'every row once');
      const ranks = columnOf(of, id)?.ranks;
      order.slice(1).forEach((row, index) => {
        const [before, after] = [ranks?.[order[index] ?? -1] ?? -1, ranks?.[row] ?? -1];
        if (before < 0 || after < 0) assert.ok(after < 0, 'the unknown stand last both ways');
        else assert.ok(descending ? before >= after : before <= after);
        if (before === after) assert.ok((order[index] ?? 0) < row, 'and stay in order of their price');
      });
    }));
  });

  it('holds exactly the rows in which every word stands in some cell', () => {
    fc.assert(fc.property(rows, fc.array(fc.constantFrom('rtx', '4090', 'NORWAY', 'tex', '8×', '80', 'nothing'), { maxLength: 3 }), (all, words) => {
      const of = table(all);
      const expected = of.offers.flatMap((_, index) => (words.every((word) => of.columns.some((column) => cellText(column, index)?.toLowerCase().includes(word.toLowerCase()))) ? [index] : []));
      assert.deepEqual([...orderOf(of, of.columns, { column: 'nothing', descending: false }, ` ${words.join('  ')} `)], expected);
    }));
  });

  it('looks only into what is shown', () => {
    const of = table([row({ place: 'Norway' })]);
    assert.equal(orderOf(of, of.columns.filter(({ id }) => id !== 'location'), { column: 'gpu', descending: false }, 'norway').length, 0);
  });
});

describe('the Pareto front', () => {
  const offers = fc.array(fc.record({ price: fc.integer({ min: 1, max: 20 }), reliability: fc.integer({ min: 0, max: 20 }) }), { maxLength: 40 });
  const beats = (a: { price: number; reliability: number }, b: { price: number; reliability: number }): boolean => a.price <= b.price && a.reliability >= b.reliability && (a.price < b.price || a.reliability > b.reliability);

  it('is what no other beats, each pair of figures once, the cheapest first', () => {
    fc.assert(fc.property(offers, (all) => {
      const front = paretoFront(all);
      const unbeaten = new Set(all.filter((one) => !all.some((other) => beats(other, one))).map(({ price, reliability }) => `${price} ${reliability}`));
      assert.deepEqual(front.map(({ price, reliability }) => `${price} ${reliability}`).toSorted(), [...unbeaten].toSorted());
      front.slice(1).forEach((one, index) => assert.ok(one.price > (front[index]?.price ?? NaN) && one.reliability > (front[index]?.reliability ?? NaN)));
    }));
  });
});

describe('the spread of prices', () => {
  it('is in order, inside the values, and as many lie below the median as above', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
      const { least, low, median, high, greatest } = spreadOf(values) ?? assert.fail();
      assert.deepEqual([least, greatest], [Math.min(...values), Math.max(...values)]);
      assert.ok(least <= low && low <= median && median <= high && high <= greatest);
      assert.ok(values.filter((value) => value < median).length <= values.length / 2 && values.filter((value) => value > median).length <= values.length / 2);
    }));
  });

  it('goes the straight way between two values, and is none of none', () => {
    assert.deepEqual(spreadOf([4, 1, 3, 2]), { least: 1, low: 1.75, median: 2.5, high: 3.25, greatest: 4 });
    assert.deepEqual(spreadOf([7]), { least: 7, low: 7, median: 7, high: 7, greatest: 7 });
    assert.equal(spreadOf([]), undefined);
  });

  it('is taken of each model and memory apart, for one GPU, over the rows that are shown', () => {
    const of = table([row({ price: 0.8, count: 2 }), row({ price: 0.2 }), row({ price: 0.3 }), row({ gpu: 'A100', vram: 40, price: 1 }), row({ gpu: 'A100', vram: 80, price: 2 })]);
    const all = modelsOf(of, Int32Array.from(of.offers.keys()));
    assert.deepEqual(all.map(({ gpu, memory, count, spread }) => [gpu, memory, count, spread.median]), [['RTX 4090', '24 GB', 3, 0.3], ['A100', '40 GB', 1, 1], ['A100', '80 GB', 1, 2]]);
    assert.deepEqual(modelsOf(of, Int32Array.of(0)).map(({ count }) => count), [1]);
  });
});

describe('the scatter', () => {
  const of = (all: Parameters<typeof table>[0], width = 500) => {
    const made = table(all);
    return { made, model: scatter(made, Int32Array.from(made.offers.keys()), 'allInUsdPerHour', width) };
  };

  it('draws every row inside its frame: dearer is higher, more reliable is further right', () => {
    fc.assert(fc.property(rows, fc.integer({ min: 220, max: 1400 }), (all, width) => {
      const { made, model } = of(all, width);
      assert.deepEqual(model.dots.map(({ row: index }) => index).toSorted((a, b) => a - b), made.offers.map((_, index) => index));
      for (const { x, y } of model.dots) assert.ok(x >= edge.left - 1e-6 && x <= width - edge.right + 1e-6 && y >= edge.top - 1e-6 && y <= model.height - edge.bottom + 1e-6, `${x} ${y}`);
      const figure = (id: string, index: number): number | undefined => cellFigure(columnOf(made, id), index);
      for (const a of model.dots) for (const b of model.dots) {
        if ((figure('allInUsdPerHour', a.row) ?? 0) > (figure('allInUsdPerHour', b.row) ?? 0)) assert.ok(a.y < b.y);
        const [more, less] = [figure('reliability', a.row), figure('reliability', b.row)];
        if (more !== undefined && less !== undefined && more > less) assert.ok(a.x > b.x || less >= 0.9998);
      }
    }));
  });

  it('keeps what nobody published in a lane of its own, off the front', () => {
    const { model } = of([row({ price: 0.1, reliability: undefined }), row({ price: 0.2, reliability: 0.95 }), row({ price: 0.4, reliability: 0.99 }), row({ price: 0.5, reliability: 0.98 })]);
    const lane = model.lane ?? assert.fail('there is no lane');
    for (const { row: index, x } of model.dots) assert.equal(x >= lane.from && x <= lane.to, index === 0);
    assert.deepEqual(model.front.map(({ row: index }) => index), [1, 2]);
    assert.equal(of([row()]).model.lane, undefined);
  });

  it('is one path, however many offers there are, with one dot a pixel', () => {
    const { model } = of(Array.from({ length: 3000 }, () => row()));
    assert.equal(model.crowd.match(/M/g)?.length, 1);
    assert.equal(of([]).model.crowd, '');
  });

  it('chooses the dot that a click meant, and none far from all', () => {
    fc.assert(fc.property(fc.array(fc.record({ row: fc.nat(), x: fc.integer({ min: 0, max: 500 }), y: fc.integer({ min: 0, max: 300 }) }), { maxLength: 30 }), fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 300 }), (dots, x, y) => {
      const far = ({ x: a, y: b }: { x: number; y: number }): number => Math.hypot(a - x, b - y);
      const least = Math.min(...dots.map(far));
      const found = nearest(dots, x, y);
      if (least > 16) assert.equal(found, undefined);
      else assert.equal(found === undefined ? undefined : far(found), least);
    }));
  });
});

describe('the keys of the table', () => {
  const size: GridSize = { rows: 100, columns: 6, page: 20 };
  const press = (key: string, row: number, column: number, whole = false, of = size) => gridDeed(key, whole, { row, column }, of);

  it('move cell by cell, page by page and to the ends', () => {
    for (const [key, whole, to] of [
      ['ArrowUp', false, [49, 3]], ['ArrowDown', false, [51, 3]], ['ArrowLeft', false, [50, 2]], ['ArrowRight', false, [50, 4]], ['PageUp', false, [30, 3]], ['PageDown', false, [70, 3]],
      ['Home', false, [50, 0]], ['End', false, [50, 5]], ['Home', true, [0, 0]], ['End', true, [99, 5]],
    ] as const) assert.deepEqual(press(key, 50, 3, whole), { move: { row: to[0], column: to[1] } }, key);
  });

  it('reach the heads from the first row, and only by an arrow', () => {
    assert.deepEqual(press('ArrowUp', 0, 2), { move: { row: -1, column: 2 } });
    assert.deepEqual(press('ArrowDown', -1, 2), { move: { row: 0, column: 2 } });
    assert.deepEqual(press('PageUp', 5, 2), { move: { row: 0, column: 2 } });
  });

  it('sort on a head, rent and compare on an offer', () => {
    assert.deepEqual(['Enter', ' '].map((key) => press(key, -1, 3)), [{ sort: 3 }, { sort: 3 }]);
    assert.deepEqual(['Enter', ' '].map((key) => press(key, 7, 3)), [{ rent: 7 }, { compare: 7 }]);
  });

  it('stay inside whatever is pressed, and leave every other key to the editor', () => {
    fc.assert(fc.property(fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'), fc.boolean(), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: -1, max: 60 }), fc.integer({ min: 0, max: 9 }), (key, whole, count, columns, at, column) => {
      const deed = press(key, at, column, whole, { rows: count, columns, page: 7 });
      assert.ok(deed !== undefined && 'move' in deed && deed.move.row >= -1 && deed.move.row < Math.max(count, 0) && deed.move.column >= 0 && deed.move.column < columns);
    }));
    for (const key of ['a', 'Tab', 'Escape', 'F1', 'Delete']) assert.equal(press(key, 3, 3), undefined);
  });
});

describe('an answer that is remembered', () => {
  it('is made again only when what is asked is another', () => {
    let made = 0;
    const sum = remembering((a: number, b: number) => {
      made++;
      return a + b;
    });
    assert.deepEqual([sum(1, 2), sum(1, 2), made, sum(2, 2), made, sum(1, 2), made], [3, 3, 1, 4, 2, 3, 3]);
    assert.deepEqual([sum(NaN, 1), sum(NaN, 1)].map(Number.isNaN), [true, true]);
    assert.equal(made, 4);
  });
});
