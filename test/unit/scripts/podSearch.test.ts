import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSearch, searchScript } from '../../../src/scripts/podSearch.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

function search(folder: string, text: string, most = 100) {
  const { stdout } = spawnSync('sh', ['-c', searchScript({ folder, text, most })], { encoding: 'utf8' });
  return readSearch(stdout, folder, most);
}

function files(content: Readonly<Record<string, string | Uint8Array>>) {
  const temporary = temporaryFolder();
  for (const [name, text] of Object.entries(content)) {
    mkdirSync(join(temporary.path, name, '..'), { recursive: true });
    writeFileSync(join(temporary.path, name), text);
  }
  return temporary;
}

const shown = (folder: string, answer: ReturnType<typeof search>): string[] =>
  (answer?.found ?? []).map(({ path, line, text }) => `${path.slice(folder.length + 1)}:${line}:${text}`).toSorted();

describe('a search on a machine', () => {
  it('finds lines in text files, whatever these are called', () => {
    using folder = files({
      'train.py': 'import torch\nlr = 3e-4 # Learning rate\n',
      "sub dir/it's $HOME.py": 'the learning rate\n',
      'a:12:b.txt': 'learning\n',
      '.git/config': 'learning\n',
      '.env': 'learning=1\n',
      'blob.bin': Buffer.from('\0\0learning\n'),
      'huge.csv': `learning\n${'x'.repeat(5_000_000)}`,
    });
    assert.deepEqual(shown(folder.path, search(folder.path, 'learning')), [
      '.env:1:learning=1', 'a:12:b.txt:1:learning', "sub dir/it's $HOME.py:1:the learning rate", 'train.py:2:lr = 3e-4 # Learning rate',
    ]);
  });

  it('takes large letters at their word', () => {
    using folder = files({ 'a.txt': 'Loss\nloss\n' });
    assert.deepEqual(shown(folder.path, search(folder.path, 'Loss')), ['a.txt:1:Loss']);
    assert.deepEqual(shown(folder.path, search(folder.path, 'loss')), ['a.txt:1:Loss', 'a.txt:2:loss']);
  });

  it('means what is typed and nothing else', () => {
    using folder = files({ 'a.txt': "x.*y\n-e $(id) 'quoted'\nxzzy\n" });
    assert.deepEqual(shown(folder.path, search(folder.path, 'x.*y')), ['a.txt:1:x.*y']);
    assert.deepEqual(shown(folder.path, search(folder.path, "-e $(id) 'quoted'")), ["a.txt:2:-e $(id) 'quoted'"]);
  });

  it('stops at the limit, and says so', () => {
    using folder = files({ 'a.txt': 'loss\n'.repeat(30) });
    const [some, all] = [search(folder.path, 'loss', 10), search(folder.path, 'loss', 30)];
    assert.deepEqual([some?.found.length, some?.more, all?.found.length, all?.more], [10, true, 30, false]);
  });

  it('finds nothing where nothing is', () => {
    using folder = files({ 'a.txt': 'x\n' });
    assert.deepEqual(search(folder.path, 'y'), { found: [], more: false });
    assert.equal(search(join(folder.path, 'missing'), 'y'), undefined);
  });

  it('reads an answer that a stranger may have written', () => {
    const read = (lines: string) => readSearch(`Welcome to the machine\ngpu-rental-search\n${lines}`, '/workspace', 10)?.found;
    assert.deepEqual(read('./a.py\x003:x\n'), [{ path: '/workspace/a.py', line: 3, text: 'x' }]);
    assert.deepEqual(read('a.py:3:x:y\n'), [{ path: '/workspace/a.py', line: 3, text: 'x:y' }]);
    assert.deepEqual(read('../../etc/passwd\x001:x\n/etc/passwd\x001:x\nnonsense\n\n'), []);
    assert.equal(read(`a.py\x001:${'x'.repeat(5000)}\n`)?.[0]?.text.length, 400);
    assert.equal(readSearch('bash: cd: no such folder', '/workspace', 10), undefined);
    assert.deepEqual(readSearch('gpu-rental-search\n./a\x001:x\n', '/', 10)?.found[0]?.path, '/a');
  });
});
