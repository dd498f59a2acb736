import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Provider } from '../../../src/practice/faults.ts';
import type { Rental, RentalSpec } from '../../../src/practice/rental.ts';
import { testWorld, type TestWorld } from './testWorld.ts';
import { until } from './until.ts';

const delays = { scheduling: 0, loading: 0, ssh: 0, stopping: 0, reloading: 0 };

describe('all rentals of a market', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await testWorld({ creditUsd: 10 });
  });
  afterEach(() => world.close());

  const rent = (provider: Provider, id: string, change: Partial<RentalSpec> = {}): Rental =>
    world.rentals.create({
      provider,
      id,
      label: null,
      image: 'ubuntu',
      gpu: { name: 'NVIDIA L4', count: 1, memoryMib: 23034, driver: '570', cuda: '12.8' },
      seat: { take: () => true, release: () => {} },
      delays,
      charges: (rental) => (rental.state === 'running' ? [{ kind: 'gpu', usdPerHour: 1 }] : [{ kind: 'disk', usdPerHour: 0.1 }]),
      pod: null,
      ...change,
    });

  it('are found by provider and id while they exist, and counted for ever', () => {
    rent('vast', '1');
    rent('runpod', '1');
    rent('vast', '2');
    world.rentals.get('vast', '1')?.destroy();
    assert.equal(world.rentals.get('vast', '1'), undefined);
    assert.equal(world.rentals.get('runpod', '1')?.provider, 'runpod');
    assert.deepEqual(world.rentals.list('vast').map(({ id }) => id), ['2']);
    assert.deepEqual(world.rentals.all().map(({ id }) => id), ['1', '1', '2']);
    assert.equal(world.rentals.createsAccepted, 3);
  });

  it('stop together when their account is used up; another account does not matter', () => {
    const two = [rent('vast', '1'), rent('vast', '2')];
    const other = rent('runpod', 'p');
    world.pass(4 * 3600);
    assert.deepEqual(two.map(({ state }) => state), ['running', 'running']);
    // Ten dollars last two machines five hours.
    world.pass(3600 + 1);
    assert.deepEqual(two.map(({ state, stopReason }) => [state, stopReason]), [['stopped', 'credit'], ['stopped', 'credit']]);
    assert.equal(other.state, 'running');
    assert.ok(Math.abs(two[0] ? two[0].since - two[0].createdAt - 5 * 3_600_000 : 1) < 10);
  });

  it('last longer when there is less to pay, shorter when there is more', () => {
    const first = rent('vast', '1');
    world.pass(5 * 3600);
    rent('vast', '2');
    world.pass(2 * 3600);
    assert.equal(first.state, 'running');
    world.rentals.get('vast', '2')?.destroy();
    world.pass(0.9 * 3600);
    assert.equal(first.state, 'running', 'five and four of ten dollars, and nine tenths more');
    world.pass(0.2 * 3600);
    assert.equal(first.state, 'stopped');
  });

  it('go on charging what a stopped one costs, below zero', () => {
    rent('vast', '1');
    world.pass(30 * 3600);
    const credit = world.ledger.creditMicros('vast', world.agenda.settle());
    assert.ok(Math.abs(credit + 2_000_000) < 100, String(credit));
  });

  it('can be started again once there is credit', () => {
    const rental = rent('vast', '1');
    world.pass(11 * 3600);
    assert.equal(rental.state, 'stopped');
    world.ledger.addCredit('vast', 5, world.agenda.settle());
    assert.equal(rental.start(), 'started');
    world.pass(3600);
    assert.equal(rental.state, 'running');
    world.pass(24 * 3600);
    assert.equal(rental.state, 'stopped', 'and stops again');
  });

  it('end with the market, folders included', async () => {
    const rental = rent('vast', '1', { pod: { env: () => ({}), authorizedKeys: () => [] } });
    await mkdir(rental.dir, { recursive: true });
    world.pass(1);
    await until('its machine', () => rental.sshUp);
    await world.close();
    assert.equal(world.pods.up.size, 0);
    assert.equal(existsSync(rental.dir), false);
  });
});
