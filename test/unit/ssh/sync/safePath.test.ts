import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { linkStays, pathProblem, shownName } from '../../../../src/ssh/sync/safePath.ts';

describe('a name from a machine', () => {
  for (const path of ['', '/etc/passwd', '../x', 'a/../../x', 'a/..', '.', './a', 'a//b', 'a/', 'a\0b', 'x'.repeat(256), `${'d/'.repeat(3000)}x`, '.gpu-rental-incoming/p-1', 'sub/.GPU-Rental-Incoming']) {
    it(`is refused when it is ${JSON.stringify(path.slice(0, 30))}`, () => assert.notEqual(pathProblem(path, 'linux'), undefined));
  }

  for (const path of ['C:x', 'a\\..\\b', '\\\\server\\share', 'nul', 'sub/COM1.txt', 'lpt¹', 'dot.', 'space ', 'a:stream', 'q?', 'con .txt']) {
    it(`is refused on Windows when it is ${JSON.stringify(path)}`, () => {
      assert.notEqual(pathProblem(path, 'win32'), undefined);
      assert.equal(pathProblem(path, 'linux'), undefined);
    });
  }

  it('is taken as it is otherwise', () => {
    for (const path of ['a', 'a b/-rf', '..a', 'a..', '...', 'Ünï', 'line\nbreak', '$(x)', '~', 'nulls', 'console']) assert.equal(pathProblem(path, 'linux'), undefined, path);
  });

  it('never leads out of the folder, whatever is in it', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', 'a', '~', 'C:', '\\..', '/'), fc.string({ maxLength: 5 }));
    fc.assert(fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const path = parts.join('/');
      if (pathProblem(path) === undefined) assert.ok(resolve('/root/folder', path).startsWith(`/root/folder${sep}`), path);
    }));
  });

  it('is shown without what acts on a terminal', () => assert.equal(shownName('a\x1b[2Jb\n\u202ec'), 'a\u{fffd}[2Jb\u{fffd}\u{fffd}c'));
});

describe('a link from a machine', () => {
  for (const [path, target, stays] of [
    ['a', 'b', true], ['d/a', '../b', true], ['d/a', '.', true], ['a', '.', true], ['d/e/a', '../..', true], ['a', './x/y', true],
    ['a', '..', false], ['a', '../b', false], ['d/a', '../../b', false], ['a', '/etc', false], ['a', 'b/..', false], ['d/a', 'b/../..', false], ['a', '', false],
    ['a', 'C:x', false], ['a', 'b\\..\\..', false], ['a', 'x\0y', false],
  ] as const) {
    it(`${stays ? 'may be' : 'is not'} ${path} -> ${JSON.stringify(target)}`, () => assert.equal(linkStays(path, target), stays));
  }

  it('leads nowhere else together with any others that were taken', function real() {
    if (process.platform === 'win32') this.skip();
    this.timeout(60_000);
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    const target = fc.array(fc.constantFrom('..', '.', 'a', 'b', 'c'), { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
    fc.assert(fc.property(fc.array(fc.tuple(path, target), { minLength: 1, maxLength: 6 }), (links) => {
      const outer = realpathSync(mkdtempSync(join(tmpdir(), 'gpu-rental-links-')));
      const root = join(outer, 'in', 'root');
      mkdirSync(root, { recursive: true });
      try {
        const made: string[] = [];
        for (const [at, to] of links) {
          if (!linkStays(at, to)) continue;
          // As it is done for real: no way to a link leads through another.
          if (made.some((other) => at === other || at.startsWith(`${other}/`) || other.startsWith(`${at}/`))) continue;
          mkdirSync(dirname(join(root, at)), { recursive: true });
          try {
            symlinkSync(to, join(root, at));
            made.push(at);
          } catch {
            continue; // a folder has that name
          }
        }
        for (const at of made) {
          let real: string;
          try {
            real = realpathSync(join(root, at));
          } catch {
            continue; // it leads to nothing, or round in a circle
          }
          assert.ok(real === root || real.startsWith(`${root}/`), `${at} leads to ${real}`);
        }
      } finally {
        rmSync(outer, { recursive: true });
      }
    }), { numRuns: 200 });
  });
});
