import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../host/paths.ts';
import { type TemporaryFolder, temporaryFolder } from '../../host/temporary.ts';

describe('the bootstrap of every npm script', () => {
  let project: TemporaryFolder;
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [join(project.path, 'test', 'host', 'bootstrap.mjs'), ...args], { encoding: 'utf8' });

  before(async () => {
    // A project whose packages are in place and whose headless entry says how it was called.
    project = await temporaryFolder('bootstrap');
    const folder = (...names: string[]): string => join(project.path, ...names);
    for (const path of [folder('test', 'host'), folder('src', 'headless'), folder('node_modules', 'node', 'bin')]) mkdirSync(path, { recursive: true });
    copyFileSync(join(root, 'test', 'host', 'bootstrap.mjs'), folder('test', 'host', 'bootstrap.mjs'));
    symlinkSync(process.execPath, folder('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'));
    const packages = { '': { version: '1.0.0' }, 'node_modules/node': { version: process.versions.node } };
    writeFileSync(folder('package-lock.json'), JSON.stringify({ packages: { ...packages, 'node_modules/elsewhere': { version: '1.0.0', optional: true } } }));
    writeFileSync(folder('node_modules', '.package-lock.json'), JSON.stringify({ packages }));
    writeFileSync(folder('src', 'headless', 'main.ts'), `
      export async function main(argv: readonly string[]): Promise<number> {
        setInterval(() => {}, 1000);
        if (argv[0] === 'throw') throw new Error('broken');
        console.log(JSON.stringify({ argv, entry: process.argv[1]?.endsWith('main.ts') }));
        return Number(argv[1]);
      }
    `);
  });
  after(async () => await project[Symbol.asyncDispose]());

  it('runs the entry with its arguments and ends with its answer, whatever is still open', () => {
    const { status, stdout, stderr } = run('headless', 'offers', '3', '--json');
    assert.equal(stdout, '{"argv":["offers","3","--json"],"entry":true}\n');
    assert.equal(status, 3, stderr);
  });

  it('ends with 1 when the entry throws, and says why on standard error', () => {
    const { status, stdout, stderr } = run('headless', 'throw');
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /broken/);
  });

  it('ends with 2 on a wrong call', () => {
    assert.equal(run('nonsense').status, 2);
    assert.equal(run().status, 2);
    assert.equal(run('constructor').status, 2);
  });

  it('installs when a package is not the one in the lock', () => {
    writeFileSync(join(project.path, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/node': { version: '0.0.1' } } }));
    // An npm that cannot be found stands for one that runs: this is about the decision.
    const { status, stderr } = spawnSync(process.execPath, [join(project.path, 'test', 'host', 'bootstrap.mjs'), 'headless', 'offers', '0'], { encoding: 'utf8', env: { PATH: '' } });
    assert.equal(status, 1);
    assert.match(stderr, /Installing the packages[^]*npm ci failed/);
  });
});
