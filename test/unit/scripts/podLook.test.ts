import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { looks, lookAt } from '../../../src/scripts/podLook.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const look = (paths: readonly string[]) => looks(spawnSync('sh', ['-c', lookAt(paths)], { encoding: 'utf8' }).stdout, paths.length);

describe('a look at many paths', () => {
  it('tells what has changed, and nothing else', () => {
    using temporary = temporaryFolder();
    const names = ['plain', "it's\nodd", '-n', 'folder', 'missing'];
    const paths = names.map((name) => join(temporary.path, name));
    const [plain = '', odd = '', dashed = '', folder = '', missing = ''] = paths;
    for (const path of [plain, odd, dashed]) writeFileSync(path, 'x');
    mkdirSync(folder);
    const first = look(paths);
    assert.deepEqual(first, look(paths));
    assert.equal(first?.[4], undefined);
    appendFileSync(odd, 'more');
    writeFileSync(join(folder, 'new'), '');
    writeFileSync(missing, '');
    rmSync(dashed);
    const second = look(paths);
    assert.deepEqual(second?.map((mark, at) => mark === first?.[at]), [true, false, false, false, false]);
    assert.equal(second?.[2], undefined);
  });

  it('sees a file that took another’s place within the same second, and of the same size', () => {
    using temporary = temporaryFolder();
    const [path, beside] = [join(temporary.path, 'a'), join(temporary.path, 'b')];
    writeFileSync(path, 'old');
    const before = look([path]);
    writeFileSync(beside, 'new');
    renameSync(beside, path);
    assert.notDeepEqual(look([path]), before);
  });

  it('is none when the answer is not one line for each', () => {
    assert.equal(looks('', 1), undefined);
    assert.equal(looks('Welcome\n1 2 3\n', 1), undefined);
    assert.equal(looks('1 2 3', 1), undefined);
    assert.deepEqual(looks('1 2 3\n-\n', 2), ['1 2 3', undefined]);
  });
});
