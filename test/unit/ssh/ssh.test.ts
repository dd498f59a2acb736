import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createSsh, type SshDoor, sshCommand } from '../../../src/ssh/ssh.ts';
import { connectUserConfig } from '../../../src/ssh/include.ts';
import { type Machine, startMachine } from './support/machine.ts';
import { createTestClock } from './support/testClock.ts';
import { hasTool, noLog, rejectsWith, runTool, tempFolder, throwsWith, until } from './support/tools.ts';

const withSsh = hasTool('ssh', '-V') ? it : it.skip;
const alias = 'gpu-rental-ab12-01j9z';
const signal = new AbortController().signal;

describe('SSH as a whole', () => {
  const temp = tempFolder();
  const open: Machine[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  async function rented(ssh: SshDoor): Promise<Machine> {
    const publicKey = await ssh.publicKey();
    const there = await startMachine({ authorized: () => [publicKey] });
    open.push(there);
    return there;
  }
  const reach = (ssh: SshDoor, { endpoint }: Machine) =>
    ssh.reach({ alias, endpoints: () => Promise.resolve([endpoint]), onStep: () => undefined, timeoutMs: 60_000, signal });
  const place = () => createSsh({ folder: temp('ssh'), clock: createTestClock(), log: noLog, install: 'ab12' });

  it('makes nothing before it is needed', async () => {
    const folder = temp('ssh');
    const ssh = createSsh({ folder, clock: createTestClock(), log: noLog });
    assert.deepEqual(await ssh.aliases(), []);
    await ssh.forgetHostKey(alias);
    assert.throws(() => readdirSync(folder), { code: 'ENOENT' });
    assert.match(await ssh.publicKey(), /^ssh-ed25519 \S{68} gpu-rental$/);
    assert.deepEqual(readdirSync(folder).toSorted(), ['id_ed25519', 'known_hosts']);
  });

  it('asks again for a key that could not be made', async () => {
    const folder = temp('ssh');
    mkdirSync(dirname(folder), { recursive: true });
    writeFileSync(folder, 'a file in the way');
    const ssh = createSsh({ folder, clock: createTestClock(), log: noLog, install: 'ab12' });
    await rejectsWith(ssh.publicKey(), 'sshConfig', /EEXIST|ENOTDIR/);
    const endpoint = { host: '192.0.2.1', port: 22, user: 'root', viaProxy: false };
    await rejectsWith(ssh.writeHost({ alias, endpoint }), 'sshConfig');
    execFileSync('rm', [folder]);
    assert.match(await ssh.publicKey(), / gpu-rental-ab12$/);
  });

  it('connects only to the machine it reached', async () => {
    const ssh = place();
    const [there, other] = [await rented(ssh), await rented(ssh)];
    await rejectsWith(ssh.connect({ alias, endpoint: there.endpoint, signal }), 'sshUnreachable', /was not reached/);
    assert.equal(there.accepted(), 0);
    await reach(ssh, there);
    const connection = await ssh.connect({ alias, endpoint: there.endpoint, signal });
    assert.equal((await connection.exec('echo in')).stdout, 'in\n');
    await connection.close();
    await rejectsWith(ssh.connect({ alias, endpoint: other.endpoint, signal }), 'hostKeyChanged');
    await ssh.removeHost(alias);
    await rejectsWith(ssh.connect({ alias, endpoint: there.endpoint, signal }), 'sshUnreachable', /was not reached/);
  });

  withSsh('lets OpenSSH in through the host file alone, and only to that machine', async () => {
    const ssh = place();
    const [there, impostor] = [await rented(ssh), await rented(ssh)];
    const { endpoint } = await reach(ssh, there);
    const hostFile = await ssh.writeHost({ alias, endpoint });
    const go = () => runTool('ssh', ['-F', hostFile, '-o', 'BatchMode=yes', alias, 'cat; echo in; exit 7'], 'typed ');
    assert.deepEqual(await go(), { code: 7, stdout: 'typed in\n', stderr: '' });

    await ssh.writeHost({ alias, endpoint: impostor.endpoint });
    const refused = await go();
    assert.deepEqual([refused.code, refused.stdout, impostor.attempts], [255, '', []]);
    assert.match(refused.stderr, /HOST IDENTIFICATION HAS CHANGED|Host key verification failed/);

    await ssh.forgetHostKey(alias);
    assert.equal((await go()).code, 255, 'without a pin ssh may not make one of its own');
    await reach(ssh, impostor);
    assert.deepEqual((await go()).code, 7);
  });

  withSsh('lets OpenSSH in through the user\'s configuration too', async () => {
    const ssh = place();
    const there = await rented(ssh);
    const { endpoint } = await reach(ssh, there);
    const hostFile = await ssh.writeHost({ alias, endpoint });
    const userConfig = temp('config');
    mkdirSync(dirname(userConfig), { recursive: true });
    const mine = ['User nobody', 'StrictHostKeyChecking no', 'UserKnownHostsFile /dev/null', 'RemoteCommand false'];
    writeFileSync(userConfig, `Host *\n  ${mine.join('\n  ')}\n`);
    await connectUserConfig({ userConfig, hostFile });
    assert.deepEqual(await ssh.checkEffective({ alias, endpoint }, { configFile: userConfig }), []);
    const { code, stdout, stderr } = await runTool('ssh', ['-F', userConfig, '-o', 'BatchMode=yes', alias, 'echo in']);
    assert.deepEqual([code, stdout, stderr], [0, 'in\n', '']);
  });

  withSsh('copies a command that a shell can run as it is', async () => {
    const ssh = createSsh({ folder: temp('a $HOME `b` dir'), clock: createTestClock(), log: noLog });
    const there = await rented(ssh);
    const { endpoint } = await reach(ssh, there);
    const hostFile = await ssh.writeHost({ alias, endpoint });
    const { code, stdout, stderr } = await runTool('sh', ['-c', `${sshCommand(alias, hostFile)} 'echo in'`]);
    assert.deepEqual([code, stdout, stderr], [0, 'in\n', '']);
  });

  it('writes that command as each system takes it', () => {
    assert.equal(sshCommand(alias, '/home/ada/My Files/config', 'linux'), `ssh -F "/home/ada/My Files/config" ${alias}`);
    assert.equal(sshCommand(alias, 'C:\\Users\\Ada B\\$x\\config', 'win32'), `ssh -F "C:/Users/Ada B/$x/config" ${alias}`);
    assert.equal(sshCommand(alias, "/it's $5/config", 'darwin'), `ssh -F '/it'\\''s $5/config' ${alias}`);
    throwsWith(() => sshCommand('x; id', '/c', 'linux'), 'sshConfig', /alias/);
  });

  it('keeps its private key to itself', async () => {
    const lines: unknown[] = [];
    const keep = (...said: unknown[]) => void lines.push(...said);
    const folder = temp('ssh');
    const ssh = createSsh({ folder, clock: createTestClock(), log: { debug: keep, info: keep, warn: keep, error: keep } });
    const there = await rented(ssh);
    await reach(ssh, there);
    await ssh.forgetHostKey(alias);
    await ssh.writeHost({ alias, endpoint: there.endpoint });
    const secret = readFileSync(`${folder}/id_ed25519`, 'utf8').trim().split('\n').slice(1, -1);
    assert.ok(secret.length >= 3);
    const said = JSON.stringify(lines) + readFileSync(ssh.hostFile, 'utf8') + (await ssh.publicKey());
    assert.match(said, /Pinned SHA256:/);
    for (const line of secret) assert.equal(said.includes(line), false);
    await until(() => there.open() === 0);
  });
});
