import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SyncProgress } from '../../../../src/domain/sync.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { createFolderSync } from '../../../../src/ssh/sync/folderSync.ts';
import { linkedSshd } from '../support/linked.ts';
import { hasSshd } from '../support/sshd.ts';
import { rejectsWith, tempFolder } from '../support/tools.ts';
import { type Cuttable, cuttable } from './support/cuttable.ts';
import { lay, tree } from './support/trees.ts';

const withSshd = hasSshd ? describe : describe.skip;
const sync = createFolderSync(systemClock);
/** Tells how far it is after each step: a quick line is done before the first time that it is usually told. */
let steps = 0;
const toldAtOnce = createFolderSync({ ...systemClock, elapsed: () => (steps += 1000) });
const never = new AbortController().signal;

withSshd('a folder and a machine', function suite() {
  this.timeout(120_000);
  const temp = tempFolder('gpu rental sync ');
  let usual: Cuttable | undefined;
  const others: Cuttable[] = [];
  before(async () => void (usual = await cuttable(await linkedSshd(temp('sshd')))));
  afterEach(async () => {
    for (const one of others.splice(0)) await one.close();
  });
  after(() => usual?.close());

  /** One for all, but for those that are special. */
  async function machine(instead?: string): Promise<Cuttable['link']> {
    if (instead === undefined) return (usual ?? assert.fail('there is no machine')).link;
    const script = temp('instead');
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(script, `#!/bin/sh\n${instead}\n`, { mode: 0o755 });
    const one = await cuttable(await linkedSshd(temp('sshd'), [`ForceCommand '${script}'`]));
    others.push(one);
    return one.link;
  }

  const awkward = (root: string): string => {
    lay(root, {
      'train.py': 'print(1)\n', 'a b/\'"$(touch x)`\n;.txt': 'x', '-rf': 'dash', 'sub/*/[x]': 'star', empty: '', 'deep/er/and/er/file': 'y', 'Ünï/ça': 'accents',
      [`${'long/'.repeat(40)}${'n'.repeat(200)}`]: 'long', 'run.sh': '#!/bin/sh\n',
    });
    chmodSync(join(root, 'run.sh'), 0o755);
    utimesSync(join(root, 'train.py'), 1_600_000_000, 1_600_000_000);
    mkdirSync(join(root, 'nothing in it'));
    symlinkSync('train.py', join(root, 'link'));
    symlinkSync('.', join(root, 'loop'));
    return root;
  };

  it('become the same, whatever the names are, and then nothing goes any more', async () => {
    const link = await machine();
    const [here, there, back] = [awkward(temp('here')), temp('there it\'s'), temp('back')];
    const up = await sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual(tree(there), tree(here));
    assert.equal(up.files, 11);
    assert.deepEqual(up.skipped, []);
    const again = await sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual([again.files, again.bytes], [0, 0]);
    const down = await sync.down({ link, localFolder: back, remoteFolder: there, signal: never });
    assert.deepEqual(tree(back), tree(here));
    assert.deepEqual([down.files, down.skipped], [11, []]);
    const nothing = await sync.down({ link, localFolder: back, remoteFolder: there, signal: never });
    assert.deepEqual([nothing.files, nothing.bytes], [0, 0]);
  });

  it('tell what changed by content, on either side, also within one second', async () => {
    const link = await machine();
    const [here, there, back] = [lay(temp('here'), { a: 'one', b: 'two', c: 'three' }), temp('there'), temp('back')];
    const up = () => sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    const down = () => sync.down({ link, localFolder: back, remoteFolder: there, signal: never });
    await up();
    await down();
    const at = Math.floor(Date.now() / 1000) + 3600; // a clock that is ahead, and a second that is not over
    for (const name of ['a', 'b', 'c']) utimesSync(join(here, name), at, at);
    assert.deepEqual((await up()).files, 0, 'another time is no other content');
    writeFileSync(join(here, 'a'), 'ONE');
    utimesSync(join(here, 'a'), at, at);
    assert.deepEqual([(await up()).files, readFileSync(join(there, 'a'), 'utf8')], [1, 'ONE']);
    writeFileSync(join(there, 'b'), 'TWO');
    utimesSync(join(there, 'b'), at + 1, at + 1);
    assert.deepEqual([(await down()).files, readFileSync(join(back, 'b'), 'utf8')], [2, 'TWO']);
    assert.equal((await up()).files, 1, 'what the machine changed is sent again');
    chmodSync(join(here, 'c'), 0o755);
    await up();
    await down();
    assert.equal(tree(back)['c']?.slice(0, 3), '755');
  });

  it('delete nothing, and put a file where a link was without following it', async () => {
    const link = await machine();
    const [here, there] = [lay(temp('here'), { a: 'new', 'sub/b': 'b' }), lay(temp('there'), { kept: 'k', target: 'untouched' })];
    symlinkSync('target', join(there, 'a'));
    await sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual(Object.keys(tree(there)), ['a', 'kept', 'sub/', 'sub/b', 'target']);
    assert.deepEqual(['a', 'target'].map((name) => readFileSync(join(there, name), 'utf8')), ['new', 'untouched']);
  });

  it('leave alone what has another kind there, and say so', async () => {
    const link = await machine();
    const here = lay(temp('here'), { file: 'f', 'folder/in/it': 'x', good: 'g' });
    const there = lay(temp('there'), { 'file/inside': '1', folder: 'a file' });
    const up = await sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual(up.skipped.map(({ path }) => path).toSorted(), ['file', 'folder', 'folder/in', 'folder/in/it']);
    assert.equal(readFileSync(join(there, 'good'), 'utf8'), 'g');
    const down = await sync.down({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual(down.skipped.map(({ path }) => path).toSorted(), ['file', 'file/inside', 'folder']);
  });

  const big = randomBytes(9 * 2 ** 20 + 17);

  it('send big files whole, with time and mode, and go on with what a cut left', async () => {
    const link = await machine();
    const [here, there, back] = [lay(temp('here'), { 'd/big': big, small: 's' }), temp('there'), temp('back')];
    const stop = new AbortController();
    const cut = toldAtOnce.up({ link, localFolder: here, remoteFolder: there, signal: stop.signal, onProgress: ({ bytesDone }) => bytesDone > 2 ** 20 && stop.abort() });
    await assert.rejects(cut, { name: 'AbortError' });
    assert.ok(!existsSync(join(there, 'd/big')), 'nothing half has its name');
    const up = await sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual(tree(there), tree(here));
    assert.ok(up.files >= 1);
    await sync.down({ link, localFolder: back, remoteFolder: there, signal: never });
    assert.deepEqual(tree(back), tree(here));
  });

  it('put a file of several pieces together', async () => {
    const link = await machine();
    const [here, there, back] = [lay(temp('here'), { several: big }), temp('there'), temp('back')];
    truncateSync(join(here, 'several'), 130 * 2 ** 20);
    appendFileSync(join(here, 'several'), big);
    await sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual(tree(there), tree(here));
    await sync.down({ link, localFolder: back, remoteFolder: there, signal: never });
    assert.deepEqual(tree(back), tree(here));
  });

  it('take whole pieces of a half file for granted only when they are right', async () => {
    const link = await machine();
    const [here, there, back] = [lay(temp('here'), { big }), temp('there'), temp('back')];
    const half = (folder: string, write: (part: string) => void): void => {
      const incoming = join(folder, '.gpu-rental-incoming');
      const [part] = existsSync(incoming) ? readdirSync(incoming).filter((name) => name.startsWith('p-')) : [];
      if (part !== undefined) write(join(incoming, part));
    };
    const cutShort = async (way: 'up' | 'down', localFolder: string): Promise<void> => {
      const stop = new AbortController();
      await assert.rejects(toldAtOnce[way]({ link, localFolder, remoteFolder: there, signal: stop.signal, onProgress: ({ bytesDone }) => bytesDone > 0 && stop.abort() }), { name: 'AbortError' });
    };
    await cutShort('up', here);
    half(there, (part) => writeFileSync(part, big));
    const up = await sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual([up.files, up.bytes], [1, 0], 'all of it was there');
    await cutShort('down', back);
    half(back, (part) => writeFileSync(part, Buffer.concat([big.subarray(0, 100), Buffer.of((big[100] ?? 0) ^ 1), big.subarray(101)])));
    const down = await sync.down({ link, localFolder: back, remoteFolder: there, signal: never });
    assert.equal(down.bytes, big.length, 'what was there was wrong');
    assert.deepEqual(tree(back), tree(here));
    assert.ok(!existsSync(join(back, '.gpu-rental-incoming')));
  });

  it('are right after a line that was lost in the middle, in the same call', async () => {
    const link = await machine();
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f/${at}`, randomBytes(4000)] as const));
    const [here, there, back] = [lay(temp('here'), { big, ...files }), temp('there'), temp('back')];
    let cuts = 2;
    const cutting = ({ bytesDone }: SyncProgress): void => {
      if (bytesDone > 2 ** 20 && cuts-- > 0) usual?.cut();
    };
    await toldAtOnce.up({ link, localFolder: here, remoteFolder: there, signal: never, onProgress: cutting });
    assert.deepEqual(tree(there), tree(here));
    cuts = 2;
    await toldAtOnce.down({ link, localFolder: back, remoteFolder: there, signal: never, onProgress: cutting });
    assert.deepEqual(tree(back), tree(here));
    assert.ok(cuts <= 0);
  });

  it('tell how far they are, and never more than all', async () => {
    const link = await machine();
    const [here, there] = [lay(temp('here'), { big, small: 's' }), temp('there')];
    const told: SyncProgress[] = [];
    await sync.up({ link, localFolder: here, remoteFolder: there, signal: never, onProgress: (progress) => told.push(progress) });
    assert.deepEqual(told.at(-1), { ...told.at(-1), filesDone: 2, filesInAll: 2, bytesDone: big.length + 1, bytesInAll: big.length + 1 });
    assert.ok(told.every(({ bytesDone, bytesInAll }) => bytesDone <= bytesInAll));
  });

  it('send only what is named, and what is vetted', async () => {
    const link = await machine();
    const [here, there] = [lay(temp('here'), { a: '1', b: '2', 'c/d': '3' }), temp('there')];
    await sync.up({ link, localFolder: here, remoteFolder: there, signal: never, only: ['c/d'] });
    assert.deepEqual(Object.keys(tree(there)), ['c/', 'c/d']);
    const seen: string[] = [];
    const up = await sync.up({
      link, localFolder: here, remoteFolder: there, signal: never,
      vet: (paths) => {
        seen.push(...paths);
        return Promise.resolve([{ path: 'b', why: 'no' }]);
      },
    });
    assert.deepEqual([seen.toSorted(), Object.keys(tree(there)), up.skipped], [['a', 'b'], ['a', 'c/', 'c/d'], [{ path: 'b', why: 'no' }]]);
  });

  const bin = (name: string, tools: readonly string[], from: (tool: string) => string): string => {
    const folder = temp(name);
    mkdirSync(folder, { recursive: true });
    for (const tool of tools) symlinkSync(from(tool), join(folder, tool));
    return folder;
  };
  const basics = ['sh', 'dd', 'mkdir', 'cat', 'stat', 'xargs', 'find', 'mv', 'rm', 'rmdir', 'wc', 'chmod', 'touch', 'readlink', 'df', 'awk', 'date', 'mktemp', 'sleep', 'env'];
  const which = (tool: string): string => ['/usr/bin', '/bin'].map((folder) => join(folder, tool)).find((path) => existsSync(path)) ?? tool;
  const run = 'exec "$SHELL" -c "$SSH_ORIGINAL_COMMAND"';
  for (const [kind, instead] of [
    ['prints banners', () => `echo welcome; echo 'to this machine'; echo oops >&2\n${run}`],
    ['has BusyBox alone', () => `export PATH='${bin('busybox', [...basics, 'tar', 'gzip', 'sha256sum'], () => '/usr/bin/busybox')}'\nexec sh -c "$SSH_ORIGINAL_COMMAND"`],
    ['has no tar, no gzip and no sha256sum', () => `export PATH='${bin('bare', basics, which)}'\nexec sh -c "$SSH_ORIGINAL_COMMAND"`],
    ['packs what it sends', () => run],
  ] as const) {
    const it2 = kind !== 'has BusyBox alone' || existsSync('/usr/bin/busybox') ? it : it.skip;
    it2(`work with a machine that ${kind}`, async () => {
      const link = await machine(instead());
      const [here, there, back] = [awkward(temp('here')), temp('there'), temp('back')];
      writeFileSync(join(here, 'big'), big);
      const slow = kind.startsWith('packs') ? createFolderSync({ ...systemClock, elapsed: () => systemClock.elapsed() * 1000 }) : sync;
      const up = await slow.up({ link, localFolder: here, remoteFolder: there, signal: never });
      if (kind.startsWith('has no tar')) {
        assert.deepEqual(up.skipped.map(({ path }) => path).toSorted(), ['link', 'loop']);
        for (const name of ['link', 'loop']) rmSync(join(here, name));
        rmSync(join(here, 'nothing in it'), { recursive: true });
      }
      assert.deepEqual(tree(there), tree(here));
      assert.ok((await slow.up({ link, localFolder: here, remoteFolder: there, signal: never })).bytes < 2 ** 24);
      const down = await slow.down({ link, localFolder: back, remoteFolder: there, signal: never });
      assert.deepEqual([tree(back), down.skipped], [tree(here), []]);
    });
  }

  it('say that the machine\'s disk is full, before and while they go, and leave nothing half', async () => {
    const folder = bin('full', [], which);
    const script = (name: string, text: string): void => writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const link = await machine(`export PATH='${folder}':"$PATH"\n${run}`);
    const [here, there] = [lay(temp('here'), { a: '1', b: '2' }), temp('there')];
    script('tar', "head -c 600 >/dev/null; echo 'tar: ./b: Cannot write: No space left on device' >&2; exit 2");
    await rejectsWith(sync.up({ link, localFolder: here, remoteFolder: there, signal: never }), 'diskFull', /No space left/);
    assert.deepEqual(Object.keys(tree(there)).filter((path) => !path.startsWith('.gpu-rental-incoming')), []);
    rmSync(join(folder, 'tar'));
    script('df', "printf 'Filesystem 1024-blocks Used Available\\nx 1 1 0\\n'");
    await rejectsWith(sync.up({ link, localFolder: here, remoteFolder: there, signal: never }), 'diskFull', /are free/);
    rmSync(join(folder, 'df'));
    await sync.up({ link, localFolder: here, remoteFolder: there, signal: never });
    assert.deepEqual(tree(there), tree(here));
  });

  it('say it in one sentence when a folder cannot be written or is not there', async () => {
    const link = await machine();
    const here = lay(temp('here'), { a: '1', file: 'x' });
    await rejectsWith(sync.up({ link, localFolder: join(here, 'nowhere'), remoteFolder: temp('there'), signal: never }), 'folderRefused');
    await rejectsWith(sync.up({ link, localFolder: here, remoteFolder: '/proc/nothing', signal: never }), 'folderRefused');
    await rejectsWith(sync.down({ link, localFolder: temp('back'), remoteFolder: temp('nowhere'), signal: never }), 'folderRefused', /No such file|can't cd/);
    await rejectsWith(sync.down({ link, localFolder: join(here, 'file'), remoteFolder: here, signal: never }), 'folderRefused');
  });
});
