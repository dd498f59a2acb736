import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { furnish, LABEL, MARKER, podEnvironment } from '../../../../src/practice/pod/home.ts';
import { newHostKey } from '../../../../src/practice/pod/hostKey.ts';
import ssh2 from 'ssh2';
import { temporaryFolder } from '../../../fakes/temporaryFolder.ts';

describe('the environment of a pod', () => {
  const dir = join('/pods', 'one');

  it('takes nothing from outside but the path and the language', () => {
    const name = fc.stringMatching(/^[A-Z_]{1,12}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), fc.dictionary(name, fc.string()), (outer, wanted) => {
        const env = podEnvironment(dir, wanted, outer);
        const own = new Set(['PATH', 'HOME', 'TMPDIR', 'USER', 'LOGNAME', 'SHELL', MARKER]);
        for (const [key, value] of Object.entries(env)) {
          if (own.has(key)) continue;
          if (Object.hasOwn(wanted, key)) assert.equal(value, wanted[key]);
          else assert.deepEqual([key, value], ['LANG', outer['LANG']]);
        }
        assert.deepEqual([env['HOME'], env['USER'], env[MARKER]], [join(dir, 'root'), 'root', dir]);
        assert.ok(env['PATH']?.startsWith(`${join(dir, 'bin')}${delimiter}`));
      }),
    );
  });

  it('puts the programs of the pod first, then its own path, then the system', () => {
    const path = podEnvironment(dir, { PATH: '/opt/a' }, { PATH: `/usr/bin${delimiter}/home/me/bin` })['PATH']?.split(delimiter) ?? [];
    assert.deepEqual(path.slice(0, 2), [join(dir, 'bin'), '/opt/a']);
    assert.equal(path.at(-1), '/home/me/bin');
    assert.equal(new Set(path).size, path.length);
  });
});

describe('the folder of a pod', () => {
  it('is furnished once and keeps what its user changed', async () => {
    using folder = temporaryFolder();
    await furnish(folder.path);
    for (const name of [LABEL, 'root/.ssh', 'root/.profile', 'root/.bashrc', 'tmp', 'bin', 'run']) assert.ok(existsSync(join(folder.path, name)), name);
    if (process.platform !== 'win32') assert.equal(statSync(join(folder.path, 'root/.ssh')).mode & 0o777, 0o700);
    writeFileSync(join(folder.path, 'root/.bashrc'), 'mine');
    await furnish(folder.path);
    assert.equal(readFileSync(join(folder.path, 'root/.bashrc'), 'utf8'), 'mine');
  });
});

describe('a host key', () => {
  it('can always be read again and has its own fingerprint', () => {
    const prints = new Set<string>();
    for (let round = 0; round < 700; round++) {
      const { secret, line, fingerprint } = newHostKey();
      const [whole, shown] = [ssh2.utils.parseKey(secret), ssh2.utils.parseKey(line)];
      assert.ok(!(whole instanceof Error) && !(shown instanceof Error));
      assert.ok(whole.getPublicSSH().equals(shown.getPublicSSH()));
      prints.add(fingerprint);
    }
    assert.equal(prints.size, 700);
  });
});
