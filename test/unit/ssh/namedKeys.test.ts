import assert from 'node:assert/strict';
import fc from 'fast-check';
import ssh2 from 'ssh2';
import { fingerprint, hostKeyOf, type HostKey } from '../../../src/ssh/knownHosts.ts';
import { namedKeys, wordOn } from '../../../src/ssh/namedKeys.ts';
import { newHostKey } from './support/machine.ts';

function made(type?: 'ecdsa'): HostKey {
  const key = ssh2.utils.parseKey(newHostKey(type));
  if (key instanceof Error) throw key;
  return hostKeyOf(key.getPublicSSH());
}

const alias = 'gpu-rental-ab12-01j9zq8k3mbw7v2hx5t1cgnrea';
const [ours, other, third, ecdsa] = [made(), made(), made(), made('ecdsa')];
const mark = (key: HostKey, launch = alias): string => `gpu-rental-hostkey ${launch} ${key} root@4f1c2a`;
const print = (key: HostKey, kind = 'ED25519'): string => `${kind} key fingerprint:\n256 ${fingerprint(key)} root@4f1c2a (${kind})`;
const named = (log: string, fingerprints = true): string[] => namedKeys(log, alias, fingerprints).map((key) => key.fingerprint);
const nothing = new Set<string>();
const word = (shown: HostKey, log: string, past: ReadonlySet<string> = nothing) => wordOn(shown, namedKeys(log, alias, true), past);

/** As one of RunPod's images begins: hooks, keys, services, with the host's own lines between. */
const boot = (key: HostKey): string => [
  '[system] create container runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
  '[system] start container',
  'Pod Started',
  'Setting up SSH...',
  'RSA key fingerprint:',
  '3072 SHA256:9fIJ0pVnG1Ue1oWz5lq3P3pQ0sZ1i3xQdZVw2mXoU1c root@4f1c2a (RSA)',
  print(ecdsa, 'ECDSA'),
  print(key),
  ' * Starting OpenBSD Secure Shell server sshd',
  '   ...done.',
  'Start script(s) finished, Pod is ready to use.',
].join('\n');

describe('the host keys that a log names', () => {
  it('are those of our guard for this launch', () => {
    assert.deepEqual(namedKeys(`Pod Started\n${mark(ours)}\n${mark(ecdsa)}\nready`, alias, false), [
      { kind: 'ED25519', fingerprint: fingerprint(ours) },
      { kind: 'ECDSA', fingerprint: fingerprint(ecdsa) },
    ]);
    assert.deepEqual(named(`gpu-rental-hostkey ${alias} ${ours}`), [fingerprint(ours)], 'a key may have no comment');
    assert.deepEqual(named(`${mark(ours)}\r\n${mark(ours)}`), [fingerprint(ours)]);
  });

  it('are else what the images of RunPod print', () => {
    assert.deepEqual(namedKeys(boot(ours), alias, true).map(({ kind }) => kind), ['RSA', 'ECDSA', 'ED25519']);
    assert.equal(named(boot(ours)).at(-1), fingerprint(ours));
  });

  it('are no fingerprints where those may be a relay’s, and none beside a line of ours', () => {
    assert.deepEqual(named(boot(ours), false), []);
    assert.deepEqual(named(`${boot(other)}\n${mark(ours)}`), [fingerprint(ours)]);
  });

  it('are no fingerprints that merely stand there', () => {
    const line = `256 ${fingerprint(ours)} me@laptop (ED25519)`;
    for (const log of [line, `authorized keys:\n${line}`, `RSA key fingerprint:\n${line}`, `ED25519 key fingerprint:\n\n${line}`, `  ED25519 key fingerprint:\n${line}`, `ED25519 key fingerprint:\n${line.slice(0, 40)}`]) {
      assert.deepEqual(named(log), [], log);
    }
  });

  it('are not those of other launches', () => {
    for (const launch of ['gpu-rental-ab12-01j9zq8k3mbw7v2hx5t1cgnreb', `${alias}x`, alias.slice(0, -1), '', '*', alias.toUpperCase()]) {
      assert.deepEqual(named(mark(ours, launch)), [], launch);
    }
  });

  it('are nothing that is not exactly such a line', () => {
    const [type = '', base64 = ''] = ours.split(' ');
    for (const line of [
      ` ${mark(ours)}`, `echo ${mark(ours)}`, `[system] ${mark(ours)}`, mark(ours).replace('gpu', 'GPU'), `gpu-rental-hostkey ${alias} ${base64}`,
      `gpu-rental-hostkey ${alias} ssh-rsa ${base64}`, `gpu-rental-hostkey ${alias} ${type} ${base64.slice(0, -4)}!!!!`, `gpu-rental-hostkey ${alias} ${type} ${base64.slice(0, 8)}`,
      `gpu-rental-hostkey ${alias} ${type} `, `gpu-rental-hostkey ${alias} ${type}\t${base64}`, `\u202e${mark(ours)}`, `gpu-rental-hostkey ${alias} ${type} ${base64} ${'x'.repeat(2_000)}`,
      `gpu-rental-hostkey ${alias} ssh-ed25519-cert-v01@openssh.com ${base64}`,
    ]) assert.deepEqual(named(line), [], line.slice(0, 80));
  });

  it('survive any text around them, and no text makes one up', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 })), fc.array(fc.string({ maxLength: 200 })), (before, after) => {
      const noise = [...before, ...after].map((line) => line.replaceAll('\n', ' '));
      assert.deepEqual(named(noise.join('\n')), []);
      assert.deepEqual(named([...noise, mark(ours), ...noise].join('\n')), [fingerprint(ours)]);
    }));
  });

  it('are found in a long log without delay', () => {
    const from = performance.now();
    assert.deepEqual(named(`${'gpu-rental-hostkey '.repeat(20_000)}\n${`${mark(ours, 'x')}\n`.repeat(5_000)}${mark(ours)}`), [fingerprint(ours)]);
    assert.ok(performance.now() - from < 2_000);
  });
});

