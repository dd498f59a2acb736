import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Endpoint } from '../../../src/domain/instance.ts';
import { type Pod, startPod } from '../../../src/practice/pod/pod.ts';
import { connectUserConfig } from '../../../src/ssh/include.ts';
import { createSsh, sshCommand } from '../../../src/ssh/ssh.ts';
import { createTestClock } from './support/testClock.ts';
import { hasTool, noLog, rejectsWith, runTool, tempFolder, until } from './support/tools.ts';

const posix = process.platform === 'win32' ? describe.skip : describe;
const withSsh = hasTool('ssh', '-V') ? it : it.skip;
const alias = 'gpu-rental-ab12-01j9z';
const signal = new AbortController().signal;
const gpu = {
  name: 'NVIDIA GeForce RTX 4090', memoryMib: 24_564, usedMib: 0, utilPct: 0, tempC: 30, powerW: 20, driver: '570.1', cuda: '12.8',
};

posix('SSH with a practice pod', () => {
  const temp = tempFolder('gpu rental ');
  const pods: Pod[] = [];
  afterEach(async () => {
    for (const pod of pods.splice(0)) await pod.stop();
  });

  function setUp() {
    const ssh = createSsh({ folder: temp('ssh'), clock: createTestClock(), log: noLog });
    const dir = temp('pod');
    mkdirSync(dir, { recursive: true });
    const start = async () => {
      const publicKey = await ssh.publicKey();
      const pod = await startPod({
        dir, env: {}, authorizedKeys: () => [publicKey], gpus: () => [gpu, gpu], log: () => undefined,
      });
      pods.push(pod);
      return pod;
    };
    const at = (pod: Pod): Endpoint => ({ host: '127.0.0.1', port: pod.port, user: 'root', viaProxy: false });
    const reach = (...reads: Endpoint[]) =>
      ssh.reach({
        alias,
        endpoints: () => Promise.resolve((reads.length > 1 ? reads.splice(0, 1) : reads).slice(0, 1)),
        onStep: () => undefined,
        timeoutMs: 600_000,
        signal,
      });
    return { ssh, dir, start, at, reach };
  }

  it('reaches it and hears its GPUs', async () => {
    const { dir, start, at, reach } = setUp();
    const pod = await start();
    const report = await reach(at(pod));
    assert.deepEqual(report.gpus, [gpu.name, gpu.name]);
    assert.equal(report.home, `${dir}/root`);
    assert.equal(report.pinnedNow, true);
  });

  it('finds it again after a restart: new port, new host key, a first read that is stale', async () => {
    const { ssh, start, at, reach } = setUp();
    const first = await start();
    await reach(at(first));
    await first.stop();
    const second = await start();
    const { detail } = await rejectsWith(reach(at(second)), 'hostKeyChanged');
    assert.ok(detail?.endsWith(`shown ${second.hostKeyFingerprint}`), detail);
    await ssh.forgetHostKey(alias);
    const report = await reach(at(first), at(first), at(second));
    assert.deepEqual([report.endpoint.port, report.pinnedNow], [second.port, true]);
  });

  it('gives a terminal of the size asked for, and resizes it', async () => {
    const { ssh, start, at, reach } = setUp();
    const pod = await start();
    await reach(at(pod));
    const connection = await ssh.connect({ alias, endpoint: at(pod), signal });
    const shell = await connection.shell({ columns: 111, rows: 37 });
    let said = '';
    shell.stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    shell.stream.write('stty size\n');
    await until(() => said.includes('37 111'), 'the first size');
    shell.resize({ columns: 99, rows: 20 });
    await until(() => (shell.stream.write('stty size\n'), said.includes('20 99')), 'the second size');
    shell.stream.write('exit 5\n');
    assert.equal(await shell.ended, 5);
    await connection.close();
  });

  withSsh('lets OpenSSH in by the copied command and through the user\'s configuration', async () => {
    const { ssh, start, at, reach } = setUp();
    const pod = await start();
    const { endpoint } = await reach(at(pod));
    const hostFile = await ssh.writeHost({ alias, endpoint });
    const copied = await runTool('sh', ['-c', `${sshCommand(alias, hostFile)} nvidia-smi -L`]);
    assert.deepEqual([copied.code, copied.stderr], [0, '']);
    assert.equal(copied.stdout.match(/^GPU \d: NVIDIA GeForce RTX 4090/gm)?.length, 2);

    const userConfig = `${hostFile}.of-the-user`;
    writeFileSync(userConfig, 'Host *\n  User nobody\n  Port 1\n');
    await connectUserConfig({ userConfig, hostFile });
    const through = await runTool('ssh', ['-F', userConfig, '-T', alias, 'bash'], 'echo "in as $USER"\n');
    assert.deepEqual([through.code, through.stdout.trim()], [0, 'in as root']);
  });

  withSsh('makes OpenSSH refuse it after a restart nobody told of', async () => {
    const { ssh, start, at, reach } = setUp();
    const first = await start();
    await reach(at(first));
    await first.stop();
    const second = await start();
    const hostFile = await ssh.writeHost({ alias, endpoint: at(second) });
    const { code, stdout, stderr } = await runTool('ssh', ['-F', hostFile, alias, 'echo in']);
    assert.deepEqual([code, stdout], [255, '']);
    assert.match(stderr, /HOST IDENTIFICATION HAS CHANGED|Host key verification failed/);
  });
});
