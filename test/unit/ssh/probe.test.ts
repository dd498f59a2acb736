import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { shellQuote } from '../../../src/scripts/shellQuote.ts';
import { parseProbe, probeScript } from '../../../src/ssh/probe.ts';
import { hasTool, runTool, tempFolder, throwsWith } from './support/tools.ts';

const posix = process.platform === 'win32' ? describe.skip : describe;

posix('the probe script in a real shell', () => {
  const temp = tempFolder("it's $HOME `x` ");

  function machine(gpus?: string) {
    const [home, bin, work] = [temp('home'), temp('bin'), temp("work's folder")];
    for (const folder of [home, bin, work]) mkdirSync(folder, { recursive: true });
    if (gpus !== undefined) {
      writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\n${gpus}\n`);
      chmodSync(join(bin, 'nvidia-smi'), 0o755);
    }
    const askIn = async (shell: string, ...wanted: string[]) => {
      const env = [`HOME=${home}`, `PATH=${bin}:/usr/bin:/bin`];
      const { code, stdout } = await runTool('env', ['-i', ...env, shell, '-s'], probeScript(wanted));
      assert.equal(code, 0);
      return parseProbe(stdout);
    };
    return { home: realpathSync(home), work, askIn, ask: (...wanted: string[]) => askIn('sh', ...wanted) };
  }

  it('takes the first wanted folder that is there and writable', async () => {
    const { ask, home, work } = machine();
    const file = join(work, 'file');
    writeFileSync(file, '');
    assert.equal((await ask('/no/such/folder', file, work, home)).folder, work);
  });

  it('falls back on home, where there is nothing else', async () => {
    const { ask, home } = machine();
    assert.deepEqual([(await ask()).folder, (await ask('/no/such')).folder, (await ask('/')).home], [home, home, home]);
  });

  it('reads the free disk of that folder', async () => {
    const { ask, work } = machine();
    const { stdout } = await runTool('df', ['-Pk', work]);
    const freeGb = (Number(stdout.split('\n')[1]?.split(/\s+/)[3]) * 1024) / 1e9;
    const seen = (await ask(work)).freeDiskGb ?? Number.NaN;
    assert.ok(Math.abs(seen - freeGb) < 1 + freeGb / 10, `${seen} is not about ${freeGb}`);
  });

  it('reads the GPUs, and does not let nvidia-smi read the script', async () => {
    const { askIn } = machine(`cat >/dev/null
echo 'GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-1c2d)'
echo 'GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-9e)'
echo '  MIG 1g.10gb     Device  0: (UUID: MIG-5)'`);
    // bash reads its script a byte at a time, so that a program can take the rest away from it.
    for (const shell of hasTool('bash', '-c', 'true') ? ['sh', 'bash'] : ['sh'])
      assert.deepEqual((await askIn(shell)).gpus, ['NVIDIA GeForce RTX 4090', 'NVIDIA H100 80GB HBM3'], shell);
  });

  it('takes a machine without GPUs, or with a broken driver, as one without', async () => {
    assert.deepEqual((await machine().ask()).gpus, []);
    assert.deepEqual((await machine('echo NVIDIA-SMI has failed; exit 9').ask()).gpus, []);
  });

  it('answers where home is gone', async () => {
    const { ask, home } = machine();
    rmSync(home, { recursive: true });
    assert.equal((await ask()).home, '/');
  });

  it('quotes whatever a folder is called', async () => {
    const names = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(names, async (words) => {
        const { stdout } = await runTool('sh', ['-s'], `printf '%s\\0' ${words.map(shellQuote).join(' ')}`);
        assert.equal(stdout, words.length === 0 ? '\0' : words.map((word) => `${word}\0`).join(''));
      }),
      { numRuns: 25 },
    );
  });
});

describe('what a machine says of itself', () => {
  const said = (...lines: string[]) => lines.map((line) => `gpu-rental:${line}\n`).join('');
  const least = said('home=/root', 'folder=/workspace', 'end=');

  it('counts only in our own lines, whatever the login prints around them', () => {
    assert.deepEqual(parseProbe(`Welcome to Vast.ai\nhome=/evil\n  gpu-rental:home=/evil\n${least}bye`), {
      home: '/root', folder: '/workspace', gpus: [],
    });
  });

  it('is converted to GB of a thousand million bytes', () => {
    assert.equal(parseProbe(said('freeKib=39062500') + least).freeDiskGb, 40);
    for (const odd of ['', '-', '1e9', '12 34', '9'.repeat(16)])
      assert.equal('freeDiskGb' in parseProbe(said(`freeKib=${odd}`) + least), false, odd);
  });

  it('must be whole', () => {
    for (const part of ['home=/root', 'folder=/workspace', 'end='])
      throwsWith(() => parseProbe(least.replace(`gpu-rental:${part}\n`, '')), 'sshUnreachable', /runs no commands/);
    throwsWith(() => parseProbe(''), 'sshUnreachable');
    throwsWith(() => parseProbe("Your SSH client doesn't support PTY\n"), 'sshUnreachable');
  });

  it('cannot smuggle signs into a path or a name', () => {
    for (const path of ['root', '../x', '', '/a\u001b[2J', `/${'a'.repeat(2000)}`])
      throwsWith(() => parseProbe(said(`home=${path}`, 'folder=/w', 'end=')), 'sshUnreachable');
    const name = parseProbe(said('gpu=GPU 0: NVIDIA\u001b]0;x\u0007 A40 (UUID: GPU-1)') + least).gpus[0];
    assert.equal(name, 'NVIDIA]0;x A40');
    assert.deepEqual(parseProbe(said(`gpu=GPU 0: ${'x'.repeat(500)} (UUID: G)`, 'gpu=anything') + least).gpus, []);
    assert.equal(parseProbe(said(...Array(500).fill('gpu=GPU 0: A (UUID: G)')) + least).gpus.length, 64);
  });
});
