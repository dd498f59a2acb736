import assert from 'node:assert/strict';
import fc from 'fast-check';
import { logFolders } from '../../../src/domain/logFolders.ts';

describe('folders of runs', () => {
  it('are those that hold runs, and those above that hold several, the widest first', () => {
    assert.deepEqual(logFolders(['/w/runs/a', '/w/runs/b', '/w/lightning_logs/version_0']), [
      { path: '/w', runs: 3 }, { path: '/w/runs', runs: 2 }, { path: '/w/lightning_logs/version_0', runs: 1 }, { path: '/w/runs/a', runs: 1 }, { path: '/w/runs/b', runs: 1 },
    ]);
    assert.deepEqual(logFolders(['/w/runs/a']), [{ path: '/w/runs/a', runs: 1 }]);
    assert.deepEqual(logFolders([]), []);
  });

  it('never are the whole disk, and every run is in one', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'runs', 'x y'), { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(fc.property(fc.array(path, { maxLength: 12 }), (runs) => {
      const found = logFolders(runs);
      assert.ok(found.every((folder) => folder.path !== '/' && folder.runs > 0));
      for (const run of runs) assert.ok(found.some((folder) => folder.path === run));
      assert.equal(new Set(found.map((folder) => folder.path)).size, found.length);
    }));
  });
});
