import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemoteFileError } from '../../../../src/domain/machineLink.ts';
import { isRentError } from '../../../../src/domain/errors.ts';
import { PodFiles, type PodChange } from '../../../../src/services/pod/podFiles.ts';
import { TooLarge } from '../../../../src/services/pod/tooLarge.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeMachineLink } from '../../../fakes/fakeMachineLink.ts';
import { temporaryFolder } from '../../../fakes/temporaryFolder.ts';
import { systemClock } from '../../../../src/services/clock.ts';

function bench({ clock = systemClock } = {}) {
  const temporary = temporaryFolder();
  const link = new FakeMachineLink();
  link.env['HOME'] = '/root';
  const files = new PodFiles({ link, clock, random: (bytes) => randomBytes(bytes) });
  const changes: string[] = [];
  const root = join(temporary.path, 'work');
  mkdirSync(root);
  const at = (name: string): string => join(root, name);
  const tell = (one: PodChange): string => `${one.how} ${one.path.slice(root.length + 1)}`;
  files.onDidChange((some) => void changes.push(...some.map(tell)));
  return { link, files, changes, root, at, outside: temporary.path, [Symbol.dispose]: () => temporary[Symbol.dispose]() };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = async (reading: Promise<Uint8Array>): Promise<string> => new TextDecoder().decode(await reading);
const refuses = (work: Promise<unknown>, problem: string): Promise<void> =>
  assert.rejects(work, (error: unknown) => error instanceof RemoteFileError && error.problem === problem || assert.fail(`${String(error)} is not ${problem}`));

describe('files on a machine', () => {
  it('are created and overwritten only as far as is allowed', async () => {
    using test = bench();
    const { files, at, changes } = test;
    await refuses(files.write(at('a'), bytes('x'), { create: false, overwrite: true }), 'notFound');
    await files.write(at('a'), bytes('first'), { create: true, overwrite: false });
    await refuses(files.write(at('a'), bytes('x'), { create: true, overwrite: false }), 'exists');
    assert.equal(readFileSync(at('a'), 'utf8'), 'first');
    await files.write(at('a'), bytes('second'), { create: true, overwrite: true });
    await files.write(at('a'), bytes('third'), { create: false, overwrite: true });
    assert.equal(await text(files.read(at('a'))), 'third');
    await refuses(files.write(at('no/b'), bytes('x'), { create: true, overwrite: true }), 'notFound');
    mkdirSync(at('folder'));
    await refuses(files.write(at('folder'), bytes('x'), { create: true, overwrite: true }), 'isFolder');
    assert.deepEqual([changes, readdirSync(test.root)], [['created a', 'changed a', 'changed a'], ['a', 'folder']]);
  });

  it('keep their mode, and stay where a link leads', async () => {
    using test = bench();
    const { files, at, root } = test;
    writeFileSync(at('run.sh'), 'old');
    chmodSync(at('run.sh'), 0o750);
    symlinkSync('run.sh', at('link'));
    await files.write(at('link'), bytes('new'), { create: true, overwrite: true });
    assert.deepEqual([readFileSync(at('run.sh'), 'utf8'), statSync(at('run.sh')).mode & 0o777], ['new', 0o750]);
    assert.deepEqual((await files.stat(at('link'))).link, true);
    assert.deepEqual(readdirSync(root).toSorted(), ['link', 'run.sh']);
  });

  it('say what links lead to, and which lead nowhere or round', async () => {
    using test = bench();
    const { files, at, root } = test;
    mkdirSync(at('folder'));
    writeFileSync(at('file'), 'xyz');
    for (const [name, target] of [['toFolder', 'folder'], ['toFile', 'file'], ['nowhere', 'missing'], ['round', 'around'], ['around', 'round'], ['self', 'self']] as const) symlinkSync(target, at(name));
    const { entries } = await files.list(root);
    const shown = Object.fromEntries(entries.map(({ name, stat }) => [name, `${stat.link ? 'link to ' : ''}${stat.kind}`]));
    assert.deepEqual(shown, { folder: 'folder', file: 'file', toFolder: 'link to folder', toFile: 'link to file', nowhere: 'link to other', round: 'link to other', around: 'link to other', self: 'link to other' });
    assert.equal((await files.stat(at('toFile'))).bytes, 3);
    for (const { name, stat } of entries) {
      files.forget();
      assert.deepEqual(await files.stat(at(name)), stat, name);
    }
    await files.remove(at('toFolder'), { recursive: true });
    await files.remove(at('round'), { recursive: true });
    assert.ok(existsSync(at('folder')));
  });

  it('are told apart from folders', async () => {
    using test = bench();
    const { files, at } = test;
    writeFileSync(at('file'), '');
    mkdirSync(at('folder'));
    await refuses(files.list(at('file')), 'notFolder');
    await refuses(files.list(at('missing')), 'notFound');
    await refuses(files.read(at('folder')), 'isFolder');
    await refuses(files.makeFolder(at('folder')), 'exists');
    await refuses(files.makeFolder(at('no/folder')), 'notFound');
    await refuses(files.stat(at('missing')), 'notFound');
  });

  it('are renamed over others only when that is allowed', async () => {
    using test = bench();
    const { files, at, changes } = test;
    writeFileSync(at('a'), 'a');
    writeFileSync(at('b'), 'b');
    await refuses(files.rename(at('a'), at('b'), { overwrite: false }), 'exists');
    await refuses(files.rename(at('missing'), at('c'), { overwrite: true }), 'notFound');
    await files.rename(at('a'), at('a'), { overwrite: false });
    await files.rename(at('a'), at('b'), { overwrite: true });
    assert.deepEqual([readdirSync(test.root), readFileSync(at('b'), 'utf8'), changes], [['b'], 'a', ['removed a', 'created b']]);
  });

  it('are moved to another disk, where a rename fails', async () => {
    using test = bench();
    const { files, at, link } = test;
    mkdirSync(at('a'));
    writeFileSync(at('a/x'), 'x');
    const { rename } = link.files;
    Object.assign(link.files, { rename: () => Promise.reject(new RemoteFileError('failed', at('a'))) });
    await files.rename(at('a'), at('b'), { overwrite: false });
    assert.deepEqual([readdirSync(test.root), readdirSync(at('b'))], [['b'], ['x']]);
    await refuses(files.rename('/proc', at('c'), { overwrite: false }), 'failed');
    Object.assign(link.files, { rename });
  });

  it('are removed, folders with what is in them only when that is meant', async () => {
    using test = bench();
    const { files, at } = test;
    mkdirSync(at('tree/deep'), { recursive: true });
    writeFileSync(at("tree/deep/it's"), '');
    await refuses(files.remove(at('tree'), { recursive: false }), 'notEmpty');
    await files.remove(at('tree'), { recursive: true });
    await refuses(files.remove(at('tree'), { recursive: true }), 'notFound');
    mkdirSync(at('empty'));
    await files.remove(at('empty'), { recursive: false });
    assert.deepEqual(readdirSync(test.root), []);
  });

  it('at the root are never removed as a tree', async () => {
    using test = bench();
    for (const path of ['/', '/usr', '/usr/']) await refuses(test.files.remove(path, { recursive: true }), 'noPermission');
    assert.deepEqual(test.link.scripts, []);
  });

  it('are copied by the machine, whole or not at all', async () => {
    using test = bench();
    const { files, at, changes, link } = test;
    mkdirSync(at('a'));
    writeFileSync(at('a/x'), 'x');
    await files.copy(at('a'), at('b'), { overwrite: false });
    await refuses(files.copy(at('a'), at('b'), { overwrite: false }), 'exists');
    await refuses(files.copy(at('missing'), at('c'), { overwrite: false }), 'notFound');
    await refuses(files.copy(at('a'), at('no/c'), { overwrite: false }), 'notFound');
    await refuses(files.copy(at('a'), at('a'), { overwrite: true }), 'exists');
    await refuses(files.copy(at('a'), at('a/inside'), { overwrite: true }), 'failed');
    await refuses(files.copy(at('a/x'), at('a'), { overwrite: true }), 'failed');
    link.answer = () => ({ stdout: '', stderr: 'cp: error writing: No space left on device', code: 1 });
    await refuses(files.copy(at('a'), at('d'), { overwrite: false }), 'diskFull');
    assert.deepEqual([readdirSync(test.root), readdirSync(at('b')), changes], [['a', 'b'], ['x'], ['created b']]);
  });

  it('refuse paths that lead elsewhere than they say', async () => {
    using test = bench();
    const { files, link } = test;
    for (const path of ['', 'a', '/a/../b', '/..', '/a/./b', '/a//b', '/a\0b', '//etc']) {
      for (const work of [files.stat(path), files.list(path), files.read(path), files.remove(path, { recursive: true }), files.write(path, bytes(''), { create: true, overwrite: true }), files.rename('/tmp/x', path, { overwrite: true }), files.copy(path, '/tmp/x', { overwrite: true }), files.makeFolder(path)]) await refuses(work, 'badName');
    }
    assert.deepEqual(link.asked, []);
  });

  it('leave out names that a hostile machine made up, and count them', async () => {
    using test = bench();
    const { files, link, root } = test;
    const stat = { kind: 'file', bytes: 1, modifiedAt: 0, mode: 0o644 } as const;
    Object.assign(link.files, { list: async () => ({ entries: ['ok', '../../etc/passwd', '..', '.', '', 'a/b', 'a\0b', 'two\nlines'].map((name) => ({ name, stat })), unreadable: 2 }) });
    const { entries, unreadable } = await files.list(root);
    assert.deepEqual([entries.map(({ name }) => name), unreadable], [['ok', 'two\nlines'], 6]);
  });

  it('whose names are no UTF-8 are counted', async () => {
    using test = bench();
    const { files, root } = test;
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), '');
    writeFileSync(test.at('ok'), '');
    const { entries, unreadable } = await files.list(root);
    assert.deepEqual([entries.map(({ name }) => name), unreadable], [['ok'], 1]);
  });

  it('that are too large for an editor are not read', async () => {
    using test = bench();
    const { files, link, at } = test;
    Object.assign(link.files, { lstat: async () => ({ kind: 'file', bytes: 40e9, modifiedAt: 0, mode: 0o644 }) });
    await assert.rejects(files.read(at('model')), (error: unknown) => error instanceof TooLarge && error.bytes === 40e9);
    assert.ok(!link.asked.some((call) => call.startsWith('read')));
  });

  it('keep what they were when the disk is full', async () => {
    using test = bench();
    const { files, at, link, changes } = test;
    writeFileSync(at('a'), 'before');
    link.before = (call) => {
      if (call.startsWith('write')) throw new RemoteFileError('diskFull', at('a'));
    };
    await refuses(files.write(at('a'), bytes('x'), { create: true, overwrite: true }), 'diskFull');
    assert.deepEqual([readFileSync(at('a'), 'utf8'), changes], ['before', []]);
  });
});

