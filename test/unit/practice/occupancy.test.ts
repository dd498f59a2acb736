import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createOccupancy, type Occupiable } from '../../../src/practice/occupancy.ts';

const machine = (demand: number, gpus = 8): Occupiable => ({ id: 'm1', gpus, demand });
const shift = 4 * 3_600_000;

describe('who sits on a machine', () => {
  it('never gives more GPUs than there are, whoever asks when', () => {
    const action = fc.record({ take: fc.boolean(), gpus: fc.integer({ min: 1, max: 8 }), wait: fc.nat(shift) });
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(action, { maxLength: 30 }),
        (seed, demand, actions) => {
          const occupancy = createOccupancy(seed, 0);
          const ours: number[] = [];
          let now = 0;
          for (const { take, gpus, wait } of actions) {
            now += wait;
            const free = occupancy.free(machine(demand), now);
            const held = ours.reduce((sum, count) => sum + count, 0);
            assert.ok(free >= 0 && free + held <= 8);
            if (take) {
              assert.equal(occupancy.take(machine(demand), gpus, now), free >= gpus);
              if (free >= gpus) ours.push(gpus);
            } else {
              const back = ours.pop();
              if (back !== undefined) occupancy.release(machine(demand), back);
            }
          }
        },
      ),
    );
  });

  it('is the same for the same seed and time, whatever was asked before', () => {
    const one = createOccupancy(3, 0);
    const other = createOccupancy(3, 0);
    for (let hour = 0; hour < 200; hour += 1) one.free(machine(0.5), hour * 3_600_000);
    for (const hour of [199, 5, 60]) assert.equal(one.free(machine(0.5), hour * 3_600_000), other.free(machine(0.5), hour * 3_600_000));
  });

  it('changes with time when there is demand, and never when there is none', () => {
    const occupancy = createOccupancy(4, 0);
    const seen = (demand: number) => new Set(Array.from({ length: 100 }, (_, count) => occupancy.free(machine(demand), count * shift)));
    assert.ok(seen(0.6).size > 2);
    assert.deepEqual([...seen(0)], [8]);
  });

  it('lets others in on what a seat gives back', () => {
    const occupancy = createOccupancy(1, 0);
    const seat = occupancy.seat(machine(0, 2), 2);
    assert.equal(seat.take(0), true);
    assert.equal(seat.take(0), false);
    seat.release(0);
    assert.equal(occupancy.take(machine(0, 2), 1, 0), true);
    assert.equal(seat.take(0), false);
  });
});
