import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { Left } from '../../../../src/ssh/sync/left.ts';
import { Slices } from '../../../../src/ssh/sync/slices.ts';
import { walk } from '../../../../src/ssh/sync/walk.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { hasTool, tempFolder } from '../support/tools.ts';

const signal = new AbortController().signal;
const slices = new Slices(systemClock);
const withGit = hasTool('git', '--version') ? it : it.skip;

export function lay(root: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

async function sent(root: string, only?: readonly string[]) {
  const left = new Left();
  const items: string[] = [];
  for await (const { path, kind } of walk(root, left, slices, signal, only)) if (kind !== 'folder') items.push(path);
  return { items: items.toSorted(), left: left.list };
}

describe('what of a folder is sent', () => {
  const temp = tempFolder('gpu rental ignore ');

  it('is everything but what nobody means to send', async () => {
    const root = lay(temp('project'), {
      'train.py': '', 'data/a b\n\'"c.txt': '', '-dash': '', '.env': 'KEY=1', '.env.local': '', '.env.example': '', 'sub/id_rsa': '', 'sub/id_rsa.pub': '',
      '.git/config': '', 'node_modules/a/index.js': '', 'deep/venv/bin/python': '', '__pycache__/x.pyc': '', '.gpu-rental-incoming/p-1': '', 'model.safetensors': '',
    });
    const { items, left } = await sent(root);
    assert.deepEqual(items, ['-dash', '.env.example', 'data/a b\n\'"c.txt', 'model.safetensors', 'sub/id_rsa.pub', 'train.py']);
    assert.deepEqual(left.map(({ path }) => path).toSorted(), ['.env', '.env.local', '.git', '__pycache__', 'deep/venv', 'node_modules', 'sub/id_rsa']);
  });

  it('takes back a default that .gpuignore takes back, with all that is in it', async () => {
    const root = lay(temp('back'), { '.gpuignore': '!venv/\n!.env\n', 'venv/a/b': '', '.env': '', '.env.other': '' });
    assert.deepEqual((await sent(root)).items, ['.env', '.gpuignore', 'venv/a/b']);
  });

  it('hears .gpuignore after .gitignore, and the deeper file after the higher one', async () => {
    const root = lay(temp('both'), {
      '.gitignore': '*.log\n/out/\n', '.gpuignore': '!keep.log\nbig.bin\n', 'a.log': '', 'keep.log': '', 'out/x': '', 'sub/out/x': '', 'big.bin': '',
      'sub/.gitignore': '!deep.log\n/local\n', 'sub/deep.log': '', 'sub/local': '', 'sub/sub/local': '', 'sub/other.log': '',
    });
    const { items, left } = await sent(root);
    assert.deepEqual(items, ['.gitignore', '.gpuignore', 'keep.log', 'sub/.gitignore', 'sub/deep.log', 'sub/out/x', 'sub/sub/local']);
    assert.deepEqual(left.filter(({ path }) => path === 'big.bin').map(({ why }) => why), ['Left out by .gpuignore.']);
  });

  it('sends no repository and no keys for a .gitignore that takes everything back', async () => {
    const root = lay(temp('everything'), { '.gitignore': '*\n!*/\n!*.py\n!.env\n', '.git/config': '', '.env': '', 'a/b.py': '', 'a/c.txt': '' });
    assert.deepEqual((await sent(root)).items, ['a/b.py']);
  });

  it('heeds the repository above the folder', async () => {
    const top = lay(temp('repository'), {
      '.git/info/exclude': 'mine\n', '.gitignore': '*.tmp\n/app/cache/\n/other/x\nap*/**/gone\n', 'app/.gitignore': '', 'app/a.tmp': '', 'app/cache/x': '', 'app/x': '', 'app/mine': '',
      'app/sub/gone': '', 'app/sub/cache/y': '',
    });
    assert.deepEqual((await sent(join(top, 'app'))).items, ['.gitignore', 'sub/cache/y', 'x']);
  });

  it('reads named files by the same rules, in the folders they lie in', async () => {
    const root = lay(temp('named'), { '.gitignore': '*.log', 'a/b/c.txt': '', 'a/b/d.log': '', 'node_modules/e': '', f: '' });
    const { items, left } = await sent(root, ['a/b/c.txt', 'a/b/d.log', 'node_modules/e', 'gone']);
    assert.deepEqual(items, ['a/b/c.txt']);
    assert.deepEqual(left.map(({ path }) => path), ['a/b/d.log', 'node_modules']);
  });

  it('names the first of many that a reason holds for, and counts the rest', async () => {
    const root = lay(temp('many'), Object.fromEntries([['.gitignore', '*.log'], ...Array.from({ length: 500 }, (_, at) => [`${at}.log`, ''] as const)]));
    const { left } = await sent(root);
    assert.equal(left.length, 21);
    assert.equal(left.at(-1)?.path, '480 more');
  });

  it('keeps links inside, leaves those that lead out, and goes round in no loop', async () => {
    const root = lay(temp('links'), { 'a/x': '', outside: '' });
    symlinkSync('..', join(root, 'a/loop'));
    symlinkSync('a/x', join(root, 'good'));
    symlinkSync('../secret', join(root, 'out'));
    symlinkSync('/etc/passwd', join(root, 'absolute'));
    symlinkSync('nowhere', join(root, 'dangling'));
    const { items, left } = await sent(root);
    assert.deepEqual(items, ['a/loop', 'a/x', 'dangling', 'good', 'outside']);
    assert.deepEqual(left.map(({ path }) => path).toSorted(), ['absolute', 'out']);
  });

  it('leaves a name that is no UTF-8, and says so', async function linuxOnly() {
    if (process.platform !== 'linux') this.skip();
    const root = lay(temp('bytes'), { good: '' });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff, 0x64])]), '');
    const { items, left } = await sent(root);
    assert.deepEqual([items, left], [['good'], [{ path: 'b\u{fffd}d', why: 'Its name is not UTF-8.' }]]);
  });

  withGit('is what git says, for whatever rules a repository has', async function compare() {
    this.timeout(60_000);
    const name = fc.constantFrom('a', 'b', 'c.log', 'd d', '#x', '!y', '[z]');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    const line = fc.tuple(fc.constantFrom('', '!'), fc.constantFrom('', '/'), fc.array(fc.constantFrom('a', 'b', '*.log', '*', '**', 'd?d', 'c.log'), { minLength: 1, maxLength: 2 }), fc.constantFrom('', '/'))
      .map(([not, root, names, end]) => `${not}${root}${names.join('/')}${end}`);
    const rules = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(path, { minLength: 1, maxLength: 8 }), rules, rules, async (paths, top, deep) => {
        const root = temp('property');
        const leaves = paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`)));
        lay(root, { ...Object.fromEntries(leaves.map((one) => [one, ''])), '.gitignore': top, ...(leaves.some((one) => one.startsWith('a/')) ? { 'a/.gitignore': deep } : {}) });
        execFileSync('git', ['init', '-q', root]);
        const known = execFileSync('git', ['-C', root, 'ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' }).split('\0').filter((one) => one !== '');
        assert.deepEqual((await sent(root)).items, known.toSorted());
      }),
      { numRuns: 60 },
    );
  });
});
