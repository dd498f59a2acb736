import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import type { Endpoint } from '../../../src/domain/instance.ts';
import { waitBefore } from '../../../src/ssh/reach.ts';
import { createTally } from '../../../src/ssh/tally.ts';
import { createTestClock } from './support/testClock.ts';
import { throwsWith } from './support/tools.ts';

const at = (port: number, viaProxy = false): Endpoint => ({ host: '192.0.2.1', port, user: 'root', viaProxy });
const [direct, moved, relay] = [at(1), at(2), at(9, true)];
const refused = new RentError('sshRefused', { detail: 'does not take our key' });

describe('what the tries so far say', () => {
  it('tries a relay at once only when there is no direct address', () => {
    const tally = createTally(createTestClock());
    assert.deepEqual(tally.candidates([relay]), [relay]);
    assert.deepEqual(tally.candidates([]), []);
  });

  it('adds the relay after three direct tries, behind the direct address', () => {
    const tally = createTally(createTestClock());
    for (let tried = 0; tried < 3; tried++) assert.deepEqual(tally.candidates([relay, direct]), [direct]);
    assert.deepEqual(tally.candidates([relay, direct]), [direct, relay]);
    assert.deepEqual(tally.candidates([relay, direct]), [direct, relay]);
  });

  it('gives a moved machine three direct tries again', () => {
    const tally = createTally(createTestClock());
    for (let tried = 0; tried < 4; tried++) tally.candidates([direct, relay]);
    assert.deepEqual(tally.candidates([moved, relay]), [moved]);
  });

  it('believes a refusal after six tries in ninety seconds, not before', () => {
    const clock = createTestClock();
    const tally = createTally(clock);
    for (let tried = 0; tried < 20; tried++) tally.failed(direct, refused); // all at once: keys may be on their way
    clock.advance(89_999);
    tally.failed(direct, refused);
    clock.advance(1);
    throwsWith(() => tally.failed(direct, refused), 'sshRefused', /does not take our key: 22 tries in 90 s/);
  });

  it('does not believe a few refusals, however far apart', () => {
    const clock = createTestClock();
    const tally = createTally(clock);
    for (let tried = 0; tried < 5; tried++) {
      tally.failed(direct, refused);
      clock.advance(60_000);
    }
    throwsWith(() => tally.failed(direct, refused), 'sshRefused');
  });

  it('counts each address for itself, and nothing but refusals', () => {
    const clock = createTestClock();
    const tally = createTally(clock);
    for (let tried = 0; tried < 5; tried++) {
      tally.failed(direct, refused);
      tally.failed(moved, refused);
      tally.failed(direct, new RentError('sshUnreachable'));
      tally.failed(direct, new Error('ECONNREFUSED'));
      clock.advance(30_000);
    }
    throwsWith(() => tally.failed(moved, refused), 'sshRefused');
    throwsWith(() => tally.failed(direct, refused), 'sshRefused');
  });

  it('waits 1, 2, 3 and then always 5 seconds', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 50].map(waitBefore), [1000, 2000, 3000, 5000, 5000, 5000]);
  });
});
