import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import ssh2 from 'ssh2';
import type { SyncProgress } from '../../../../src/domain/sync.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { createFolderSync } from '../../../../src/ssh/sync/folderSync.ts';
import { hasSshd, type Sshd, type SshdOptions, startSshd } from '../support/sshd.ts';
import { rejectsWith, tempFolder } from '../support/tools.ts';
import { type TestLink, testLink } from './support/testLink.ts';
import { lay, tree } from './support/trees.ts';

const withSshd = hasSshd() ? describe : describe.skip;
const sync = createFolderSync(systemClock);
const never = new AbortController().signal;

withSshd('a folder and a machine', function suite() {
  this.timeout(60_000);
  const temp = tempFolder('gpu rental sync ');
  const keys = ssh2.utils.generateKeyPairSync('ed25519');
  const open: { stop(): Promise<void> }[] = [];
  const links: TestLink[] = [];
  afterEach(async () => {
    for (const link of links.splice(0)) link.close();
    for (const one of open.splice(0)) await one.stop();
  });

  async function machine(options: Partial<SshdOptions> = {}): Promise<TestLink> {
    const sshd: Sshd = await startSshd({ folder: temp('sshd'), authorized: [keys.public], ...options });
    open.push(sshd);
    const link = testLink(sshd.endpoint, keys.private);
    links.push(link);
    return link;
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
});
