import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasDefaultExport, importsOf, isBarrel, layerViolations, linesOfFunction, namesVscode, type SourceFile } from './sourceRules.ts';

const src = join(import.meta.dirname, '..', '..', 'src');
const sources: SourceFile[] = globSync('**/*.{ts,tsx}', { cwd: src })
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(src, path), 'utf8') }));

describe('the source', () => {
  it('imports only inward', () => {
    assert.ok(sources.length > 0);
    assert.deepEqual(layerViolations(sources), []);
  });

  it('names vscode in less than a third of its files', () => {
    const naming = sources.filter(namesVscode).length;
    assert.ok(naming * 3 < sources.length, `${naming} of ${sources.length}`);
  });

  it('has no default exports and no barrels', () => {
    assert.deepEqual(sources.filter(hasDefaultExport).map(({ path }) => path), []);
    assert.deepEqual(sources.filter(isBarrel).map(({ path }) => path), []);
  });

  it('wires by hand in an activate() of at most 80 lines', () => {
    const extension = sources.find(({ path }) => path === 'extension.ts');
    assert.ok(extension, 'there is no extension.ts');
    const lines = linesOfFunction(extension.text, 'activate');
    assert.ok(lines !== undefined && lines <= 80, `${lines} lines`);
  });
});

describe('the rules of the source', () => {
  const one = (path: string, text: string): string[] => layerViolations([{ path, text }]);

  it('sees every way to name a module', () => {
    assert.deepEqual(importsOf(`
      import './a.ts';
      import type { B } from "./b.ts";
      import {
        type C,
        c,
      } from './c.ts';
      export * from './d.ts'; const url = 'https://x'; // import './no.ts'
      /* export * from './no.ts' */
      export { e } from './e.ts';
      const f = await import('./f.ts');
      type G = import('./g.ts').G;
      const h = require("h");
      const i = import(name);
    `).toSorted(), ['(not a literal)', './a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts', 'h']);
  });

  for (const [path, specifier] of [
    ['domain/money.ts', 'node:crypto'],
    ['domain/money.ts', 'zod/mini'],
    ['domain/money.ts', '../services/meter.ts'],
    ['estimate/cost.ts', '../services/meter.ts'],
    ['services/meter.ts', '../store/journal.ts'],
    ['services/meter.ts', 'axios'],
    ['services/meter.ts', 'vscode'],
    ['providers/vast/search.ts', '../../ssh/keys.ts'],
    ['providers/vast/search.ts', '../../estimate/cost.ts'],
    ['ssh/keys.ts', '../store/journal.ts'],
    ['guard/pack.ts', '../ssh/keys.ts'],
    ['services/rentals.ts', '../guard/model.ts'],
    ['scripts/run.ts', '../services/runs.ts'],
    ['scripts/run.ts', 'node:crypto'],
    ['ui/runs.ts', '../scripts/run.ts'],
    ['store/journal.ts', '../services/meter.ts'],
    ['practice/market.ts', '../domain/money.ts'],
    ['practice/market.ts', '../providers/vast/schemas/offer.ts'],
    ['ui/tree.ts', '../providers/http.ts'],
    ['ui/tree.ts', '../webview/estimate/main.ts'],
    ['webview/estimate/main.ts', '../../domain/ports.ts'],
    ['webview/estimate/main.ts', 'node:fs'],
    ['webview/estimate/main.ts', 'vscode'],
    ['headless/main.ts', '../ui/tree.ts'],
    ['headless/main.ts', 'vscode'],
    ['wiring.ts', 'vscode'],
    ['wiring.ts', './extension.ts'],
    ['services/meter.ts', '../wiring.ts'],
    ['ui/tree.ts', '../extension.ts'],
    ['extension.ts', '../test/fakes/clock.ts'],
    ['tools/new.ts', '../domain/money.ts'],
  ] as const) {
    it(`refuses ${specifier} in ${path}`, () => {
      for (const text of [`import { a } from '${specifier}';`, `import type { A } from '${specifier}';`, `export * from '${specifier}';`, `await import('${specifier}');`]) {
        assert.equal(one(path, text).length, 1, text);
      }
    });
  }

  it('allows what the design allows', () => {
    for (const [path, specifier] of [
      ['domain/offer.ts', './money.ts'],
      ['estimate/cost.ts', '../domain/money.ts'],
      ['services/market/search.ts', '../../domain/offer.ts'],
      ['services/quote.ts', '../estimate/cost.ts'],
      ['services/runs.ts', '../scripts/run.ts'],
      ['scripts/run.ts', '../domain/run.ts'],
      ['providers/vast/search.ts', '../http.ts'],
      ['providers/vast/search.ts', 'axios'],
      ['ssh/keys.ts', 'node:crypto'],
      ['ssh/link.ts', '../guard/renewal.ts'],
      ['guard/model.ts', '../domain/guard.ts'],
      ['practice/market.ts', 'node:http'],
      ['ui/tree.ts', 'vscode'],
      ['ui/tree.ts', '../services/meter.ts'],
      ['ui/panel.ts', '../webview/estimate/messages.ts'],
      ['webview/estimate/main.ts', '../../domain/money.ts'],
      ['headless/main.ts', '../providers/http.ts'],
      ['headless/main.ts', '../wiring.ts'],
      ['wiring.ts', './practice/market.ts'],
      ['extension.ts', 'vscode'],
      ['extension.ts', './wiring.ts'],
    ] as const) {
      assert.deepEqual(one(path, `import { a } from '${specifier}';`), [], path);
    }
  });

  it('refuses an import it cannot read', () => {
    assert.match(one('ui/tree.ts', 'await import(`../${name}.ts`);')[0] ?? '', /computed/);
  });

  it('tells default exports and barrels', () => {
    assert.ok(hasDefaultExport({ path: 'a.ts', text: 'export default function a() {}' }));
    assert.ok(hasDefaultExport({ path: 'a.ts', text: 'const a = 1;\nexport { a as default };' }));
    assert.ok(!hasDefaultExport({ path: 'a.ts', text: 'export const a = 1; // export default' }));
    assert.ok(isBarrel({ path: 'ui/all.ts', text: "// all\nexport * from './a.ts';\nexport {\n  b,\n} from './b.ts';\n" }));
    assert.ok(isBarrel({ path: 'ui/index.ts', text: 'export const a = 1;' }));
    assert.ok(!isBarrel({ path: 'ui/a.ts', text: "export * from './b.ts';\nexport const a = 1;" }));
  });

  it('counts the lines of a function', () => {
    assert.equal(linesOfFunction('const a = 1;\nexport async function activate(): void {\n  a();\n}\n', 'activate'), 3);
    assert.equal(linesOfFunction('function activate() {}', 'activate'), undefined);
  });
});
