import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import fc from 'fast-check';
import type { Rental, RentalSpec, Seat } from '../../../src/practice/rental.ts';
import { hello } from './fakePods.ts';
import { testWorld, type TestWorld, type TestWorldOptions } from './testWorld.ts';
import { until } from './until.ts';

const delays = { scheduling: 10_000, loading: 30_000, ssh: 5000, stopping: 4000, reloading: 6000, giveUp: 20_000 };
const gpuUsd = 0.5;
const diskUsd = 0.01;

interface TestSeat extends Seat {
  taken: boolean;
  free: boolean;
}

function makeSeat(): TestSeat {
  const seat: TestSeat = {
    taken: true,
    free: true,
    take() {
      if (!seat.free) return false;
      seat.taken = true;
      return true;
    },
    release: () => void (seat.taken = false),
  };
  return seat;
}

function spec(seat: Seat, change: Partial<RentalSpec> = {}): RentalSpec {
  return {
    provider: 'vast',
    id: '1',
    label: 'one',
    image: 'pytorch/pytorch',
    gpu: { name: 'NVIDIA GeForce RTX 4090', count: 2, memoryMib: 24564, driver: '570.124.04', cuda: '12.8' },
    seat,
    delays,
    charges: (rental) =>
      rental.state === 'running'
        ? [
            { kind: 'gpu', usdPerHour: gpuUsd },
            { kind: 'disk', usdPerHour: diskUsd },
          ]
        : [{ kind: 'disk', usdPerHour: diskUsd }],
    pod: { env: (sshPort) => ({ SSH: String(sshPort) }), authorizedKeys: () => ['ssh-ed25519 AAAA me'], startCommand: 'echo up' },
    ...change,
  };
}

