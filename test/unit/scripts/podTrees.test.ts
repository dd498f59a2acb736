import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree, moveTree, problemIn, removeTree } from '../../../src/scripts/podTrees.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

/** Names that a shell would trip over. */
const odd = ["it's", 'two  spaces', '$(touch owned)', '-rf', 'a\nline', '*', 'ünïcode', '"q"', '`x`', '\\back'];

function sh(script: string, home: string) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: home, env: { ...process.env, HOME: home }, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

function bench() {
  const temporary = temporaryFolder();
  const at = (...names: string[]): string => join(temporary.path, ...names);
  mkdirSync(at('home'));
  mkdirSync(at('work'));
  return { at, run: (script: string) => sh(script, at('home')), [Symbol.dispose]: () => temporary[Symbol.dispose]() };
}

describe('a tree on a machine', () => {
  for (const name of odd) {
    it(`called ${JSON.stringify(name)} is copied, moved and removed, and nothing else`, () => {
      using test = bench();
      const { at, run } = test;
      mkdirSync(at('work', name));
      writeFileSync(at('work', name, name), 'content', { mode: 0o750 });
      symlinkSync('nowhere', at('work', name, 'link'));
      assert.deepEqual(run(copyTree(at('work', name), at('work', `${name}2`), at('work', '.part'), false)), { code: 0, stdout: '', stderr: '' });
      assert.equal(readFileSync(at('work', `${name}2`, name), 'utf8'), 'content');
      assert.equal(lstatSync(at('work', `${name}2`, name)).mode & 0o777, 0o750);
      assert.equal(readlinkSync(at('work', `${name}2`, 'link')), 'nowhere');
      assert.equal(run(moveTree(at('work', `${name}2`), at('work', `${name}3`), at('work', '.part'), false)).code, 0);
      assert.equal(run(removeTree(at('work', name))).code, 0);
      assert.deepEqual([readdirSync(at('work')), readdirSync(at('home'))], [[`${name}3`], []]);
    });
  }

  it('takes the place of what is there only when it is told to', () => {
    using test = bench();
    const { at, run } = test;
    mkdirSync(at('work/a'));
    writeFileSync(at('work/a/new'), 'new');
    mkdirSync(at('work/b'));
    writeFileSync(at('work/b/old'), 'old');
    for (const script of [copyTree, moveTree]) {
      const refused = run(script(at('work/a'), at('work/b'), at('work/.part'), false));
      assert.deepEqual([refused.code === 0, problemIn(refused.stderr)], [false, 'exists']);
      assert.deepEqual([readdirSync(at('work')), readdirSync(at('work/b'))], [['a', 'b'], ['old']]);
    }
    assert.equal(run(moveTree(at('work/a'), at('work/b'), at('work/.part'), true)).code, 0);
    assert.deepEqual([readdirSync(at('work')), readdirSync(at('work/b'))], [['b'], ['new']]);
  });

  it('that cannot be copied leaves nothing behind', () => {
    using test = bench();
    const { at, run } = test;
    const failed = run(copyTree(at('work/missing'), at('work/b'), at('work/.part'), true));
    assert.deepEqual([failed.code === 0, problemIn(failed.stderr), readdirSync(at('work'))], [false, 'notFound', []]);
  });

  it('is not followed out of itself', () => {
    using test = bench();
    const { at, run } = test;
    mkdirSync(at('work/keep'));
    writeFileSync(at('work/keep/precious'), 'x');
    mkdirSync(at('work/tree'));
    symlinkSync(at('work/keep'), at('work/tree/link'));
    assert.equal(run(removeTree(at('work/tree'))).code, 0);
    assert.deepEqual([existsSync(at('work/tree')), existsSync(at('work/keep/precious'))], [false, true]);
  });

  it('that holds the home folder stays', () => {
    using test = bench();
    const { at, run } = test;
    symlinkSync(at('home'), at('work/other'));
    for (const path of [at('home'), at(), at('work/other')]) {
      const refused = run(removeTree(path));
      assert.deepEqual([refused.code, problemIn(refused.stderr)], [1, 'noPermission'], path);
    }
    assert.ok(existsSync(at('home')));
  });

  it('a folder whose name begins like the home folder’s is another', () => {
    using test = bench();
    const { at, run } = test;
    mkdirSync(at('hom'));
    assert.equal(run(removeTree(at('hom'))).code, 0);
    assert.ok(!existsSync(at('hom')));
  });

  it('fails for reasons that are understood', () => {
    assert.equal(problemIn("cp: error writing '/w/a': No space left on device"), 'diskFull');
    assert.equal(problemIn("cp: failed to extend '/w/a': Disk quota exceeded"), 'diskFull');
    assert.equal(problemIn("rm: cannot remove '/etc': Read-only file system"), 'noPermission');
    assert.equal(problemIn("mv: cannot move: Operation not permitted"), 'noPermission');
    assert.equal(problemIn('sh: cp: not found'), 'failed');
    assert.equal(problemIn(''), 'failed');
  });
});
