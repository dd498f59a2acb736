import assert from 'node:assert/strict';
import { Attendance } from './attendance.ts';

describe('the attendance of a day', () => {
  it('begins with a window that is awake', () => {
    const attendance = new Attendance();
    assert.equal(attendance.from(0), Infinity);
    const first = attendance.opened(10);
    assert.deepEqual([attendance.from(0), attendance.from(10), attendance.from(99)], [10, 10, 99]);
    first.to = 50;
    assert.deepEqual([attendance.from(49), attendance.from(50)], [49, Infinity]);
    attendance.opened(70);
    assert.equal(attendance.from(50), 70);
  });

  it('pauses while the laptop sleeps or is offline', () => {
    const attendance = new Attendance();
    attendance.opened(0).to = 200;
    const nap = attendance.away(100);
    assert.equal(attendance.from(100), Infinity);
    nap.to = 300;
    attendance.away(290).to = 310;
    assert.deepEqual([attendance.from(99), attendance.from(100)], [99, Infinity]);
    attendance.opened(250);
    assert.equal(attendance.from(100), 310, 'opened in its sleep, it is there when it wakes');
  });

  it('adds up', () => {
    const attendance = new Attendance();
    attendance.opened(0).to = 100;
    attendance.opened(50).to = 150;
    attendance.away(20).to = 30;
    attendance.opened(500);
    assert.deepEqual([10, 20, 21, 140, 141].map((ms) => attendance.after(0, ms)), [10, 20, 31, 150, 501]);
  });
});
