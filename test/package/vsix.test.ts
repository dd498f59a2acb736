import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../host/paths.ts';
import { type TemporaryFolder, temporaryFolder } from '../host/temporary.ts';
import { type BuiltExtension, builtExtension, readVsix } from '../host/vsix.ts';
import { readZip } from '../host/zip.ts';

interface Manifest {
  readonly main: string;
  readonly activationEvents?: readonly string[];
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Code that is reached by import() gets a name with a hash: it may come and go. Nothing else may. */
const chunk = /^extension\/dist\/chunks\/[\w.-]+-[A-Z0-9]{8}\.js$/;

function differences(packed: readonly string[], listed: readonly string[]): { added: string[]; missing: string[] } {
  return { added: packed.filter((name) => !chunk.test(name) && !listed.includes(name)), missing: listed.filter((name) => !packed.includes(name)) };
}

const bundled: ReadonlySet<string> = new Set(['@secretlint/core', '@secretlint/secretlint-rule-preset-recommend', 'axios', 'ignore', 'jsonc-parser', 'smol-toml', 'ssh2', 'tree-sitter-python', 'web-tree-sitter', 'yaml', 'zod']);

describe('the packaged extension', () => {
  let folder: TemporaryFolder;
  let built: BuiltExtension;
  let files: Map<string, Buffer>;
  let manifest: Manifest;

  before(async function build() {
    this.timeout(120_000);
    folder = await temporaryFolder('package');
    built = await builtExtension(folder.path);
    files = readZip(readVsix(built));
    manifest = JSON.parse(files.get('extension/package.json')?.toString('utf8') ?? '{}');
  });
  after(async () => await folder[Symbol.asyncDispose]());

  it('holds exactly what is listed, and chunks', () => {
    const listed = readFileSync(join(import.meta.dirname, 'contents.txt'), 'utf8').split('\n').filter((line) => line !== '');
    assert.deepEqual(differences([...files.keys()], listed), { added: [], missing: [] });
    assert.equal(new Set(listed).size, listed.length);
  });

  it('would not hold anything more, or anything less', () => {
    const [first = '', ...rest] = [...files.keys()].filter((name) => !chunk.test(name));
    for (const name of ['extension/.env', 'extension/dist/extension.js.map', 'extension/dist/chunks/evil.js', 'extension/dist/chunks/../evil-ABCDEFGH.js', 'extension/node_modules/a/index.js', 'extension/media/x.svg']) {
      assert.deepEqual(differences([first, ...rest, name], [first, ...rest]).added, [name]);
    }
    assert.deepEqual(differences(rest, [first, ...rest]).missing, [first]);
  });

  it('holds no hidden file, no key, no database and no log', () => {
    for (const [name, data] of files) {
      assert.doesNotMatch(name, /(?:^|\/)\.|\.(?:env|pem|key|p12|db|sqlite|log|vsix|tgz)$|id_(?:rsa|ed25519)/, name);
      assert.doesNotMatch(data.toString('latin1'), /-----BEGIN OPENSSH PRIVATE KEY-----\s*[A-Za-z0-9+/]{60}|\brpa_[A-Z0-9]{30}/, name);
    }
  });

  it('holds no source map, no source, no test and no path of the machine that built it', () => {
    for (const [name, data] of files) {
      assert.doesNotMatch(name, /\.map$|\.ts$|^extension\/(src|test|node_modules)\//, name);
      if (!name.endsWith('.js')) continue;
      const text = data.toString('utf8');
      assert.doesNotMatch(text, /sourceMappingURL=/, name);
      assert.ok(!text.includes(root), `${name} names ${root}`);
    }
  });

  it('has everything that its code loads', () => {
    const scripts = [...files].filter(([name]) => name.startsWith('extension/dist/') && !name.includes('/webview/') && name.endsWith('.js'));
    const loads = scripts.flatMap(([name, data]) =>
      [...data.toString('utf8').matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+\.js)"/g)]
        .map(([, specifier = '']) => new URL(specifier, `file:///${name}`).pathname.slice(1)));
    assert.ok(loads.length >= scripts.length - 1, 'a chunk that nothing loads, or loads that this test does not see');
    assert.deepEqual(loads.filter((path) => !files.has(path)), []);
    assert.ok(files.has(`extension/${manifest.main.replace('./', '')}`));
    assert.equal(manifest.dependencies, undefined, 'what is not bundled is not there at run time');
  });

  it('carries the licence of every package whose code it carries', () => {
    const notices = files.get('extension/dist/THIRD-PARTY-NOTICES.txt')?.toString('utf8') ?? '';
    for (const [name, version] of Object.entries(manifest.devDependencies).filter(([name]) => bundled.has(name))) {
      assert.match(notices, new RegExp(`^${name} ${version.replaceAll('.', '\\.')} \\(`, 'm'), name);
    }
    for (const words of [/Permission is hereby granted, free of charge/, /Redistribution and use in source and binary forms/]) assert.match(notices, words);
  });

  it('reads less than 300 KB of code before it can run', () => {
    const entry = files.get('extension/dist/extension.js');
    assert.ok(entry && built.activationBytes >= entry.length, 'the measure leaves out the entry itself');
    assert.ok(built.activationBytes < 300_000, `${built.activationBytes} bytes`);
  });

  it('starts only when it is used, or where a folder of the window lies on a machine', () => {
    assert.deepEqual((manifest.activationEvents ?? []).filter((event) => event !== 'onUri'), ['onFileSystem:gpu-pod']);
  });

  it('is compiled against the oldest editor it promises to run in', () => {
    assert.equal(manifest.devDependencies['@types/vscode'], manifest.engines.vscode.replace('^', ''));
  });
});
