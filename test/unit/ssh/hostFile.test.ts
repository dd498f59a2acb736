import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import type { SshHost } from '../../../src/domain/ssh.ts';
import { createSsh } from '../../../src/ssh/ssh.ts';
import { createTestClock } from './support/testClock.ts';
import { hasTool, noLog, rejectsWith, runChild, runTool, tempFolder } from './support/tools.ts';

const posixOnly = process.platform === 'win32' ? it.skip : it;
const withSsh = hasTool('ssh', '-V') ? it : it.skip;

const hostAt = (alias: string, port = 22, host = '192.0.2.1'): SshHost =>
  ({ alias, endpoint: { host, port, user: 'root', viaProxy: false } });

describe('our host file', () => {
  const temp = tempFolder();
  const place = () => createSsh({ folder: temp('ssh'), clock: createTestClock(), log: noLog });

  it('holds all machines, in order, one block each', async () => {
    const ssh = place();
    assert.deepEqual(await ssh.aliases(), []);
    for (const alias of ['c', 'a', 'b', 'a']) assert.equal(await ssh.writeHost(hostAt(alias)), ssh.hostFile);
    assert.deepEqual(await ssh.aliases(), ['a', 'b', 'c']);
    assert.equal(readFileSync(ssh.hostFile, 'utf8').match(/^Host /gm)?.length, 3);
  });

  it('follows a machine that moved', async () => {
    const ssh = place();
    await ssh.writeHost(hostAt('a', 1111));
    await ssh.writeHost(hostAt('b', 3333));
    await ssh.writeHost(hostAt('a', 2222));
    const text = readFileSync(ssh.hostFile, 'utf8');
    assert.deepEqual(text.match(/Port \d+/g), ['Port 2222', 'Port 3333']);
  });

  it('does not touch the file when nothing changes', async () => {
    const ssh = place();
    await ssh.writeHost(hostAt('a'));
    utimesSync(ssh.hostFile, 1000, 1000);
    await ssh.writeHost(hostAt('a'));
    await ssh.removeHost('not-there');
    assert.equal(statSync(ssh.hostFile).mtimeMs, 1_000_000);
  });

  it('lets a machine go with its pin and keeps the others\' bytes', async () => {
    const ssh = place();
    for (const alias of ['a', 'b']) await ssh.writeHost(hostAt(alias));
    const pin = `${ssh.hostFile.replace(/config$/, 'known_hosts')}/a`;
    writeFileSync(pin, 'a ssh-ed25519 AAAA\n');
    const [, , b] = readFileSync(ssh.hostFile, 'utf8').split(/^(?=Host )/m);
    await ssh.removeHost('a');
    const [header, ...rest] = readFileSync(ssh.hostFile, 'utf8').split(/^(?=Host )/m);
    assert.deepEqual([rest, header?.startsWith('# Kept by GPU Rental')], [[b], true]);
    assert.throws(() => statSync(pin), { code: 'ENOENT' });
    await ssh.removeHost('b');
    assert.deepEqual(await ssh.aliases(), []);
  });

  posixOnly('is closed to others and leaves nothing beside it', async () => {
    const ssh = place();
    await ssh.writeHost(hostAt('a'));
    assert.equal(statSync(ssh.hostFile).mode & 0o777, 0o600);
    const folder = ssh.hostFile.replace(/config$/, '');
    assert.deepEqual(readdirSync(folder).toSorted(), ['config', 'id_ed25519', 'known_hosts', 'no_known_hosts']);
  });

  it('takes in nothing that is not an address', async () => {
    const ssh = place();
    await ssh.writeHost(hostAt('a'));
    const before = readFileSync(ssh.hostFile, 'utf8');
    await rejectsWith(ssh.writeHost(hostAt('b', 22, 'x\n  ProxyCommand id')), 'sshConfig', /host/);
    await rejectsWith(ssh.writeHost(hostAt('b', 0)), 'sshConfig', /port/);
    await rejectsWith(ssh.writeHost(hostAt('b *')), 'sshConfig', /alias/);
    await rejectsWith(ssh.removeHost('*'), 'sshConfig', /alias/);
    assert.equal(readFileSync(ssh.hostFile, 'utf8'), before);
  });

  it('loses nobody when many write at once', async () => {
    const ssh = place();
    const aliases = Array.from({ length: 12 }, (_, n) => `a${n}`);
    await Promise.all(aliases.map((alias) => ssh.writeHost(hostAt(alias))));
    await Promise.all([...aliases.slice(6).map((alias) => ssh.removeHost(alias)), ssh.writeHost(hostAt('z'))]);
    assert.deepEqual((await ssh.aliases()).toSorted(), [...aliases.slice(0, 6), 'z'].toSorted());
  });

  it('loses nobody when several windows write at once', async () => {
    const ssh = place();
    const folder = ssh.hostFile.replace(/.config$/, '');
    const names = (window: string) => Array.from({ length: 8 }, (_, n) => `${window}-${n}`);
    const children = ['x', 'y', 'z'].map((window) => runChild('writeHosts', folder, ...names(window)));
    for (const alias of names('here')) await ssh.writeHost(hostAt(alias));
    for (const { code, stderr } of await Promise.all(children)) assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(await ssh.aliases(), ['here', 'x', 'y', 'z'].flatMap(names));
  });

  it('goes on writing after one write failed', async () => {
    const ssh = place();
    await ssh.writeHost(hostAt('a'));
    const [failed, next] = await Promise.allSettled([ssh.removeHost('*'), ssh.writeHost(hostAt('b'))]);
    assert.deepEqual([failed.status, next.status], ['rejected', 'fulfilled']);
    assert.deepEqual(await ssh.aliases(), ['a', 'b']);
    assert.throws(() => statSync(`${ssh.hostFile}.lock`), { code: 'ENOENT' });
  });

  withSsh('means to ssh what it says', async () => {
    const ssh = place();
    await ssh.writeHost(hostAt('other', 99, '2001:db8::2'));
    await ssh.writeHost(hostAt('gpu-1', 41_022, '2001:db8::1'));
    const { stdout, stderr } = await runTool('ssh', ['-F', ssh.hostFile, '-G', 'gpu-1']);
    const says = new Map(stdout.split('\n').map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]));
    const folder = ssh.hostFile.replace(/.config$/, '');
    assert.equal(stderr, '');
    assert.deepEqual(
      ['hostname', 'port', 'user', 'hostkeyalias', 'identitiesonly', 'checkhostip', 'forwardagent', 'updatehostkeys',
        'userknownhostsfile', 'globalknownhostsfile', 'serveraliveinterval', 'serveralivecountmax', 'stricthostkeychecking',
        'loglevel', 'preferredauthentications'].map((name) => says.get(name)),
      ['2001:db8::1', '41022', 'root', 'gpu-1', 'yes', 'no', 'no', 'false', `${folder}/known_hosts/gpu-1`,
        `${folder}/no_known_hosts`, '15', '4', 'true', 'ERROR', 'publickey'],
    );
  });
});
