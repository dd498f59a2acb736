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

  it('pauses while the laptop sleeps', () => {
    const attendance = new Attendance();
    attendance.opened(0).to = 200;
    const nap = attendance.slept(100);
    assert.equal(attendance.from(100), Infinity);
    nap.to = 300;
    assert.deepEqual([attendance.from(99), attendance.from(100)], [99, Infinity]);
    attendance.opened(250);
    assert.equal(attendance.from(100), 300, 'opened in its sleep, it is there when it wakes');
  });
});