describe('a rented machine', () => {
  let world: TestWorld;
  let seat: TestSeat;
  afterEach(() => world.close());

  async function rent(change: Partial<RentalSpec> = {}, options: TestWorldOptions = {}): Promise<Rental> {
    world = await testWorld(options);
    seat = makeSeat();
    return world.rentals.create(spec(seat, change));
  }
  const charged = () => world.ledger.chargedMicros('vast', '1', world.agenda.settle());

  it('boots in market time and charges from the very moments it changes state', async () => {
    const rental = await rent();
    assert.equal(rental.state, 'scheduling');
    world.pass(10);
    assert.equal(rental.state, 'loading');
    world.pass(29);
    assert.equal(rental.state, 'loading');
    // A late look changes nothing: running began at second 40, not now.
    world.pass(3600);
    assert.equal(rental.state, 'running');
    assert.equal(rental.since, rental.createdAt + 40_000);
    assert.equal(rental.runningSince, rental.since);
    const seconds = 3639;
    assert.equal(charged(), Math.floor((diskUsd * 1e6 * seconds) / 3600 + (gpuUsd * 1e6 * (seconds - 40)) / 3600));
  });

  it('puts a pod behind its port only some seconds after it runs', async () => {
    const rental = await rent();
    world.pass(40);
    const port = await until('the port', () => rental.sshPort);
    assert.equal(rental.sshUp, false);
    const refused = connect({ host: '127.0.0.1', port });
    await once(refused, 'error');
    world.pass(5);
    await until('sshd', () => rental.sshUp);
    const caller = connect({ host: '127.0.0.1', port });
    const [greeting] = await once(caller, 'data');
    assert.equal(String(greeting), hello);
    caller.destroy();
    const [options] = world.pods.started;
    assert.equal(options?.env['SSH'], String(port));
    assert.equal(options?.startCommand, 'echo up');
    assert.deepEqual(options?.authorizedKeys(), ['ssh-ed25519 AAAA me']);
    assert.equal(rental.hostKeyFingerprint, 'SHA256:fake1');
  });

  it('stops, keeps its folder, and comes back on another port with another host key', async () => {
    const rental = await rent({}, { bootScale: 0 });
    world.pass(1);
    await until('sshd', () => rental.sshUp);
    const before = { port: rental.sshPort, key: rental.hostKeyFingerprint };
    rental.stop('user');
    world.pass(1);
    assert.equal(rental.state, 'stopped');
    assert.equal(rental.intended, 'stopped');
    assert.equal(seat.taken, false);
    assert.equal(rental.sshPort, null);
    await until('the pod to end', () => world.pods.up.size === 0);
    assert.deepEqual(world.pods.removed, []);
    assert.equal(rental.start(), 'started');
    world.pass(1);
    await until('sshd again', () => rental.sshUp);
    assert.notEqual(rental.sshPort, before.port);
    assert.notEqual(rental.hostKeyFingerprint, before.key);
    assert.equal(rental.starts, 2);
    assert.deepEqual(
      world.pods.started.map(({ dir }) => dir),
      [rental.dir, rental.dir],
    );
  });

  it('takes its time to stop, and still runs and charges meanwhile as its provider says', async () => {
    const rental = await rent();
    world.pass(60);
    rental.stop('user');
    assert.equal(rental.state, 'stopping');
    world.pass(3);
    assert.equal(rental.state, 'stopping');
    world.pass(1);
    assert.equal(rental.state, 'stopped');
  });

  it('queues a start when its GPUs are taken, and starts by itself once they are free', async () => {
    const rental = await rent();
    world.pass(60);
    rental.stop('user');
    world.pass(10);
    seat.free = false;
    assert.equal(rental.start(), 'queued');
    assert.deepEqual([rental.state, rental.queued, rental.intended], ['stopped', true, 'running']);
    world.pass(600);
    assert.equal(rental.state, 'stopped');
    seat.free = true;
    world.pass(90);
    assert.equal(rental.state, 'running');
    assert.equal(rental.queued, false);
    assert.equal(seat.taken, true);
  });

  it('forgets a queued start when it is stopped', async () => {
    const rental = await rent();
    world.pass(60);
    rental.stop('user');
    world.pass(10);
    seat.free = false;
    rental.start();
    rental.stop('user');
    seat.free = true;
    world.pass(3600);
    assert.deepEqual([rental.state, rental.queued, rental.intended], ['stopped', false, 'stopped']);
  });

  it('starts after stopping when it was asked to start while stopping', async () => {
    const rental = await rent();
    world.pass(60);
    rental.stop('user');
    assert.equal(rental.start(), 'started');
    world.pass(60);
    assert.equal(rental.state, 'running');
    assert.equal(rental.starts, 2);
  });

  it('still wants to run when it is outbid', async () => {
    const rental = await rent();
    world.pass(60);
    seat.free = false;
    rental.stop('outbid');
    world.pass(30);
    assert.deepEqual([rental.state, rental.intended, rental.stopReason, rental.queued], ['stopped', 'running', 'outbid', true]);
    seat.free = true;
    world.pass(120);
    assert.equal(rental.state, 'running');
  });

  it('fails for an image that is not there, then gives up', async () => {
    const rental = await rent({ image: 'me/no-such-image' });
    world.pass(41);
    assert.equal(rental.state, 'failed');
    assert.match(rental.message ?? '', /pull access denied/);
    world.pass(20);
    assert.deepEqual([rental.state, rental.intended, rental.stopReason], ['stopped', 'stopped', 'image']);
    assert.equal(seat.taken, false);
    assert.equal(world.pods.started.length, 0);
  });

  it('restarts its container on the same GPUs', async () => {
    const wiped: string[] = [];
    const rental = await rent({ pod: { env: () => ({}), authorizedKeys: () => [], wipe: async (_dir, why) => void wiped.push(why) } });
    world.pass(60);
    await until('sshd', () => rental.sshUp);
    rental.restart('recycle');
    assert.equal(rental.state, 'loading');
    assert.equal(seat.taken, true);
    world.pass(60);
    assert.equal(rental.state, 'running');
    await until('sshd again', () => rental.sshUp);
    assert.deepEqual(wiped, ['recycle']);
  });

  it('is destroyed from any state, for good, and charges nothing from then on', async () => {
    for (const seconds of [0, 20, 42, 100]) {
      const rental = await rent();
      world.pass(seconds);
      if (seconds === 100) rental.stop('user');
      rental.destroy();
      const bill = charged();
      world.pass(36_000);
      assert.equal(rental.state, 'destroyed');
      assert.equal(rental.endedAt, rental.createdAt + seconds * 1000);
      assert.equal(charged(), bill);
      assert.equal(seat.taken, false);
      assert.equal(world.rentals.get('vast', '1'), undefined);
      assert.equal(world.rentals.all().length, 1);
      rental.start();
      rental.stop('user');
      assert.equal(rental.state, 'destroyed');
      await until('its folder to go', () => world.pods.removed.includes(rental.dir));
      await until('its pod to end', () => world.pods.up.size === 0);
      if (seconds < 100) await world.close();
    }
  });

  it('leaves no pod behind when it is stopped while its pod is coming up', async () => {
    const rental = await rent({}, { bootScale: 0 });
    world.pass(0);
    rental.stop('user');
    world.pass(1);
    rental.start();
    world.pass(1);
    await until('sshd', () => rental.sshUp);
    // The steps of one pod are queued: what began before has ended by now.
    assert.equal(world.pods.up.size, 1);
  });

  it('is born stopped when its GPUs were gone, and charges its disk', async () => {
    const rental = await rent({ stopped: true });
    assert.deepEqual([rental.state, rental.intended, rental.stopReason], ['stopped', 'stopped', 'capacity']);
    world.pass(3600);
    assert.equal(charged(), diskUsd * 1e6);
  });

  it('shows the GPU load that a job on the pod claims', async () => {
    const rental = await rent();
    assert.deepEqual(
      rental.gpus().map(({ utilPct, usedMib }) => [utilPct, usedMib]),
      [
        [0, 2],
        [0, 2],
      ],
    );
    await mkdir(rental.dir, { recursive: true });
    await writeFile(join(rental.dir, 'gpu-load'), '97 99999\n');
    assert.deepEqual(
      rental.gpus().map(({ utilPct, usedMib }) => [utilPct, usedMib]),
      [
        [97, 24564],
        [97, 24564],
      ],
    );
  });

  it('obeys the faults that concern machines', async () => {
    let rental = await rent({}, { faults: { 'ssh-late': 1 }, bootScale: 0 });
    world.pass(89);
    assert.equal(world.pods.started.length, 0);
    world.pass(2);
    await until('sshd', () => rental.sshUp);
    await world.close();

    rental = await rent({}, { faults: { 'bad-image': 1 }, bootScale: 0 });
    world.pass(1);
    assert.equal(rental.stopReason, 'image');
    await world.close();

    rental = await rent({}, { faults: { 'host-key-changes': 1 }, bootScale: 0 });
    world.pass(1);
    await until('sshd', () => rental.sshUp);
    const { sshPort } = rental;
    world.pass(30);
    await until('another host key', () => rental.hostKeyFingerprint === 'SHA256:fake2');
    assert.equal(rental.sshPort, sshPort);
    await world.close();

    rental = await rent({}, { faults: { 'start-queued': 1 } });
    world.pass(60);
    rental.stop('user');
    world.pass(10);
    assert.equal(rental.start(), 'queued');
    world.pass(120);
    assert.equal(rental.state, 'running');
  });

  it('stops at the moment the credit is used up, not when somebody looks', async () => {
    const rental = await rent({}, { creditUsd: 0.25 });
    world.pass(86_400);
    assert.deepEqual([rental.state, rental.stopReason, rental.intended], ['stopped', 'credit', 'stopped']);
    const ran = 40_000 + ((0.25 - (diskUsd * 40) / 3600) / (gpuUsd + diskUsd)) * 3_600_000;
    const stretch = world.ledger.bill('vast', '1')?.stretches.find(({ kind }) => kind === 'gpu');
    assert.ok(Math.abs((stretch?.to ?? 0) - rental.createdAt - ran) < 5, String(stretch?.to));
  });

  it('is destroyed instead where the provider does that', async () => {
    const rental = await rent({ whenBroke: 'destroy' }, { creditUsd: 0.05 });
    world.pass(86_400);
    assert.equal(rental.state, 'destroyed');
  });

  it('holds its rules under any sequence of commands', async () => {
    const command = fc.constantFrom('stop', 'start', 'outbid', 'restart', 'taken', 'free', 'destroy', 'wait', 'wait', 'wait');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(command, fc.nat(100)), { maxLength: 25 }), async (commands) => {
        const rental = await rent({ pod: null });
        let bill = 0;
        for (const [name, seconds] of commands) {
          if (name === 'stop') rental.stop('user');
          if (name === 'outbid') rental.stop('outbid');
          if (name === 'start') rental.start();
          if (name === 'restart') rental.restart('restart');
          if (name === 'destroy') rental.destroy();
          if (name === 'taken' || name === 'free') seat.free = name === 'free';
          world.pass(seconds);
          const up = ['scheduling', 'loading', 'running', 'stopping', 'failed'].includes(rental.state);
          assert.equal(seat.taken, up, `seat while ${rental.state}`);
          assert.equal(rental.runningSince !== null, rental.state === 'running');
          assert.equal(rental.endedAt !== null, rental.state === 'destroyed');
          if (rental.queued) assert.equal(rental.intended, 'running');
          const next = charged();
          const most = bill + Math.ceil(((gpuUsd + diskUsd) * 1e6 * seconds) / 3600) + 1;
          assert.ok(next >= bill && next <= most, `${bill} -> ${next} in ${seconds} s`);
          bill = next;
        }
        await world.close();
      }),
      { numRuns: 60 },
    );
  });
});
