import assert from 'node:assert/strict';
import { podDriver } from './podDriver.ts';
import { publicKey, testRunpod, type TestRunpod } from './testRunpod.ts';

describe('practice RunPod containers', function () {
  this.timeout(20_000);
  let runpod: TestRunpod;
  beforeEach(async () => {
    runpod = await testRunpod();
  });
  afterEach(() => runpod.close());
  const drive = (id: string) => podDriver(runpod, id);

  it('tells the container who it is', async () => {
    const id = await runpod.create({ env: { PUBLIC_KEY: publicKey, MINE: 'yes', RUNPOD_POD_ID: 'forged' } });
    const pod = await drive(id).answering();
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
      await drive(id).answering();
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
      await drive(id).answering();
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
    await drive(await runpod.create({ args: "bash -c 'echo $RUNPOD_POD_ID > /tmp/x; exec /start.sh'" })).answering();
    assert.match(runpod.world.pods.started.at(-1)?.startCommand ?? '', /^bash -c 'echo \$RUNPOD_POD_ID > \/tmp\/x; exec \/.*\/start\.sh'$/);
    await drive(await runpod.create({ entrypoint: ['sh', '-c'], cmd: ['id; /start.sh'] })).answering();
    assert.match(runpod.world.pods.started.at(-1)?.startCommand ?? '', /^sh -c 'id; .*\/start\.sh'$/);
  });
});
