import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gpuReading, parseLoad } from '../../../src/practice/gpuReadings.ts';

const card = { name: 'NVIDIA GeForce RTX 4090', memoryMib: 24564, driver: '550.54.15', cuda: '12.4' };

describe('the readings of practice GPUs', () => {
  it('are idle until a job says otherwise', () => {
    assert.deepEqual(parseLoad(''), { utilPct: 0, usedMib: 2 });
    assert.deepEqual(parseLoad('87 18000\n'), { utilPct: 87, usedMib: 18000 });
    assert.deepEqual(parseLoad('87 18000 4321 python train.py'), { utilPct: 87, usedMib: 18000, program: { pid: 4321, name: 'python train.py' } });
    assert.deepEqual(parseLoad('87 18000 0 python'), { utilPct: 87, usedMib: 18000 });
  });

  it('follow the load, and name the program that causes it', () => {
    const [idle, busy] = ['0 2', '95 30000 7 train'].map((text) => gpuReading(card, parseLoad(text), 'a/0', 0));
    assert.ok(idle && busy && busy.tempC > idle.tempC + 30 && busy.powerW > idle.powerW + 250);
    assert.deepEqual([busy.utilPct, busy.usedMib, busy.apps], [95, 24564, [{ pid: 7, name: 'train', usedMib: 24564 }]]);
    assert.equal('apps' in idle, false);
  });

  it('move with market time and are the same at the same moment', () => {
    const load = parseLoad('60 9000');
    const at = (ms: number): number => gpuReading(card, load, 'a/0', ms).powerW;
    assert.equal(at(5_000), at(5_999));
    assert.ok(new Set([0, 1, 2, 3, 4, 5].map((second) => at(second * 1000))).size > 3);
  });

  it('stay within what a card can show, whatever the file says', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.tuple(fc.integer(), fc.integer()).map((pair) => pair.join(' '))), fc.nat(), (text, at) => {
      const { utilPct, usedMib, tempC, powerW, limitW = 0 } = gpuReading(card, parseLoad(text), 'b/1', at);
      assert.ok(utilPct >= 0 && utilPct <= 100 && usedMib >= 0 && usedMib <= card.memoryMib && tempC > 20 && tempC < 90 && powerW > 10 && powerW <= limitW, text);
    }));
  });
});