describe('what a log says of the key that is shown', () => {
  it('is nothing while it names none', () => {
    assert.equal(word(ours, ''), 'silent');
    assert.equal(word(ours, 'Pod Started'), 'silent');
  });

  it('is yes to a named one and no to any other', () => {
    assert.deepEqual([word(ours, boot(ours)), word(ecdsa, boot(ours)), word(other, boot(ours))], ['log', 'log', 'refused']);
    assert.deepEqual([word(ours, mark(ours)), word(other, mark(ours))], ['log', 'refused']);
    assert.equal(word(ecdsa, mark(ours)), 'refused', 'another kind of key is another key');
  });

  it('is not moved by a line that a program prints later', () => {
    const log = `${mark(ours)}\nstep 1\n${mark(other)}`;
    assert.equal(word(ours, log), 'log');
    assert.equal(word(third, log), 'refused');
    assert.equal(word(other, log), 'firstUse', 'it may be the key of a second boot: taken, and not vouched for');
  });

  it('leaves out the keys before our own restart', () => {
    const past = new Set([fingerprint(ours)]);
    assert.equal(word(other, mark(ours), past), 'silent', 'the log has not come that far');
    assert.equal(word(other, `${mark(ours)}\n${mark(other)}`, past), 'log');
    assert.equal(word(third, `${mark(ours)}\n${mark(other)}`, past), 'refused');
    assert.equal(word(other, `${boot(ours)}\n${boot(other)}`, past), 'log');
    assert.equal(word(other, boot(ours), past), 'silent', 'keys of other kinds are left from the first boot');
  });

  it('is yes to a key that stayed the same over our restart', () => {
    const past = new Set([fingerprint(ours)]);
    assert.equal(word(ours, `${mark(ours)}\n${mark(ours)}`, past), 'log');
    assert.equal(word(ours, '', past), 'silent');
  });

  it('is no vouching when a program printed a key between two boots', () => {
    const log = `${mark(ours)}\n${mark(third)}\n${mark(other)}`;
    const past = new Set([fingerprint(ours)]);
    assert.deepEqual([word(other, log, past), word(third, log, past), word(made(), log, past)], ['firstUse', 'firstUse', 'refused']);
  });

  it('never calls a key named that stands nowhere in the log', () => {
    const keys = [ours, other, third, ecdsa];
    const some = fc.subarray(keys);
    fc.assert(fc.property(some, some, fc.constantFrom(...keys), (inLog, retired, shown) => {
      const said = word(shown, inLog.map((key) => mark(key)).join('\n'), new Set(retired.map(fingerprint)));
      if (!inLog.includes(shown)) assert.ok(said === 'refused' || said === 'silent', said);
      if (inLog.length === 1 && inLog.includes(shown)) assert.equal(said, 'log');
    }));
  });
});
