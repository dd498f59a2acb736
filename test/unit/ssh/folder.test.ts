import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { layoutOf, onlyOwner, prepareFolder } from '../../../src/ssh/folder.ts';
import { noLog, tempFolder } from './support/tools.ts';

const posixOnly = process.platform === 'win32' ? it.skip : it;

describe('our SSH folder', () => {
  const temp = tempFolder();

  posixOnly('is closed to others, also when it was open before', async () => {
    const fresh = layoutOf(temp('deep/ssh'));
    await prepareFolder(fresh, noLog);
    const open = layoutOf(temp('ssh'));
    mkdirSync(open.folder, { recursive: true, mode: 0o755 });
    await prepareFolder(open, noLog);
    for (const folder of [fresh.folder, dirname(fresh.folder), fresh.hostKeys, open.folder, open.hostKeys])
      assert.equal(statSync(folder).mode & 0o777, 0o700, folder);
  });

  it('gets an access list on Windows, from an argument list no shell reads', async () => {
    const layout = layoutOf(temp('ssh'));
    const ran: unknown[] = [];
    await prepareFolder(layout, noLog, 'win32', (file, args) => Promise.resolve(ran.push([file, args.slice(0, 3)])));
    assert.deepEqual(ran, [['C:\\Windows\\System32\\icacls.exe', [layout.folder, '/inheritance:r', '/grant:r']]]);
    assert.deepEqual(onlyOwner('C:\\Ada & Co\\ssh', 'PC\\Ada Byron'), [
      'C:\\Ada & Co\\ssh', '/inheritance:r', '/grant:r',
      'PC\\Ada Byron:(OI)(CI)F', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F',
    ]);
  });

  it('is used all the same, with a warning, where Windows sets no access list', async () => {
    const layout = layoutOf(temp('ssh'));
    const warned: string[] = [];
    const refuses = () => Promise.reject(new Error('Access is denied.'));
    await prepareFolder(layout, { warn: (message) => warned.push(message) }, 'win32', refuses);
    assert.equal(statSync(layout.hostKeys).isDirectory(), true);
    assert.deepEqual(warned, [`The access list of ${layout.folder} could not be set: Access is denied.`]);
  });
});
