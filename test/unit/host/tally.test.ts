import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root } from '../../host/paths.ts';
import { addTallies, mustEndVariable, noTests, tallyVariable } from '../../host/tally.ts';
import { type TemporaryFolder, temporaryFolder } from '../../host/temporary.ts';

describe("the reporter that tells the runner mocha's sums", () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder('tally');
  });
  after(async () => await folder[Symbol.asyncDispose]());

  function mocha(suite: string, env: Record<string, string> = {}): { status: number | null; stdout: string; stderr: string; tally: unknown } {
    const file = join(folder.path, 'suite.test.mjs');
    const tally = join(folder.path, 'tally.json');
    writeFileSync(file, suite);
    const ended = spawnSync(process.execPath, [join(bin, 'mocha'), '--no-color', '--no-exit', '--reporter', join(root, 'test', 'host', 'tally.ts'), file],
      { encoding: 'utf8', env: { ...process.env, ...env, [tallyVariable]: tally } });
    return { ...ended, tally: JSON.parse(readFileSync(tally, 'utf8')) };
  }

  it('counts, and prints what the usual reporter prints', () => {
    const { status, stdout, tally } = mocha(`
      it('one', () => {});
      it.skip('two', () => {});
      describe('three', () => { before(() => { throw new Error('broken hook'); }); it('never runs', () => {}); });
    `);
    assert.deepEqual(tally, { passed: 1, failed: 1, skipped: 1 });
    assert.equal(status, 1);
    assert.match(stdout, /1 passing[^]*1 pending[^]*1 failing[^]*broken hook/);
  });

  it('ends a mocha that a test keeps alive, and says so', () => {
    const open = `import { createServer } from 'node:net'; it('one', () => { createServer().listen(0, '127.0.0.1'); });`;
    const { status, stderr, tally } = mocha(open, { [mustEndVariable]: '100' });
    assert.deepEqual(tally, { passed: 1, failed: 0, skipped: 0 });
    assert.notEqual(status, 0);
    assert.match(stderr, /left something open: .*TCPServerWrap/);
  });

  it('adds up', () => {
    assert.deepEqual(addTallies({ passed: 1, failed: 2, skipped: 3 }, { ...noTests, passed: 10 }), { passed: 11, failed: 2, skipped: 3 });
  });
});