describe('what was read a moment ago', () => {
  it('answers for each entry of a folder that was listed', async () => {
    using test = bench();
    const { files, link, at, root } = test;
    for (let n = 0; n < 50; n++) writeFileSync(at(`f${n}`), 'x');
    await files.list(root);
    for (let n = 0; n < 50; n++) assert.equal((await files.stat(at(`f${n}`))).bytes, 1);
    await refuses(files.stat(at('.git')), 'notFound');
    await files.list(root);
    assert.equal(link.asked.length, 1);
  });

  it('is asked for once by many who ask at the same time', async () => {
    using test = bench();
    const { files, link, at } = test;
    writeFileSync(at('a'), '');
    await Promise.all(Array.from({ length: 20 }, () => files.stat(at('a'))));
    assert.equal(link.asked.length, 1);
  });

  it('is over after two seconds', async () => {
    const clock = new FakeClock();
    using test = bench({ clock: { ...systemClock, elapsed: () => clock.elapsed() } });
    const { files, at } = test;
    writeFileSync(at('a'), 'x');
    await files.stat(at('a'));
    writeFileSync(at('a'), 'longer');
    assert.equal((await files.stat(at('a'))).bytes, 1);
    clock.advance(2000);
    assert.equal((await files.stat(at('a'))).bytes, 6);
  });

  it('is forgotten at every change of our own, under every name', async () => {
    using test = bench();
    const { files, at, root } = test;
    mkdirSync(at('real'));
    writeFileSync(at('real/a'), 'x');
    symlinkSync('real', at('link'));
    await files.list(at('link'));
    await files.write(at('real/a'), bytes('longer'), { create: false, overwrite: true });
    assert.equal((await files.stat(at('link/a'))).bytes, 6);
    await files.list(root);
    await files.makeFolder(at('new'));
    assert.equal((await files.stat(at('new'))).kind, 'folder');
    await files.rename(at('new'), at('newer'), { overwrite: false });
    await refuses(files.stat(at('new')), 'notFound');
    await files.remove(at('newer'), { recursive: true });
    assert.deepEqual((await files.list(root)).entries.map(({ name }) => name).toSorted(), ['link', 'real']);
  });

  it('is not kept when a change of our own came while it was read', async () => {
    using test = bench();
    const { files, at, link } = test;
    writeFileSync(at('a'), 'x');
    const held = Promise.withResolvers<void>();
    const { lstat } = link.files;
    Object.assign(link.files, {
      lstat: async (path: string) => {
        Object.assign(link.files, { lstat });
        const found = await lstat(path);
        await held.promise;
        return found;
      },
    });
    const old = files.stat(at('a'));
    await files.write(at('a'), bytes('longer'), { create: false, overwrite: true });
    held.resolve();
    assert.equal((await old).bytes, 1, 'it was asked before');
    assert.equal((await files.stat(at('a'))).bytes, 6);
  });
});

