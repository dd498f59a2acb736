// What comes from others is named exactly, and lies behind one door each.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf } from './sourceRules.ts';

const root = join(import.meta.dirname, '..', '..');
const manifest: { dependencies?: Record<string, string>; devDependencies: Record<string, string>; allowScripts: Record<string, boolean> } =
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const lock: { packages: Record<string, { version?: string; integrity?: string; hasInstallScript?: boolean; link?: boolean }> } =
  JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => ({ path: path.replaceAll('\\', '/'), imports: importsOf(readFileSync(join(root, path), 'utf8')) }));
const namers = (name: string): string[] => sources.filter(({ imports }) => imports.includes(name)).map(({ path }) => path);

describe('what comes from others', () => {
  it('is pinned to one version each, and locked by its hash', () => {
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
      const locked = lock.packages[`node_modules/${name}`];
      assert.deepEqual([locked?.version, locked?.integrity?.startsWith('sha512-')], [version, true], name);
    }
    const unhashed = Object.entries(lock.packages).filter(([path, { integrity }]) => path !== '' && !integrity?.startsWith('sha512-'));
    assert.deepEqual(unhashed.map(([path]) => path), []);
  });

  it('is none of the versions that are known to be bad', () => {
    const atLeast = (name: string, [major, minor]: readonly [number, number]): void => {
      const [has = 0, then = 0] = (manifest.devDependencies[name] ?? '0.0.0').split('.').map(Number);
      assert.ok(has > major || (has === major && then >= minor), `${name} ${manifest.devDependencies[name]}`);
    };
    atLeast('axios', [1, 16]); // absolute addresses that took the key along, polluted prototypes, a poisoned release
    atLeast('ssh2', [1, 17]); // Terrapin
  });

  it('runs no script of its own when it is installed, unless it is named', () => {
    const scripted = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.replace(/^.*node_modules\//, ''));
    assert.deepEqual([...new Set(scripted)].filter((name) => !(name in manifest.allowScripts)), []);
  });

  it('lies behind one door each', () => {
    assert.deepEqual(namers('axios'), ['src/providers/http/transport.ts']);
    assert.deepEqual(namers('node:http').filter((path) => !path.startsWith('src/practice/')), ['src/providers/http/transport.ts']);
    assert.deepEqual(namers('ssh2').filter((path) => !/^src\/(practice|ssh)\//.test(path)), []);
    assert.deepEqual(namers('ignore'), ['src/ssh/sync/ignoring.ts']);
    assert.deepEqual(namers('@secretlint/core'), ['src/ssh/sync/secretLint.ts']);
    assert.deepEqual(namers('node:child_process').filter((path) => !path.startsWith('src/practice/')).toSorted(), ['src/ssh/effective.ts', 'src/ssh/folder.ts']);
  });

  it('is never fetched past that door', () => {
    const fetching = globSync('src/**/*.ts', { cwd: root }).filter((path) => !path.startsWith('src/practice/') && /(?<![.\w])fetch\(|XMLHttpRequest|new WebSocket|EventSource\(/.test(readFileSync(join(root, path), 'utf8')));
    assert.deepEqual(fetching, []);
  });
});
