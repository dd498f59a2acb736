import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { until } from '../until.ts';
import { hello } from '../fakePods.ts';
import { podBody, problemOf, publicKey, refusal, rtx4090, testRunpod, type Json, type TestRunpod } from './testRunpod.ts';

const hostIsFull = 'There are not enough free GPUs on the host machine to start this pod.';

/** What answers on a port: a greeting, or an error. */
function knock(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (chunk) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.once('error', (error) => resolve(error.message));
    socket.once('close', () => resolve('closed'));
  });
}

describe('practice RunPod pods', function () {
  this.timeout(20_000);
  let runpod: TestRunpod;
  beforeEach(async () => {
    runpod = await testRunpod();
  });
  afterEach(() => runpod.close());

  const act = (id: string, action: string) => runpod.call('POST', `/v2/pods/${id}/action`, { action });
  const rental = (id: string) => runpod.world.rentals.get('runpod', id) ?? assert.fail(`no rental ${id}`);

  /** Lets market time pass in small steps until the pod is as wished. */
  async function reach(id: string, wished: (pod: Json) => boolean): Promise<Json> {
    for (let seconds = 0; seconds < 600; seconds += 1) {
      const pod = await runpod.pod(id);
      if (wished(pod)) return pod;
      runpod.world.pass(1);
    }
    return assert.fail(`the pod did not get there in ten minutes: ${JSON.stringify((await runpod.pod(id)).value)}`);
  }
  const isUp = (pod: Json) => pod.at('ssh', 'direct') !== null;
  // The address is read anew every time: the first one after a start may be old.
  const upAndAnswering = async (id: string) =>
    until('sshd', async () => {
      const pod = await reach(id, isUp);
      if ((await knock(pod.number('ssh', 'direct', 'port'))) === hello) return pod;
      runpod.world.pass(1);
      return undefined;
    });

  it('says RUNNING before it can be reached, and shows an address before sshd answers', async () => {
    const id = await runpod.create();
    const seen: string[] = [];
    const pod = await reach(id, (now) => {
      const step = `${now.text('status')} ${now.at('runtime') === null ? 'no runtime' : 'runtime'} ${now.at('ssh', 'direct') === null ? 'no address' : 'address'}`;
      if (seen.at(-1) !== step) seen.push(step);
      return isUp(now);
    });
    assert.deepEqual(seen, ['PROVISIONING no runtime no address', 'STARTING no runtime no address', 'RUNNING no runtime no address', 'RUNNING runtime address']);
    const port = pod.number('ssh', 'direct', 'port');
    assert.deepEqual(pod.at('ssh', 'direct'), { host: '127.0.0.1', port, username: 'root', command: `ssh root@127.0.0.1 -p ${port}` });
    assert.notEqual(await knock(port), hello, 'sshd is not up yet');
    await upAndAnswering(id);
  });

  it('puts HTTP ports behind carrier-grade NAT and lists one nobody asked for', async () => {
    const id = await runpod.create({ ports: ['8888/http', '22/tcp', '7000/tcp'] });
    const pod = await reach(id, isUp);
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
    const pod = await reach(id, (now) => now.at('runtime') !== null);
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
    const pod = await reach(id, (now) => now.at('runtime') !== null);
    assert.equal(pod.at('ssh', 'direct'), null);
    assert.equal(pod.at('status'), 'RUNNING');
  });

  it('tells the container who it is', async () => {
    const id = await runpod.create({ env: { PUBLIC_KEY: publicKey, MINE: 'yes', RUNPOD_POD_ID: 'forged' } });
    const pod = await upAndAnswering(id);
    const env = runpod.world.pods.started.at(-1)?.env ?? {};
    const record = runpod.server.state.pods.get(id);
    assert.deepEqual(
      [env['RUNPOD_POD_ID'], env['RUNPOD_API_KEY'], env['RUNPOD_API_BASE_URL'], env['RUNPOD_DC_ID'], env['RUNPOD_GPU_COUNT'], env['RUNPOD_PUBLIC_IP'], env['RUNPOD_TCP_PORT_22'], env['PUBLIC_KEY'], env['MINE']],
      [id, record?.apiKey, runpod.server.url, record?.dataCenterId, '1', '127.0.0.1', String(pod.at('ssh', 'direct', 'port')), publicKey, 'yes'],
    );
    assert.ok(Number(env['RUNPOD_CPU_COUNT']) >= 4);
    assert.deepEqual(Object.keys(pod.at('env') ?? {}).toSorted(), ['MINE', 'PUBLIC_KEY', 'RUNPOD_POD_ID'], 'GET shows what was asked for');
  });

  describe('keys', () => {
    const keysOf = async (body: Readonly<Record<string, unknown>>) => {
      const id = await runpod.create(body);
      await upAndAnswering(id);
      return runpod.world.pods.started.at(-1)?.authorizedKeys();
    };
    const accountKeys = (keys: readonly string[]) => runpod.call('PUT', '/v2/account/ssh-keys', { keys });

    it('come from PUBLIC_KEY, line by line', async () => {
      assert.deepEqual(await keysOf({ env: { PUBLIC_KEY: `${publicKey}\n\nssh-rsa AAAA b\n` } }), [publicKey, 'ssh-rsa AAAA b']);
    });

    it('come from the account with startSsh, as it was at create', async () => {
      await accountKeys(['ssh-ed25519 AAAA old']);
      const id = await runpod.create({ env: {}, startSsh: true });
      await accountKeys(['ssh-ed25519 AAAA new']);
      await upAndAnswering(id);
      assert.deepEqual(runpod.world.pods.started.at(-1)?.authorizedKeys(), ['ssh-ed25519 AAAA old']);
    });

    it('of the account give way to PUBLIC_KEY, and are absent without startSsh', async () => {
      await accountKeys(['ssh-ed25519 AAAA account']);
      assert.deepEqual(await keysOf({ startSsh: true }), [publicKey]);
      assert.deepEqual(await keysOf({ env: {} }), []);
    });

    it('let nobody in when nothing starts sshd', async () => {
      assert.deepEqual(await keysOf({ args: 'sleep infinity' }), []);
      assert.deepEqual(await keysOf({ image: 'ubuntu:24.04' }), []);
      assert.deepEqual(await keysOf({ args: "bash -c 'sleep 1 & exec /start.sh'" }), [publicKey]);
    });
  });

  it('runs args, cmd and entrypoint as the start command', async () => {
    await upAndAnswering(await runpod.create({ args: "bash -c 'echo $RUNPOD_POD_ID > /tmp/x; exec /start.sh'" }));
    assert.match(runpod.world.pods.started.at(-1)?.startCommand ?? '', /^bash -c 'echo \$RUNPOD_POD_ID > \/tmp\/x; exec \/.*\/start\.sh'$/);
    await upAndAnswering(await runpod.create({ entrypoint: ['sh', '-c'], cmd: ['id; /start.sh'] }));
    assert.match(runpod.world.pods.started.at(-1)?.startCommand ?? '', /^sh -c 'id; .*\/start\.sh'$/);
  });

  it('keeps the rate in cost while it is stopped, and charges only its volume then', async () => {
    const id = await runpod.create({ mounts: { persistent: { size: 100, path: '/workspace' } } });
    await upAndAnswering(id);
    const running = runpod.world.ledger.burnUsdPerHour('runpod');
    assert.ok(Math.abs(running - (0.59 + (40 * 0.1 + 100 * 0.1) / 730)) < 1e-8, String(running));
    const stopped = await act(id, 'stop');
    assert.equal(stopped.status, 200);
    assert.deepEqual([stopped.body.at('status'), stopped.body.at('cost'), stopped.body.at('runtime'), stopped.body.at('ssh', 'direct'), stopped.body.at('actions')], ['EXITED', 0.59, null, null, ['start', 'terminate']]);
    const idle = runpod.world.ledger.burnUsdPerHour('runpod');
    assert.ok(Math.abs(idle - (100 * 0.2) / 730) < 1e-8, String(idle));
  });

  it('charges nothing before a host was found and nothing after it was deleted', async () => {
    const id = await runpod.create();
    assert.equal(runpod.world.ledger.burnUsdPerHour('runpod'), 0);
    await reach(id, (pod) => pod.at('status') === 'STARTING');
    assert.ok(runpod.world.ledger.burnUsdPerHour('runpod') > 0.59);
    await runpod.call('DELETE', `/v2/pods/${id}`);
    assert.equal(runpod.world.ledger.burnUsdPerHour('runpod'), 0);
    const charged = runpod.world.ledger.chargedMicros('runpod', id, runpod.world.clock.now());
    runpod.world.pass(3600);
    assert.equal(runpod.world.ledger.chargedMicros('runpod', id, runpod.world.clock.now()), charged);
  });

  it('comes back on another port, after one read of the old one', async () => {
    const id = await runpod.create();
    const before = (await upAndAnswering(id)).number('ssh', 'direct', 'port');
    await act(id, 'stop');
    assert.equal((await runpod.pod(id)).at('ssh', 'direct'), null, 'a stopped pod has no address');
    assert.equal((await act(id, 'start')).status, 200);
    const stale = await runpod.pod(id);
    assert.equal(stale.at('ssh', 'direct', 'port'), before);
    assert.notEqual(await knock(before), hello);
    assert.equal((await runpod.pod(id)).at('ssh', 'direct'), null, 'the second read knows better');
    const again = await upAndAnswering(id);
    assert.notEqual(again.at('ssh', 'direct', 'port'), before);
    assert.equal(runpod.world.pods.started.length, 2);
  });

  it('restarts in place', async () => {
    const id = await runpod.create();
    await upAndAnswering(id);
    assert.equal((await act(id, 'restart')).body.at('status'), 'STARTING');
    await runpod.pod(id);
    await upAndAnswering(id);
    assert.equal(runpod.world.pods.started.length, 2);
  });

  it('wipes the container disk when it stops or restarts, and keeps what is mounted', async () => {
    const { existsSync, mkdirSync, writeFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    const id = await runpod.create({ mounts: { persistent: { size: 10, path: '/workspace' } } });
    await upAndAnswering(id);
    const { dir } = rental(id);
    const put = () => {
      mkdirSync(join(dir, 'root/workspace'), { recursive: true });
      writeFileSync(join(dir, 'root/workspace/kept'), '');
      writeFileSync(join(dir, 'root/lost'), '');
    };
    for (const action of ['restart', 'stop']) {
      put();
      await act(id, action);
      await until(`${action} to wipe`, () => !existsSync(join(dir, 'root/lost')));
      assert.ok(existsSync(join(dir, 'root/workspace/kept')), action);
      if (action === 'restart') await upAndAnswering(id);
    }
  });

  describe('start of a stopped pod whose host is full', () => {
    async function stoppedOnFullHost(): Promise<string> {
      const id = await runpod.create();
      await upAndAnswering(id);
      await act(id, 'stop');
      const { stock, pods } = runpod.server.state;
      const host = pods.get(id)?.host ?? assert.fail('a GPU pod has a host');
      const now = runpod.world.clock.now();
      assert.ok(stock.occupancy.take(host, stock.occupancy.free(host, now), now));
      return id;
    }

    it('is refused, or gives it back without a GPU; both happen', async () => {
      const outcomes = new Set<string>();
      for (let tries = 0; tries < 12 && outcomes.size < 2; tries += 1) {
        const id = await stoppedOnFullHost();
        const answer = await act(id, 'start');
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
          const pod = await upAndAnswering(id);
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
      await upAndAnswering(id);
      await act(id, 'stop');
      runpod.world.faults.force('start-queued');
      assert.deepEqual(refusal(await act(id, 'start')), problemOf(400, hostIsFull));
      assert.equal((await act(id, 'start')).status, 200);
    });
  });

  it('allows an action only in the states it names', async () => {
    const id = await runpod.create();
    const allowed = async () => {
      const pod = await runpod.pod(id);
      for (const action of ['start', 'stop', 'restart']) {
        if (pod.list('actions').some((known) => known.value === action)) continue;
        assert.deepEqual(refusal(await act(id, action)), problemOf(409, `cannot ${action} a pod that is ${pod.text('status')}`));
      }
      return pod.at('actions');
    };
    assert.deepEqual(await allowed(), ['stop', 'terminate']);
    await upAndAnswering(id);
    assert.deepEqual(await allowed(), ['stop', 'restart', 'terminate']);
    await act(id, 'stop');
    assert.deepEqual(await allowed(), ['start', 'terminate']);
    assert.deepEqual(refusal(await act(id, 'reboot')), problemOf(422, 'Request validation failed.', ["$.action: value must be one of 'start', 'stop', 'restart', 'terminate'"]));
    assert.equal((await act(id, 'terminate')).status, 204);
    assert.deepEqual(refusal(await act(id, 'terminate')), problemOf(404, 'pod not found'));
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
    const pod = await reach(id, (now) => now.at('status') === 'ERROR');
    assert.deepEqual(pod.at('actions'), ['start', 'terminate']);
    assert.ok(runpod.world.ledger.burnUsdPerHour('runpod') > 0.59);
    const system = rental(id).log.lines().filter((line) => line.source === 'system').map((line) => line.text);
    assert.match(system.at(-1) ?? '', /pull access denied for no-such\/image/);
    assert.equal((await act(id, 'start')).status, 200, 'it holds its GPUs, so it can try again');
    await reach(id, (now) => now.at('status') === 'ERROR');
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