describe('files on a machine that is gone', () => {
  const unreachable = (work: Promise<unknown>): Promise<void> => assert.rejects(work, (error: unknown) => isRentError(error, 'sshUnreachable'));

  it('are refused at once while the line is down, but for one that tries it', async () => {
    const clock = new FakeClock();
    using test = bench({ clock: { ...systemClock, elapsed: () => clock.elapsed() } });
    const { files, link, at } = test;
    writeFileSync(at('a'), 'x');
    link.lose();
    for (let n = 0; n < 10; n++) await unreachable(files.stat(at('a')));
    assert.equal(link.asked.length, 1);
    clock.advance(5000);
    await unreachable(files.read(at('a')));
    assert.equal(link.asked.length, 2);
    link.mend();
    assert.equal(await text(files.read(at('a'))), 'x');
  });

  it('are answered in bounded time when nothing comes back', async () => {
    const clock = new FakeClock();
    using test = bench({ clock });
    const { files, link, at } = test;
    link.before = () => new Promise(() => undefined);
    await unreachable(files.stat(at('a')));
    await unreachable(files.write(at('a'), bytes(''), { create: true, overwrite: true }));
    assert.ok(clock.elapsed() <= 120_000, `${clock.elapsed()} ms`);
  });

  it('fire nothing for what did not happen', async () => {
    using test = bench();
    const { files, link, at, changes } = test;
    writeFileSync(at('a'), 'x');
    utimesSync(at('a'), 1, 1);
    link.before = (call) => void (call.startsWith('write') && link.lose());
    await unreachable(files.write(at('a'), bytes('new'), { create: true, overwrite: true }));
    assert.deepEqual([changes, readFileSync(at('a'), 'utf8')], [[], 'x']);
  });
});
