import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAgenda } from '../../../src/practice/agenda.ts';
import { createClock } from '../../../src/practice/clock.ts';
import { until } from './until.ts';

const frozen = () => {
  const clock = createClock({ startAt: 0, realNow: () => 0 });
  return { clock, agenda: createAgenda(clock) };
};

describe('the agenda', () => {
  it('runs entries in the order of their times, each told its own time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 40 }), (times) => {
        const { clock, agenda } = frozen();
        const ran: number[] = [];
        for (const time of times) {
          agenda.at(time, (at) => {
            assert.equal(at, time);
            assert.equal(agenda.now(), time);
            ran.push(at);
          });
        }
        clock.advance(500);
        assert.deepEqual(
          ran,
          times.filter((time) => time <= 500).toSorted((one, other) => one - other),
        );
        agenda.close();
      }),
    );
  });

  it('runs what an entry adds in the same settling when it is due too', () => {
    const { clock, agenda } = frozen();
    const ran: string[] = [];
    agenda.at(10, (time) => {
      ran.push('first');
      agenda.at(time + 5, () => ran.push('added'));
    });
    agenda.at(20, () => ran.push('later'));
    clock.advance(30);
    assert.deepEqual(ran, ['first', 'added', 'later']);
    agenda.close();
  });

  it('keeps the order of entries with the same time, and forgets cancelled ones', () => {
    const { clock, agenda } = frozen();
    const ran: number[] = [];
    const entries = [1, 2, 3].map((number) => agenda.at(5, () => ran.push(number)));
    entries[1]?.cancel();
    clock.advance(5);
    entries[0]?.cancel();
    assert.deepEqual(ran, [1, 3]);
    agenda.close();
  });

  it('wakes by itself when the time has come, and not after it is closed', async () => {
    const agenda = createAgenda(createClock({ rate: 1000 }));
    const ran: string[] = [];
    agenda.at(agenda.now() + 5000, () => ran.push('woke'));
    await until('the entry to run', () => ran.length > 0);
    agenda.at(agenda.now() + 1, () => ran.push('closed'));
    agenda.close();
    agenda.settle();
    assert.deepEqual(ran, ['woke']);
  });
});
