import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../../src/services/clock.ts';
import { createFolderSync } from '../../../../src/ssh/sync/folderSync.ts';
import { remoteFolder } from '../../../../src/ssh/sync/remoteFolder.ts';
import { readFolder } from '../../../../src/scripts/syncGet.ts';
import { type Linked, linkedPod } from '../support/linked.ts';
import { tempFolder } from '../support/tools.ts';
import { lay, tree } from './support/trees.ts';

const posix = process.platform === 'win32' ? describe.skip : describe;
const signal = new AbortController().signal;

posix('a folder and a practice pod', function suite() {
  this.timeout(60_000);
  const temp = tempFolder('gpu rental sync pod ');
  let pod: Linked;
  before(async () => void (pod = await linkedPod(temp('pod'))));
  after(() => pod.close());

  it('become the same, up and down', async () => {
    const sync = createFolderSync(systemClock);
    const here = lay(temp('here'), { 'train.py': 'print(1)\n', 'data/a b': 'x', big: Buffer.alloc(5 * 2 ** 20, 7) });
    const folder = await remoteFolder(pod.link, '~/project', signal);
    assert.equal(folder, join(pod.home, 'project'));
    assert.equal((await sync.up({ link: pod.link, localFolder: here, remoteFolder: folder, signal })).files, 3);
    const back = temp('back');
    assert.equal((await sync.down({ link: pod.link, localFolder: back, remoteFolder: folder, signal })).files, 3);
    assert.deepEqual([tree(folder), tree(back)], [tree(here), tree(here)]);
  });

  it('mean the folder that a person types', async () => {
    mkdirSync(join(pod.home, 'x'), { recursive: true });
    assert.equal(await remoteFolder(pod.link, '/some/where/', signal), '/some/where');
    assert.equal(await remoteFolder(pod.link, '~', signal), pod.home);
    assert.match(await remoteFolder(pod.link, "a b/../it's", signal), /\/it's$/);
  });
});

describe('the folder that a machine names', () => {
  const mark = 'm:';
  it('is one, or nothing is sent', () => {
    assert.equal(readFolder('banner\nm:/work\n', 'x/./y', mark), '/work/x/y');
    assert.equal(readFolder('m:/root\n', '~/x', mark), '/root/x');
    assert.equal(readFolder('m:\n', '/abs/../b', mark), '/b');
    for (const [said, path] of [['', 'x'], ['m:relative\n', 'x'], ['m:/a\0b\n', 'x'], ['nothing\n', '/abs']] as const) assert.equal(readFolder(said, path, mark), undefined, said);
  });
});
