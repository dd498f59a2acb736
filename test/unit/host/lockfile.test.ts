import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../host/paths.ts';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('package-lock.json', () => {
  const { packages }: { packages: Readonly<Record<string, Locked>> } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const entries = Object.entries(packages).filter(([path]) => path !== '');

  it('names every package by its content and none by where it came from', () => {
    assert.ok(entries.length > 0);
    for (const [path, { integrity, resolved }] of entries) {
      assert.match(integrity ?? '', /^sha512-/, path);
      assert.equal(resolved, undefined, path);
    }
  });

  it('holds the packages of every platform: npm ci refuses a lock that leaves some out', () => {
    const missing = entries.flatMap(([path, { optionalDependencies = {} }]) => Object.keys(optionalDependencies)
      .filter((name) => !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages)));
    assert.deepEqual(missing, []);
  });
});
