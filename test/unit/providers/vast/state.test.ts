import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { burnOf } from '../../../../src/domain/instance.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import { stateOf, type SeenState, type StatusColumns } from '../../../../src/providers/vast/state.ts';

type Word = string | null | undefined;
const columns = (actual: Word, intended: Word, cur: Word, next: Word, message = '', isBid = false): StatusColumns => ({ actual, intended, cur, next, message, isBid });
const short = ({ state, stage, outbid }: SeenState): string => [state, stage, outbid ? 'outbid' : undefined].filter(Boolean).join(' ');

const pull = 'Error: manifest for nobody/nothing:latest not found: manifest unknown';

describe('the state of an instance', () => {
  for (const [expected, what, given] of [
    ['starting scheduling', 'right after the create', columns(null, 'running', 'running', 'running')],
    ['starting scheduling', 'while it is scheduled', columns(null, 'running', 'scheduling', 'running')],
    ['starting pulling', 'once there is a container', columns('created', 'running', 'running', 'running')],
    ['starting pulling', 'for the whole pull', columns('loading', 'running', 'running', 'running', 'Pulling from vastai/pytorch')],
    ['starting booting', 'after the pull', columns('loading', 'running', 'running', 'running', 'success, running vastai/pytorch_latest/ssh')],
    ['ready', 'when it runs', columns('running', 'running', 'running', 'running', 'success, running x/ssh')],
    ['ready', 'in any case of letters', columns(' Running ', 'RUNNING', 'running', 'running')],
    ['starting booting', 'while it reboots', columns('rebooting', 'running', 'running', 'running')],
    ['starting booting', 'while it is recycled', columns('recycling', 'running', 'running', 'running')],
    ['stopping', 'while a stop is on its way', columns('running', 'stopped', 'running', 'stopped')],
    ['stopping', 'while the container is gone and the contract still runs', columns('exited', 'stopped', 'running', 'stopped')],
    ['stopping', 'while a stop of a booting one is on its way', columns('loading', 'stopped', 'running', 'stopped')],
    ['stopped', 'after a stop, which Docker calls an exit', columns('exited', 'stopped', 'stopped', 'stopped')],
    ['stopped', 'after a stop, with its host gone', columns('offline', 'stopped', 'stopped', 'stopped')],
    ['stopped', 'of an interruptible one that somebody stopped', columns('exited', 'stopped', 'stopped', 'stopped', '', true)],
    ['stopped outbid', 'of an interruptible one that never came up', columns(null, 'stopped', 'stopped', 'stopped', '', true)],
    ['stopped outbid', 'of an interruptible one that was evicted', columns('exited', 'running', 'stopped', 'stopped', '', true)],
    ['stopped outbid', 'of an interruptible one that was evicted, without a next state', columns('stopped', 'running', 'stopped', null, '', true)],
    ['stopped outbid', 'when Vast says so', columns('stopped', 'stopped', 'stopped', 'stopped', 'outbid by a higher bid', true)],
    ['stopped', 'never ran and is on demand', columns(null, 'stopped', 'stopped', 'stopped')],
    ['stopping outbid', 'when an eviction is queued while it boots', columns('loading', 'running', 'running', 'stopped', '', true)],
    ['starting scheduling', 'when its start is queued', columns('exited', 'running', 'stopped', 'running')],
    ['starting scheduling', 'when its start is queued, without a next state', columns('exited', 'running', 'stopped', undefined)],
    ['starting scheduling', 'when an interruptible one is started again', columns('exited', 'running', 'stopped', 'running', 'scheduling', true)],
    ['unknown', 'when the container crashed and the GPU is still held', columns('exited', 'running', 'running', 'running')],
    ['unknown', 'when it is frozen, which bills its GPU', columns('frozen', 'running', 'running', 'running')],
    ['unknown', 'without a heartbeat', columns('unknown', 'running', 'running', 'running')],
    ['unknown', 'when its host is gone', columns('offline', 'running', 'running', 'running')],
    ['unknown', 'when it runs and should not hold a GPU', columns('running', 'running', 'stopped', 'running')],
    ['failed', 'when its image cannot be had', columns('created', 'running', 'running', 'running', pull)],
    ['failed', 'when its image cannot be had and Vast has given up', columns('created', 'stopped', 'stopped', 'stopped', pull)],
    ['failed', 'when the container cannot be made', columns('loading', 'running', 'running', 'running', 'OCI runtime create failed: no such device')],
    ['ending', 'once its end is intended', columns('exited', 'destroyed', 'stopped', 'stopped')],
    ['ending', 'while it is destroyed', columns('destroying', 'stopped', 'stopped', null)],
    ['unknown', 'as the documentation shows it, without any status', columns(undefined, undefined, undefined, undefined)],
    ['unknown', 'with a word nobody knows', columns('levitating', 'running', 'running', 'running')],
  ] as const) {
    it(`is ${expected} ${what}`, () => assert.equal(short(stateOf(given)), expected));
  }

  const word = fc.constantFrom(null, undefined, '', 'running', 'stopped', 'exited', 'created', 'loading', 'frozen', 'offline', 'unknown', 'rebooting', 'scheduling', 'odd');
  const message = fc.constantFrom('', pull, 'success, running x/ssh', 'outbid by a higher bid');

  it('counts at the full rate unless Vast says in two columns that the GPU is given back', () => {
    fc.assert(
      fc.property(word, word, word, word, message, fc.boolean(), (actual, intended, cur, next, message, isBid) => {
        const seen = stateOf({ actual, intended, cur, next, message, isBid });
        const rates = { running: usdPerHour(0.5), stopped: usdPerHour(0.01) };
        if (burnOf({ state: seen.state, rates }) === rates.running) return;
        const givenBack = [actual, intended, cur].filter((column) => column === 'stopped' || column === 'exited').length >= 2 || (intended === 'stopped' && cur !== 'running' && actual !== 'running');
        assert.ok(givenBack || seen.state === 'failed', `${actual} ${intended} ${cur} is ${seen.state}`);
      }),
      { numRuns: 3_000 },
    );
  });

  it('blames the market for nothing that is on demand or runs', () => {
    fc.assert(
      fc.property(word, word, word, word, message, fc.boolean(), (actual, intended, cur, next, message, isBid) => {
        const seen = stateOf({ actual, intended, cur, next, message, isBid });
        if (seen.outbid) assert.ok(isBid && (seen.state === 'stopped' || seen.state === 'stopping'));
        if (seen.state === 'ready') assert.deepEqual([actual, intended], ['running', 'running']);
        assert.equal(seen.stage !== undefined, seen.state === 'starting');
      }),
      { numRuns: 3_000 },
    );
  });
});
