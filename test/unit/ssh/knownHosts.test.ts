import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import ssh2 from 'ssh2';
import { createKnownHosts, fingerprint, hostKeyOf, hostKeyType } from '../../../src/ssh/knownHosts.ts';
import { newHostKey } from './support/machine.ts';
import { hasTool, rejectsWith, runTool, tempFolder, throwsWith } from './support/tools.ts';

const withKeygen = hasTool('ssh', '-V') ? it : it.skip;

function blob(type?: 'ecdsa'): Buffer {
  const key = ssh2.utils.parseKey(newHostKey(type));
  if (key instanceof Error) throw key;
  return key.getPublicSSH();
}

describe('pinned host keys', () => {
  const temp = tempFolder();
  const place = () => {
    const folder = temp('known_hosts');
    mkdirSync(folder, { recursive: true });
    return { folder, hosts: createKnownHosts(folder) };
  };

  it('names a key by its type and bytes', () => {
    const key = blob();
    assert.equal(hostKeyOf(key), `ssh-ed25519 ${key.toString('base64')}`);
    assert.equal(hostKeyType(hostKeyOf(key)), 'ssh-ed25519');
    assert.equal(hostKeyType(hostKeyOf(blob('ecdsa'))), 'ecdsa-sha2-nistp256');
  });

  it('are kept until they are forgotten', async () => {
    const { hosts } = place();
    const key = hostKeyOf(blob());
    assert.equal(await hosts.pinOf('a'), undefined);
    assert.equal(await hosts.pin('a', key), 'pinned');
    assert.equal(await hosts.pin('a', key), 'same');
    assert.equal(await hosts.pinOf('a'), key);
    await hosts.forget('a');
    await hosts.forget('a');
    assert.equal(await hosts.pinOf('a'), undefined);
  });

  it('do not give way to another key', async () => {
    const { hosts } = place();
    const [first, second] = [hostKeyOf(blob()), hostKeyOf(blob())];
    await hosts.pin('a', first);
    assert.equal(await hosts.pin('a', second), 'other');
    assert.equal(await hosts.pinOf('a'), first);
  });

  it('belong to an alias: one key may serve two, and one address two keys', async () => {
    const { hosts } = place();
    const [first, second] = [hostKeyOf(blob()), hostKeyOf(blob())];
    await hosts.pin('a', first);
    assert.equal(await hosts.pin('b', first), 'pinned');
    assert.equal(await hosts.pin('c', second), 'pinned');
    await hosts.forget('b');
    assert.deepEqual([await hosts.pinOf('a'), await hosts.pinOf('c')], [first, second]);
  });

  it('let exactly one of two windows pin first', async () => {
    const { hosts } = place();
    const keys = Array.from({ length: 6 }, () => hostKeyOf(blob()));
    const outcomes = await Promise.all(keys.map((key) => hosts.pin('a', key)));
    assert.deepEqual(outcomes.toSorted(), ['other', 'other', 'other', 'other', 'other', 'pinned']);
    assert.equal(await hosts.pinOf('a'), keys[outcomes.indexOf('pinned')]);
  });

  it('stand in a file ssh reads, closed to others', async () => {
    const { hosts } = place();
    const key = hostKeyOf(blob());
    await hosts.pin('gpu-1', key);
    assert.equal(readFileSync(hosts.fileOf('gpu-1'), 'utf8'), `gpu-1 ${key}\n`);
    if (process.platform !== 'win32') assert.equal(statSync(hosts.fileOf('gpu-1')).mode & 0o777, 0o600);
  });

  it('remember how they came, behind the key, where ssh reads on', async () => {
    const { hosts } = place();
    const [first, second] = [hostKeyOf(blob()), hostKeyOf(blob())];
    await hosts.pin('a', first, 'log');
    await hosts.pin('b', second);
    assert.deepEqual([await hosts.pinned('a'), await hosts.pinned('b'), await hosts.pinned('c')], [{ key: first, by: 'log' }, { key: second, by: 'firstUse' }, undefined]);
    assert.equal(await hosts.pin('a', first), 'same', 'what is known of a key does not get worse');
    assert.deepEqual(await hosts.pinned('a'), { key: first, by: 'log' });
    assert.equal(await hosts.pinOf('a'), first);
  });

  it('of the past are told from those to come', async () => {
    const { hosts, folder } = place();
    const [first, second] = [hostKeyOf(blob()), hostKeyOf(blob())];
    assert.deepEqual(await hosts.past('a'), new Set());
    await hosts.retire('a');
    for (const key of [first, second, first]) {
      await hosts.pin('a', key, 'log');
      await hosts.retire('a');
      assert.equal(await hosts.pinOf('a'), undefined);
    }
    assert.deepEqual(await hosts.past('a'), new Set([fingerprint(first), fingerprint(second)]));
    if (process.platform !== 'win32') assert.equal(statSync(`${hosts.fileOf('a')}.past`).mode & 0o777, 0o600);
    writeFileSync(hosts.fileOf('a'), 'a ssh-ed');
    await hosts.retire('a');
    assert.equal(await hosts.pinOf('a'), undefined, 'our own restart also mends a damaged pin');
    await hosts.forget('a');
    assert.deepEqual([await hosts.past('a'), readdirSync(folder)], [new Set(), []]);
  });

  it('are refused when damaged, because no pin would let anybody in', async () => {
    const { hosts } = place();
    const key = hostKeyOf(blob());
    const torn = Array.from(key, (_, length) => `a ${key.slice(0, length)}`);
    for (const content of [...torn, '', 'a', `a ${key} named-in-lo\n`, `a ${key} named-in-log`, `a ${key} named-in-log named-in-log\n`, `b ${key}\n`, `${key}\n`, 'a ssh-ed25519 \n', `a ${key}\na ${key}\n`]) {
      writeFileSync(hosts.fileOf('a'), content);
      await rejectsWith(hosts.pinOf('a'), 'sshConfig', /damaged/);
      await rejectsWith(hosts.pin('a', key), 'sshConfig', /damaged/);
      assert.equal(readFileSync(hosts.fileOf('a'), 'utf8'), content);
    }
  });

  it('never leave their folder and never hold what is no key', async () => {
    const { hosts } = place();
    throwsWith(() => hosts.fileOf('../../evil'), 'sshConfig', /alias/);
    await rejectsWith(hosts.pinOf('..'), 'sshConfig', /alias/);
    await rejectsWith(hosts.pin('a', hostKeyOf(Buffer.from([0, 0, 0, 3, 10, 32, 42, 9]))), 'sshUnreachable', /type/);
    await rejectsWith(hosts.pin('a', hostKeyOf(Buffer.alloc(0))), 'sshUnreachable', /type/);
    assert.equal(existsSync(hosts.fileOf('a')), false);
  });

  withKeygen('are told by the fingerprint ssh-keygen prints', async () => {
    const { hosts } = place();
    const key = hostKeyOf(blob());
    await hosts.pin('a', key);
    const { stdout } = await runTool('ssh-keygen', ['-l', '-f', hosts.fileOf('a')]);
    assert.equal(stdout.split(' ')[1], fingerprint(key));
    await hosts.pin('c', key, 'log');
    const named = await runTool('ssh-keygen', ['-l', '-F', 'c', '-f', hosts.fileOf('c')]);
    assert.ok(named.stdout.includes(fingerprint(key)), 'the mark behind the key is a comment');
    const found = await runTool('ssh-keygen', ['-F', 'a', '-f', hosts.fileOf('a')]);
    assert.match(found.stdout, new RegExp(`^a ${key.replace(/[+/]/g, '\\$&')}$`, 'm'));
  });
});
