import assert from 'node:assert/strict';
import type { Rental } from '../../../../src/practice/rental.ts';
import { testVast, type TestVast } from './testVast.ts';

type Columns = readonly [actual: unknown, intended: unknown, current: unknown, next: unknown];

describe('the status columns of Vast', () => {
  let vast: TestVast;
  let id: number;
  let rental: Rental;

  async function rent(body: Readonly<Record<string, unknown>> = {}, creditUsd = 50) {
    vast = await testVast({ creditUsd });
    id = await vast.rent(body, { num_gpus: { eq: 1 } });
    const found = vast.world.rentals.get('vast', String(id));
    assert.ok(found);
    rental = found;
  }
  afterEach(() => vast.close());

  const shows = async (expected: Columns, message?: RegExp | null) => {
    const row = await vast.row(id);
    assert.deepEqual([row?.['actual_status'], row?.['intended_status'], row?.['cur_state'], row?.['next_state']], expected);
    if (message === null) assert.equal(row?.['status_msg'], null);
    else if (message !== undefined) assert.match(String(row?.['status_msg']), message);
  };
  const until = (state: Rental['state']) => {
    for (let second = 0; second < 600 && rental.state !== state; second += 1) vast.world.pass(1);
    assert.equal(rental.state, state);
  };

  it('of a first boot: nothing, created, loading, running', async () => {
    await rent();
    await shows([null, 'running', 'running', 'running'], null);
    until('loading');
    await shows(['created', 'running', 'running', 'running'], null);
    vast.world.pass(4);
    await shows(['loading', 'running', 'running', 'running'], /^Pulling from pytorch\/pytorch$/);
    until('running');
    await shows(['running', 'running', 'running', 'running'], /^success, running /);
  });

  it('of a stop asked for by the user: Docker says exited', async () => {
    await rent();
    until('running');
    rental.stop('user');
    await shows(['running', 'stopped', 'running', 'stopped']);
    until('stopped');
    await shows(['exited', 'stopped', 'stopped', 'stopped'], null);
  });

  it('of a start that has its GPU, and of one that waits for it', async () => {
    await rent();
    until('running');
    rental.stop('user');
    until('stopped');
    vast.world.faults.force('start-queued');
    rental.start();
    await shows(['exited', 'running', 'stopped', 'running'], /state change queued/);
    until('scheduling');
    await shows(['exited', 'running', 'stopped', 'running'], /scheduling/);
  });

  it('of an outbid one: it still means to run', async () => {
    await rent({ price: 100 });
    until('running');
    rental.stop('outbid');
    until('stopped');
    await shows(['stopped', 'running', 'stopped', 'stopped'], /outbid/);
  });

  it('of one whose image failed: created, and given up later', async () => {
    await rent({ image: 'me/no-such-image' });
    until('failed');
    await shows(['created', 'running', 'running', 'running'], /pull access denied/);
    until('stopped');
    await shows(['created', 'stopped', 'stopped', 'stopped'], /pull access denied/);
  });

  it('of one born without its GPUs: all stopped, and never anything else before', async () => {
    await rent({ target_state: 'stopped' });
    await shows([null, 'stopped', 'stopped', 'stopped'], null);
    assert.equal(rental.starts, 0);
    rental.start();
    await shows([null, 'running', 'running', 'running']);
    until('running');
  });

  it('of one that ran out of credit: like a stop', async () => {
    await rent({}, 0.1);
    until('running');
    vast.world.pass(3600 * 24);
    await shows(['exited', 'stopped', 'stopped', 'stopped']);
    assert.equal(rental.stopReason, 'credit');
  });

  it('of a jupyter one name its kind', async () => {
    await rent({ runtype: 'jupyter_direc ssh_direc ssh_proxy' });
    until('running');
    await shows(['running', 'running', 'running', 'running'], /\/jupyter$/);
  });
});
