import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Item } from '../../../../src/ssh/sync/item.ts';
import { hereOr, Landing } from '../../../../src/ssh/sync/landing.ts';
import { rejectsWith, tempFolder } from '../support/tools.ts';
import { lay, tree } from './support/trees.ts';

const item = (path: string, mode = 0o644): Item => ({ kind: 'file', path, bytes: 1, modified: 1_700_000_000, mode });
const posix = process.platform === 'win32' ? describe.skip : describe;

posix('the folder that files come into', () => {
  const temp = tempFolder('gpu rental landing ');

  it('gives a file its name when it is whole, with a mode that lets nobody else change it', async () => {
    const landing = await Landing.open(temp('to'), Date.now());
    const from = landing.newPath();
    landing.write(from, [Buffer.from('x')], item('a/b', 0o4777), 1_700_000_000_500);
    assert.ok(!existsSync(join(landing.root, 'a')));
    assert.equal(await landing.place(from, 'a/b'), undefined);
    const { mode, mtimeMs } = statSync(join(landing.root, 'a/b'));
    assert.deepEqual([mode & 0o7777 & ~0o755, mtimeMs], [0, 1_700_000_000_500]);
    await landing.tidy();
    assert.deepEqual(Object.keys(tree(landing.root)), ['a/', 'a/b']);
  });

  it('is entered through no link, and no file', async () => {
    const root = lay(temp('to'), { file: 'f', 'elsewhere/kept': 'k' });
    symlinkSync('elsewhere', join(root, 'link'));
    const landing = await Landing.open(root, Date.now());
    assert.equal(await landing.folder('link/deep'), 'A link here stands in its way.');
    assert.equal(await landing.folder('file/deep'), 'A file here has the name of its folder.');
    mkdirSync(join(root, 'taken'));
    const from = landing.newPath();
    landing.write(from, [], item('taken'), 0);
    assert.equal(await landing.place(from, 'taken'), 'A folder here has that name.');
  });

  it('takes one of two names that its disk takes for one', async () => {
    const root = lay(temp('to'), { '.GPU-RENTAL-INCOMING': 'as a disk would say that takes no notice of case' });
    const landing = await Landing.open(root, Date.now());
    assert.equal(landing.claim('a/B'), undefined);
    assert.match(landing.claim('A/b') ?? '', /case alone/);
    assert.match(landing.claim('a/b') ?? '', /case alone/);
    const usual = await Landing.open(temp('usual'), Date.now());
    assert.deepEqual(['a', 'A'].map((path) => usual.claim(path)), [undefined, undefined]);
  });

  it('forgets half files that nobody went on with for a week, and keeps younger ones', async () => {
    const root = lay(temp('to'), { '.gpu-rental-incoming/p-old': '1', '.gpu-rental-incoming/p-young': '2' });
    utimesSync(join(root, '.gpu-rental-incoming/p-old'), 1, 1);
    const landing = await Landing.open(root, Date.now());
    await landing.tidy();
    assert.deepEqual(Object.keys(tree(root)), ['.gpu-rental-incoming/', '.gpu-rental-incoming/p-young']);
  });

  it('replaces a link by a link, and never what it leads to', async () => {
    const root = lay(temp('to'), { target: 't', other: 'o' });
    symlinkSync('target', join(root, 'l'));
    const landing = await Landing.open(root, Date.now());
    assert.equal(await landing.placeLink({ ...item('l'), kind: 'link' }, 'other'), undefined);
    await landing.tidy();
    assert.equal(tree(root)['l'], '-> other');
    assert.equal(readFileSync(join(root, 'target'), 'utf8'), 't');
  });

  it('says in one code what this computer refuses', async () => {
    const failing = (code: string) => hereOr(() => Promise.reject(Object.assign(new Error(code), { code })));
    for (const code of ['ENOSPC', 'EDQUOT']) await rejectsWith(failing(code), 'diskFullHere');
    for (const code of ['EACCES', 'EROFS', 'ENAMETOOLONG']) await rejectsWith(failing(code), 'folderRefused');
    await assert.rejects(failing('EOTHER'), { code: 'EOTHER' });
  });
});
