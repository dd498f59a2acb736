import assert from 'node:assert/strict';
import fc from 'fast-check';
import { firstState } from '../../../../src/webview/estimate/localState.ts';
import { plot, plotModel } from '../../../../src/webview/estimate/plot.ts';
import { logScale } from '../../../../src/webview/shared/scale.ts';
import { attribute, row, tags, view } from './support.ts';

describe('a logarithmic scale', () => {
  const values = fc.array(fc.double({ min: 1e-4, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

  it('keeps every value inside and in order', () => {
    fc.assert(fc.property(values, (all) => {
      const { at } = logScale(all, 40, 400, 6);
      const sorted = all.toSorted((a, b) => a - b).map(at);
      return sorted.every((x, index) => x > 40 && x < 400 && x >= (sorted[index - 1] ?? 0));
    }));
  });

  it('has round marks, rising, inside, and no more than asked for', () => {
    fc.assert(fc.property(values, fc.integer({ min: 2, max: 8 }), (all, most) => {
      const { at, ticks } = logScale(all, 0, 100, most);
      assert.ok(ticks.length <= most);
      for (const [index, tick] of ticks.entries()) {
        assert.ok(tick > (ticks[index - 1] ?? 0) && at(tick) >= -1e-9 && at(tick) <= 100 + 1e-9);
        assert.match(tick.toExponential(), /^[1-9](?:\.5)?e/);
      }
    }));
  });

  it('has marks to read from however close the values are', () => {
    fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e5, noNaN: true }), fc.double({ min: 1, max: 4, noNaN: true }), (least, factor) => logScale([least, least * factor], 0, 100, 6).ticks.length >= 2));
  });

  it('goes down where it is asked to, as pixels do', () => {
    const { at } = logScale([1, 10], 200, 10, 5);
    assert.ok(at(1) > at(10));
  });

  it('survives nothing and nonsense', () => {
    for (const none of [[], [0], [NaN, -1, Infinity]]) assert.ok(Number.isFinite(logScale(none, 0, 100, 4).at(1)));
  });
});

describe('the plot', () => {
  const rows = [row('a', 0.5, 8, { front: true }), row('b', 1, 4, { front: true }), row('c', 4, 0.5, { front: true }), row('d', 3, 6)];

  it('places cheaper further down and faster further left', () => {
    const { points } = plotModel(rows, 500);
    const at = new Map(points.map((point) => [point.row.offer, point]));
    const [a, c] = [at.get('a'), at.get('c')];
    assert.ok(a && c && a.x > c.x && a.y > c.y);
  });

  it('steps along the front: from one offer to the next there is nothing between', () => {
    const { line, points } = plotModel(rows, 500);
    const numbers = [...line.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    assert.equal(numbers.length, 5, 'three offers, two corners');
    for (let i = 1; i < numbers.length; i++) {
      const [before, now] = [numbers[i - 1], numbers[i]];
      assert.ok(before && now && (before[0] === now[0] || before[1] === now[1]), 'never slanting');
    }
    assert.ok(!numbers.some(([x]) => Math.abs(x - (points.find(({ row }) => row.offer === 'd')?.x ?? 0)) < 0.05), 'what is beaten is not on it');
  });

  it('fits a narrow panel', () => {
    fc.assert(fc.property(fc.integer({ min: 220, max: 1400 }), (width) => {
      const { points, xTicks, height } = plotModel(rows, width);
      assert.ok(points.every(({ x, y }) => x > 0 && x < width && y > 0 && y < height));
      assert.ok(xTicks.every(({ at }, index) => index === 0 || at - (xTicks[index - 1]?.at ?? 0) > 20), 'marks do not run into each other');
    }));
  });

  it('says the same as a table, the cheapest first', () => {
    const text = plot(view({ offers: rows }), firstState, 500).text;
    const [, body = ''] = text.split('<tbody>');
    assert.deepEqual([...body.matchAll(/<td class="number">(\$[\d.]+)<\/td>/g)].map(([, cost]) => cost), ['$0.5', '$1', '$4']);
    const [svg = ''] = tags(text, 'svg');
    assert.equal(attribute(svg, 'role'), 'img');
    for (const id of attribute(svg, 'aria-labelledby')?.split(' ') ?? []) assert.ok(text.includes(`id="${id}"`), id);
  });

  it('draws the chosen offer on top and leaves out what has no figure', () => {
    const text = plot(view({ offers: [...rows, row('free', 0, 1)], chosen: { offer: 'b', machine: '', about: '', parts: [] } }), firstState, 500).text;
    const dots = tags(text, 'circle').filter((tag) => tag.includes('data-choose'));
    assert.deepEqual(dots.map((tag) => attribute(tag, 'data-choose')), ['d', 'a', 'c', 'b']);
    assert.equal(attribute(dots.at(-1) ?? '', 'class'), 'dot chosen');
  });

  it('is no picture of a single offer', () => {
    assert.equal(plot(view({ offers: [row('a', 1, 1)] }), firstState, 500).text, '');
  });

  it('names its marks in the unit that people would use', () => {
    const marks = (hours: number[]): string[] => plotModel(hours.map((at, index) => row(String(index), 1 + index, at)), 600).xTicks.map(({ text }) => text);
    assert.ok(marks([0.1, 0.5]).every((text) => text.endsWith(' m')), String(marks([0.1, 0.5])));
    assert.ok(marks([2, 2000]).some((text) => text === '1k h'));
    const answers = marks([2.7 / 3600, 18 / 3600]);
    assert.ok(answers.length >= 2 && answers.every((text) => /^[1-9]0* s$/.test(text)), String(answers));
    assert.ok(plotModel([row('a', 1200, 1), row('b', 9000, 2)], 600).yTicks.some(({ text }) => text === '$2k'));
  });
});
