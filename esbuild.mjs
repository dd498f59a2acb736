// Bundles the extension as ESM with code splitting: what activate() needs lies in dist/extension.js and the
// chunks it imports statically; everything reached by import() is a chunk that is read when first used.
// --production minifies and leaves source maps out; --meta prints the size of the activation path as JSON.
import { copyFileSync, existsSync, globSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { thirdPartyNotices } from './esbuild.notices.mjs';

const production = process.argv.includes('--production');
const shared = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  format: 'esm',
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
  metafile: true,
};

// CommonJS packages inside an ES module still ask for these three.
const commonJsGlobals = `
import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
const __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** Everything the entry loads before it can run: its own file and the chunks it imports statically. */
function activationPath({ outputs }, entry) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file) || !outputs[file]) return;
    seen.add(file);
    for (const { path, kind } of outputs[file].imports) if (kind === 'import-statement') visit(path);
  };
  visit(entry);
  return { activationBytes: [...seen].reduce((sum, file) => sum + outputs[file].bytes, 0), activationFiles: [...seen] };
}

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
const extension = await build({
  ...shared,
  entryPoints: ['src/extension.ts'],
  outdir: 'dist',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node22',
  // The CommonJS half of jsonc-parser asks for its parts in a way that no bundler sees.
  mainFields: ['module', 'main'],
  // ssh2 tries its native helpers and goes on without them; one VSIX must run on every platform.
  external: ['vscode', 'cpu-features', '*.node'],
  banner: { js: commonJsGlobals },
});

// The parsers look for these two beside the bundle.
const grammars = ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm'];
for (const wasm of grammars) {
  copyFileSync(fileURLToPath(import.meta.resolve(wasm)), new URL(`dist/${basename(wasm)}`, import.meta.url));
}

// So does whoever rents a machine, for what the machine is sent.
copyFileSync(new URL('src/guard/guard.sh', import.meta.url), new URL('dist/guard.sh', import.meta.url));

const webviews = existsSync(new URL('src/webview', import.meta.url)) ? globSync('src/webview/*/main.ts', { cwd: import.meta.dirname }) : [];
const panels = await build({
  ...shared,
  entryPoints: webviews.map((path) => ({ in: path, out: basename(dirname(path)) })),
  outdir: 'dist/webview',
  platform: 'browser',
  target: 'es2022',
});

const notices = thirdPartyNotices(import.meta.dirname, [extension.metafile, panels.metafile], grammars);
writeFileSync(new URL('dist/THIRD-PARTY-NOTICES.txt', import.meta.url), notices);
if (process.argv.includes('--meta')) console.log(JSON.stringify(activationPath(extension.metafile, 'dist/extension.js')));
