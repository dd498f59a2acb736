import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.ts';
import { hello } from '../fakePods.ts';
import { isUp, knock, podDriver } from './podDriver.ts';
import { podBody, problemOf, refusal, rtx4090, testRunpod, type TestRunpod } from './testRunpod.ts';

const hostIsFull = 'There are not enough free GPUs on the host machine to start this pod.';

describe('practice RunPod pods', function () {
  this.timeout(20_000);
  let runpod: TestRunpod;
  beforeEach(async () => {
    runpod = await testRunpod();
  });
  afterEach(() => runpod.close());

  const drive = (id: string) => podDriver(runpod, id);

  /** Somebody else takes every free GPU of the pod's host. */
  function fillHost(id: string): void {
    const { stock, pods } = runpod.server.state;
    const host = pods.get(id)?.host ?? assert.fail('a GPU pod has a host');
    const now = runpod.world.clock.now();
    assert.ok(stock.occupancy.take(host, stock.occupancy.free(host, now), now));
  }

  it('says RUNNING before it can be reached, and shows an address before sshd answers', async () => {
    const id = await runpod.create();
    const seen: string[] = [];
    const pod = await drive(id).reach((now) => {
      const step = `${now.text('status')} ${now.at('runtime') === null ? 'no runtime' : 'runtime'} ${now.at('ssh', 'direct') === null ? 'no address' : 'address'}`;
      if (seen.at(-1) !== step) seen.push(step);
      return isUp(now);
    });
    assert.deepEqual(seen, ['PROVISIONING no runtime no address', 'STARTING no runtime no address', 'RUNNING no runtime no address', 'RUNNING runtime address']);
    const port = pod.number('ssh', 'direct', 'port');
    assert.deepEqual(pod.at('ssh', 'direct'), { host: '127.0.0.1', port, username: 'root', command: `ssh root@127.0.0.1 -p ${port}` });
    assert.notEqual(await knock(port), hello, 'sshd is not up yet');
    await drive(id).answering();
  });

  it('puts HTTP ports behind carrier-grade NAT and lists one nobody asked for', async () => {
    const id = await runpod.create({ ports: ['8888/http', '22/tcp', '7000/tcp'] });
    const pod = await drive(id).reach(isUp);
    const ports = pod.list('runtime', 'ports');
    assert.deepEqual(ports.map((port) => [port.at('private'), port.at('type')]), [[8888, 'http'], [22, 'tcp'], [7000, 'tcp'], [19123, 'http']]);
    for (const port of ports.filter((port) => port.at('type') === 'http')) {
      const second = Number(port.text('ip').split('.')[1]);
      assert.ok(port.text('ip').startsWith('100.') && second >= 64 && second < 128, port.text('ip'));
    }
    assert.deepEqual(pod.list('runtime', 'gpus').map((gpu) => gpu.at('util')), [0]);
  });

  it('has no direct SSH without 22/tcp, whatever else it has', async () => {
    const id = await runpod.create({ ports: ['8888/http'] });
    const pod = await drive(id).reach((now) => now.at('runtime') !== null);
    assert.equal(pod.at('ssh', 'direct'), null);
    assert.ok(pod.list('runtime', 'ports').every((port) => port.at('private') !== 22));
  });

  it('has no direct SSH on a community host without a public address', async () => {
    const { hosts } = runpod.server.state.stock;
    const hidden = new Set(hosts.filter((host) => !host.publicIp).map((host) => host.id));
    assert.ok(hidden.size > 5, 'some community hosts have none');
    const id = await until('a pod on one of them', async () => {
      const answer = await runpod.call('POST', '/v2/pods', { ...podBody, cloud: 'COMMUNITY', gpu: { id: rtx4090, count: 1 } });
      if (answer.status !== 201) return assert.fail('no hidden host for this seed');
      const made = answer.body.text('id');
      if (hidden.has(runpod.server.state.pods.get(made)?.host?.id ?? '')) return made;
      await runpod.call('DELETE', `/v2/pods/${made}`);
      return undefined;
    });
    const pod = await drive(id).reach((now) => now.at('runtime') !== null);
    assert.equal(pod.at('ssh', 'direct'), null);
    assert.equal(pod.at('status'), 'RUNNING');
  });

  it('keeps the rate in cost while it is stopped, and charges only its volume then', async () => {
    const id = await runpod.create({ mounts: { persistent: { size: 100, path: '/workspace' } } });
    await drive(id).answering();
    const running = runpod.world.ledger.burnUsdPerHour('runpod');
    assert.ok(Math.abs(running - (0.59 + (40 * 0.1 + 100 * 0.1) / 730)) < 1e-8, String(running));
    const stopped = await drive(id).act('stop');
    assert.equal(stopped.status, 200);
    assert.deepEqual([stopped.body.at('status'), stopped.body.at('cost'), stopped.body.at('runtime'), stopped.body.at('ssh', 'direct'), stopped.body.at('actions')], ['EXITED', 0.59, null, null, ['start', 'terminate']]);
    const idle = runpod.world.ledger.burnUsdPerHour('runpod');
    assert.ok(Math.abs(idle - (100 * 0.2) / 730) < 1e-8, String(idle));
  });

  it('charges nothing before a host was found and nothing after it was deleted', async () => {
    const id = await runpod.create();
    assert.equal(runpod.world.ledger.burnUsdPerHour('runpod'), 0);
    await drive(id).reach((pod) => pod.at('status') === 'STARTING');
    assert.ok(runpod.world.ledger.burnUsdPerHour('runpod') > 0.59);
    await runpod.call('DELETE', `/v2/pods/${id}`);
    assert.equal(runpod.world.ledger.burnUsdPerHour('runpod'), 0);
    const charged = runpod.world.ledger.chargedMicros('runpod', id, runpod.world.clock.now());
    runpod.world.pass(3600);
    assert.equal(runpod.world.ledger.chargedMicros('runpod', id, runpod.world.clock.now()), charged);
  });

  it('comes back on another port, after one read of the old one', async () => {
    const id = await runpod.create();
    const before = (await drive(id).answering()).number('ssh', 'direct', 'port');
    await drive(id).act('stop');
    assert.equal((await runpod.pod(id)).at('ssh', 'direct'), null, 'a stopped pod has no address');
    assert.equal((await drive(id).act('start')).status, 200);
    const stale = await runpod.pod(id);
    assert.equal(stale.at('ssh', 'direct', 'port'), before);
    assert.notEqual(await knock(before), hello);
    assert.equal((await runpod.pod(id)).at('ssh', 'direct'), null, 'the second read knows better');
    const again = await drive(id).answering();
    assert.notEqual(again.at('ssh', 'direct', 'port'), before);
    assert.equal(runpod.world.pods.started.length, 2);
  });

  it('restarts in place', async () => {
    const id = await runpod.create();
    await drive(id).answering();
    assert.equal((await drive(id).act('restart')).body.at('status'), 'STARTING');
    await runpod.pod(id);
    await drive(id).answering();
    assert.equal(runpod.world.pods.started.length, 2);
  });

  it('wipes the container disk when it stops or restarts, and keeps what is mounted', async () => {
    const id = await runpod.create({ mounts: { persistent: { size: 10, path: '/workspace' } } });
    await drive(id).answering();
    const { dir } = drive(id).rental;
    const put = () => {
      mkdirSync(join(dir, 'root/workspace'), { recursive: true });
      writeFileSync(join(dir, 'root/workspace/kept'), '');
      writeFileSync(join(dir, 'root/lost'), '');
    };
    for (const action of ['restart', 'stop']) {
      put();
      await drive(id).act(action);
      await until(`${action} to wipe`, () => !existsSync(join(dir, 'root/lost')));
      assert.ok(existsSync(join(dir, 'root/workspace/kept')), action);
      if (action === 'restart') await drive(id).answering();
    }
  });

  describe('start of a stopped pod whose host is full', () => {
    async function stoppedOnFullHost(): Promise<string> {
      const id = await runpod.create();
      await drive(id).answering();
      await drive(id).act('stop');
      fillHost(id);
      return id;
    }

    it('is refused, or gives it back without a GPU; both happen', async () => {
      const outcomes = new Set<string>();
      for (let tries = 0; tries < 12 && outcomes.size < 2; tries += 1) {
        const id = await stoppedOnFullHost();
        const answer = await drive(id).act('start');
        if (answer.status === 400) {
          outcomes.add('refused');
          assert.deepEqual(refusal(answer), problemOf(400, hostIsFull));
          assert.equal((await runpod.pod(id)).at('status'), 'EXITED');
          runpod.world.pass(600);
          assert.equal((await runpod.pod(id)).at('status'), 'EXITED', 'it does not start by itself later');
        } else {
          outcomes.add('no GPU');
          assert.equal(answer.status, 200);
          await runpod.pod(id);
          const pod = await drive(id).answering();
          assert.deepEqual(pod.at('runtime', 'gpus'), []);
          assert.equal(runpod.world.pods.started.at(-1)?.env['RUNPOD_GPU_COUNT'], '0');
          assert.ok(runpod.world.ledger.burnUsdPerHour('runpod') < 0.1, 'no GPU, no GPU charge');
        }
        await runpod.call('DELETE', `/v2/pods/${id}`);
      }
      assert.deepEqual([...outcomes].toSorted(), ['no GPU', 'refused']);
    });

    it('can be refused by a fault although the host has room', async () => {
      const id = await runpod.create();
      await drive(id).answering();
      await drive(id).act('stop');
      runpod.world.faults.force('start-queued');
      assert.deepEqual(refusal(await drive(id).act('start')), problemOf(400, hostIsFull));
      runpod.world.pass(600);
      assert.equal((await runpod.pod(id)).at('status'), 'EXITED', 'a refused start is forgotten, not queued');
      assert.equal((await drive(id).act('start')).status, 200);
    });
  });

  it('allows an action only in the states it names', async () => {
    const id = await runpod.create();
    const allowed = async () => {
      const pod = await runpod.pod(id);
      for (const action of ['start', 'stop', 'restart']) {
        if (pod.list('actions').some((known) => known.value === action)) continue;
        assert.deepEqual(refusal(await drive(id).act(action)), problemOf(409, `cannot ${action} a pod that is ${pod.text('status')}`));
      }
      return pod.at('actions');
    };
    assert.deepEqual(await allowed(), ['stop', 'terminate']);
    await drive(id).answering();
    assert.deepEqual(await allowed(), ['stop', 'restart', 'terminate']);
    await drive(id).act('stop');
    assert.deepEqual(await allowed(), ['start', 'terminate']);
    assert.deepEqual(refusal(await drive(id).act('reboot')), problemOf(422, 'Request validation failed.', ["$.action: value must be one of 'start', 'stop', 'restart', 'terminate'"]));
    assert.equal((await drive(id).act('terminate')).status, 204);
    assert.deepEqual(refusal(await drive(id).act('terminate')), problemOf(404, 'pod not found'));
    assert.deepEqual(refusal(await runpod.call('DELETE', `/v2/pods/${id}`)), problemOf(404, 'pod not found'));
  });

  it('can lie about a deletion', async () => {
    const id = await runpod.create();
    runpod.world.faults.force('destroy-lies');
    assert.equal((await runpod.call('DELETE', `/v2/pods/${id}`)).status, 204);
    assert.equal((await runpod.pod(id)).at('id'), id);
    assert.equal((await runpod.call('DELETE', `/v2/pods/${id}`)).status, 204);
    assert.equal((await runpod.call('GET', `/v2/pods/${id}`)).status, 404);
  });

  it('ends in ERROR when its image cannot be pulled, still charged, and says why only in the log', async () => {
    const id = await runpod.create({ image: 'no-such/image:1' });
    const pod = await drive(id).reach((now) => now.at('status') === 'ERROR');
    assert.deepEqual(pod.at('actions'), ['start', 'terminate']);
    assert.ok(runpod.world.ledger.burnUsdPerHour('runpod') > 0.59);
    const system = drive(id).rental.log.lines().filter((line) => line.source === 'system').map((line) => line.text);
    assert.match(system.at(-1) ?? '', /pull access denied for no-such\/image/);
    fillHost(id);
    assert.equal((await drive(id).act('start')).status, 200, 'it holds its GPUs, so it can try again');
    assert.equal(drive(id).rental.gpuCount, 1);
    await drive(id).reach((now) => now.at('status') === 'ERROR');
  });

  it('is terminated when the credit is used up, and only stopped when a network volume holds its data', async () => {
    await runpod.close();
    runpod = await testRunpod({ creditUsd: 1.3 });
    const volume = (await runpod.call('POST', '/v2/network-volumes', { name: 'v', size: 10, dataCenter: 'US-KS-2' })).body.text('id');
    const kept = await runpod.call('POST', '/v2/pods', { ...podBody, gpu: { id: 'NVIDIA RTX A4000', count: 1 }, mounts: { network: [{ volumeId: volume, path: '/workspace' }] } });
    const lost = await runpod.create();
    runpod.world.pass(4 * 3600);
    assert.equal((await runpod.call('GET', `/v2/pods/${lost}`)).status, 404);
    if (kept.status === 201) assert.equal((await runpod.pod(kept.body.text('id'))).at('status'), 'EXITED');
    assert.ok(runpod.world.ledger.creditMicros('runpod', runpod.world.clock.now()) > -2000);
  });
});
