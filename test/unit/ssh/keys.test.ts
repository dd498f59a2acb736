import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ssh2 from 'ssh2';
import { newKey, ownKey, soundKey } from '../../../src/ssh/keys.ts';
import { hasTool, rejectsWith, runChild, runTool, tempFolder } from './support/tools.ts';

const posixOnly = process.platform === 'win32' ? it.skip : it;
const withKeygen = hasTool('ssh-keygen', '-Q', 'key') || existsSync('/usr/bin/ssh-keygen') ? it : it.skip;

/** The private half of one key with the public half of another, wherever the file repeats it. */
function withPublicHalf(key: string, other: string): string {
  const body = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const half = (pem: string) => body(pem).subarray(62, 94); // after the names of cipher, KDF and key type
  const parts = body(key).toString('latin1').split(half(key).toString('latin1'));
  assert.equal(parts.length, 4);
  const mixed = Buffer.from(parts.join(half(other).toString('latin1')), 'latin1').toString('base64');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${mixed}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

describe('the key of this installation', () => {
  const temp = tempFolder();
  const place = () => {
    const path = temp('id_ed25519');
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };

  it('is made once and then always the same', async () => {
    const path = place();
    const made = await ownKey(path, 'gpu-rental-ab12');
    const kept = await ownKey(path, 'gpu-rental-ab12');
    assert.deepEqual(kept, made);
    assert.match(made.publicLine, /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43} gpu-rental-ab12$/);
    assert.equal(readFileSync(path, 'latin1'), made.privateKey);
    assert.deepEqual(readdirSync(dirname(path)), ['id_ed25519']);
  });

  it('differs between installations', async () => {
    const [a, b] = await Promise.all([ownKey(place(), 'x'), ownKey(place(), 'x')]);
    assert.notEqual(a.publicLine, b.publicLine);
  });

  posixOnly('is readable by its owner alone, also when it was not before', async () => {
    const path = place();
    await ownKey(path, 'x');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    chmodSync(path, 0o644);
    await ownKey(path, 'x');
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('is one key even when several windows make it at once', async () => {
    const folder = dirname(place());
    const [here, ...children] = await Promise.all([
      ownKey(join(folder, 'ssh', 'id_ed25519'), 'gpu-rental').catch(() => undefined), // the folder may not be there yet
      ...Array.from({ length: 3 }, () => runChild('publicKey', join(folder, 'ssh'))),
    ]);
    const kept = await ownKey(join(folder, 'ssh', 'id_ed25519'), 'gpu-rental');
    for (const child of children) assert.deepEqual([child.code, child.stdout, child.stderr], [0, kept.publicLine, '']);
    if (here) assert.deepEqual(here, kept);
  });

  it('is one key when this process asks many times at once', async () => {
    const path = place();
    const keys = await Promise.all(Array.from({ length: 10 }, () => ownKey(path, 'x')));
    assert.equal(new Set(keys.map((key) => key.privateKey)).size, 1);
    assert.equal(keys[0]?.privateKey, readFileSync(path, 'latin1'));
  });

  it('is refused when damaged, and never replaced', async () => {
    const whole = await newKey('x');
    const other = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
    const damage = {
      'halves of two keys': withPublicHalf(whole, await newKey('x')),
      empty: '',
      torn: whole.slice(0, whole.length / 2),
      'cut by a byte': whole.replace(/.(?=\n-----END)/, ''),
      'another kind': other,
      'public half only': (await ownKey(place(), 'x')).publicLine,
      words: 'here was a key\n',
    };
    for (const [what, content] of Object.entries(damage)) {
      const path = place();
      writeFileSync(path, content);
      const error = await rejectsWith(ownKey(path, 'x'), 'sshConfig', /damaged; restore it, or move it away/);
      assert.ok(error.detail?.includes(path), what);
      assert.equal(readFileSync(path, 'latin1'), content, what);
    }
  });

  it('is sound: ssh2 spoils one key in 256 and we never take such a one', async () => {
    let spoiled: string | undefined;
    for (let made = 0; made < 20_000 && spoiled === undefined; made++) {
      const { private: candidate } = ssh2.utils.generateKeyPairSync('ed25519');
      if ((await soundKey(candidate)) === undefined) spoiled = candidate;
    }
    if (spoiled === undefined) return; // ssh2 has been mended
    const path = place();
    writeFileSync(path, spoiled);
    await rejectsWith(ownKey(path, 'x'), 'sshConfig');
    const whole = await newKey('x');
    const candidates = [spoiled, spoiled, whole, await newKey('x')];
    assert.equal(await newKey('x', () => candidates.shift() ?? ''), whole);
  });

  withKeygen('is one OpenSSH itself reads and derives the same public half from', async () => {
    const path = place();
    const { publicLine } = await ownKey(path, 'gpu-rental-ab12');
    const { code, stdout } = await runTool('ssh-keygen', ['-y', '-f', path]);
    assert.deepEqual([code, stdout.trim().split(' ').slice(0, 2)], [0, publicLine.split(' ').slice(0, 2)]);
  });
});
