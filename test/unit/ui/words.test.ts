import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usdPerHour } from '../../../src/domain/money.ts';
import { age, date, duration, grouped, line, memory, moment, offersCount, percent, perTerabyte, rateAndMonth, speed, timeOfDay } from '../../../src/ui/words.ts';
import { english } from './support/english.ts';

const { t } = english;
const s = 1000;
const m = 60 * s;
const h = 60 * m;

describe('words', () => {
  it('tells durations in two units at most, without a zero second unit', () => {
    const told: [number, string][] = [
      [0, '0 s'], [999, '0 s'], [45 * s, '45 s'], [59.999 * s, '59 s'], [60 * s, '1 m'], [100 * s, '1 m 40 s'],
      [59 * m + 59 * s, '59 m 59 s'], [h, '1 h'], [2 * h + 10 * m + 59 * s, '2 h 10 m'], [23 * h + 59 * m, '23 h 59 m'],
      [24 * h, '1 d'], [76 * h, '3 d 4 h'], [-5 * s, '0 s'],
    ];
    for (const [ms, text] of told) assert.equal(duration(ms, t), text);
  });

  it('never tells sixty of anything', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 400 * 24 * h }), (ms) => {
      assert.doesNotMatch(duration(ms, t), /\b(6\d|[7-9]\d) [sm]\b|\b(2[4-9]|[3-9]\d) h\b/);
    }));
  });

  it('drops the seconds of an age once there are minutes', () => {
    assert.equal(age(20 * s, t), '20 s ago');
    assert.equal(age(4 * m + 59 * s, t), '4 m ago');
    assert.equal(age(3 * h + 20 * m, t), '3 h 20 m ago');
    assert.equal(age(-3 * s, t), '0 s ago');
  });

  it('names the day only when it is not today', () => {
    const now = new Date(2026, 10, 22, 16, 30).getTime();
    assert.equal(moment(new Date(2026, 10, 22, 18, 4).getTime(), now, t), '18:04');
    assert.equal(moment(new Date(2026, 10, 22, 0, 0).getTime(), now, t), '00:00');
    assert.equal(moment(new Date(2026, 10, 23, 2, 40).getTime(), now, t), '02:40 tomorrow');
    assert.equal(moment(new Date(2026, 10, 24, 2, 40).getTime(), now, t), '2026-11-24 02:40');
    assert.equal(moment(new Date(2026, 10, 21, 23, 59).getTime(), now, t), '2026-11-21 23:59');
    assert.equal(timeOfDay(new Date(2026, 0, 2, 4, 3, 9).getTime()), '04:03:09');
    assert.equal(date(new Date(2026, 0, 2).getTime()), '2026-01-02');
  });

  it('finds tomorrow across the change of the clocks', () => {
    for (const [month, day] of [[2, 28], [9, 24], [11, 31]] as const) {
      const now = new Date(2026, month, day, 23, 30).getTime();
      assert.equal(moment(new Date(2026, month, day + 1, 23, 45).getTime(), now, t), '23:45 tomorrow');
    }
  });

  it('rounds reliability down, so that it never flatters', () => {
    const told: [number, string][] = [[1, '100 %'], [0.9996, '99.9 %'], [0.99999, '99.9 %'], [0.994, '99.4 %'], [0.57, '57.0 %'], [0.995, '99.5 %'], [0, '0.0 %'], [0.0005, '0.0 %']];
    for (const [share, text] of told) assert.equal(percent(share), text);
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      const shown = Number(percent(share).replace(' %', '')) / 100;
      assert.ok(shown <= share + 1e-9 && share - shown < 0.0011, `${share} shown as ${shown}`);
    }));
  });

  it('agrees with the tenths that a provider publishes', () => {
    for (let tenths = 0; tenths < 1000; tenths++) assert.equal(percent(tenths / 1000), `${(tenths / 10).toFixed(1)} %`);
  });

  it('tells traffic by the terabyte and never a rate without its hour', () => {
    assert.equal(perTerabyte(0.005, t), '$5.00 per TB');
    assert.equal(perTerabyte(0.00001, t), '$0.01 per TB');
    assert.equal(perTerabyte(0, t), 'free');
    assert.equal(rateAndMonth(usdPerHour(0.02), t), '$0.020/h ($14.60 a month)');
    assert.equal(speed(940), '940 Mbit/s');
    assert.equal(speed(2500), '2.5 Gbit/s');
  });

  it('counts', () => {
    assert.equal(offersCount(0, t), '0 offers');
    assert.equal(offersCount(1, t), '1 offer');
    assert.equal(offersCount(12_345, t), '12,345 offers');
    assert.deepEqual([999, 1000, 1_234_567].map(grouped), ['999', '1,000', '1,234,567']);
    assert.equal(memory(2, 24), '2× 24 GB');
    assert.equal(line('a', undefined, '', false, 'b'), 'a · b');
  });
});
