import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../host/paths.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../host/temporary.ts';
import { csvOf, usual } from './table.ts';

describe('the command estimate:score', () => {
  let folder: TemporaryFolder;
  before(async () => { folder = await temporaryFolder('score'); });
  after(async () => await folder[Symbol.asyncDispose]());

  const run = (...args: string[]) => spawnSync(process.execPath, [join(root, 'test', 'host', 'bootstrap.mjs'), 'score', ...args], { encoding: 'utf8' });
  const file = (text: string): string => {
    const path = join(folder.path, 'runs.csv');
    writeFileSync(path, text);
    return path;
  };

  it('answers with one line of JSON', () => {
    const { status, stdout, stderr } = run('--runs', file(csvOf([usual])), '--json');
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\{[^\n]*\}\n$/);
    const answer: Record<string, unknown> = JSON.parse(stdout);
    for (const key of ['rows', 'inScope', 'predicted', 'medianAbsErrorPct', 'within25Pct', 'within50Pct', 'bandCoveragePct']) assert.equal(typeof answer[key], 'number', key);
    assert.deepEqual(Object.keys(Object(answer['protocol'])), ['leaveSourceOut', 'leaveRepositoryOut', 'leaveGpuOut']);
    assert.deepEqual(Object.keys(Object(answer['byCategory'])), ['llm_finetune']);
    assert.ok(Array.isArray(answer['misses']));
  });

  it('prints a table for people', () => {
    const { status, stdout } = run('--runs', file(csvOf([usual])));
    assert.equal(status, 0);
    assert.match(stdout, /own source left out[\s\S]*llm_finetune[\s\S]*1 of 1 rows in scope/);
  });

  it('bears an empty file', () => {
    const { status, stdout } = run('--runs', file(''), '--json');
    assert.equal(status, 0);
    assert.equal(JSON.parse(stdout).inScope, 0);
  });

  it('prints runs as the module that ships them', () => {
    const { status, stdout } = run('--runs', file(csvOf([usual])), '--pack');
    assert.equal(status, 0);
    assert.match(stdout, /export const runTable: RunTable = \{\n {2}words: \[\n[\s\S]*\["a-1",0,/);
  });

  it('calls a file bad news that cannot be read', () => {
    const missing = join(folder.path, 'missing.csv');
    assert.equal(run('--runs', missing).status, 1);
    const { status, stdout } = run('--runs', missing, '--json');
    assert.equal(status, 1);
    assert.equal(JSON.parse(stdout).error.code, 'unreadable');
  });

  for (const args of [['--runs'], ['--runs', 'x', 'y'], ['--ruins', 'x']]) {
    it(`refuses the call ${JSON.stringify(args)} in one line`, () => {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^[^\n]+\n$/);
    });
  }
});
