// What every webview has in common: what its page may load, and what it may ask of the extension.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import type * as z from 'zod/mini';
import { fromPanel, fromPanelSchema } from '../../../src/ui/estimate/fromPanel.ts';
import { fromExplorer, fromExplorerSchema } from '../../../src/ui/explorer/fromExplorer.ts';
import { withoutComments } from '../sourceRules.ts';

const src = join(import.meta.dirname, '..', '..', '..', 'src');
const code = (path: string): string => withoutComments(readFileSync(join(src, path), 'utf8'));
const filesWith = (pattern: RegExp, under: string): string[] => globSync(`${under}/**/*.ts`, { cwd: src }).filter((path) => pattern.test(code(path)));

/** The types of messages that a page sends, by their source: `From…` in a messages.ts. */
function sentBy(messages: string): { type: string; fields: string[] }[] {
  const [, union = ''] = /export type From\w+ =([\s\S]*?)(?:;\s*\n\s*\n|;\s*$)/.exec(messages) ?? [];
  return [...union.matchAll(/\{([^{}]*)\}/g)].map(([, body = '']) => ({
    type: /readonly type: '(\w+)'/.exec(body)?.[1] ?? '',
    fields: [...body.matchAll(/readonly (\w+)\??:/g)].map(([, name = '']) => name),
  }));
}

/**
 * All that a page may say: which kind, which thing (by an id that it was given), and what a person typed for a fact.
 * A new field has to be thought about here. It may be no path, price, address or command.
 */
const sayable = ['type', 'name', 'value', 'place', 'offer', 'offers', 'as', 'instance', 'launch', 'month', 'day', 'period', 'by', 'id'];

describe('the messages of webviews', () => {
  const panels = globSync('webview/*/messages.ts', { cwd: src });

  it('are declared for every webview', () => {
    assert.ok(panels.length > 0);
    assert.deepEqual(globSync('webview/*/main.ts', { cwd: src }).map((path) => path.replace('main.ts', 'messages.ts')).toSorted(), panels.toSorted());
  });

  for (const path of panels) {
    it(`of ${path} carry ids and words to the extension, nothing else`, () => {
      const sent = sentBy(code(path));
      assert.ok(sent.length > 0 && sent.every(({ type }) => type !== ''), 'no message was found');
      assert.deepEqual(sent.flatMap(({ type, fields }) => fields.filter((name) => !sayable.includes(name)).map((name) => `${type}.${name}`)), []);
    });
  }

  it('are all in the schema that reads them, and no others', () => {
    const types = fromPanelSchema.def.options.map((option) => [...option.shape.type.def.values][0]);
    assert.deepEqual(types.map(String).toSorted(), sentBy(code('webview/estimate/messages.ts')).map(({ type }) => type).toSorted());
    for (const option of fromPanelSchema.def.options) assert.deepEqual(Object.keys(option.shape).filter((name) => !sayable.includes(name)), []);
  });

  it('of the explorer are all in its schema, and no others', () => {
    const types = fromExplorerSchema.def.options.map((option) => [...option.shape.type.def.values][0]);
    assert.deepEqual(types.map(String).toSorted(), sentBy(code('webview/explorer/messages.ts')).map(({ type }) => type).toSorted());
    for (const option of fromExplorerSchema.def.options) assert.deepEqual(Object.keys(option.shape).filter((name) => !sayable.includes(name)), []);
  });

  it('lose what does not belong to them', () => {
    assert.deepEqual(fromPanel({ type: 'rent', offer: 'vast:1', usd: 0, url: 'https://x', command: 'y' }), { type: 'rent', offer: 'vast:1' });
    assert.deepEqual(fromPanel(JSON.parse('{"type":"refresh","__proto__":{"type":"rent"}}')), { type: 'refresh' });
  });

  it('are bounded in every string', () => {
    const long = 'x'.repeat(1001);
    fc.assert(fc.property(fc.constantFrom('set', 'unset', 'reveal', 'choose', 'rent', 'copy'), fc.constantFrom('name', 'value', 'place', 'offer', 'as'), (type, field) => {
      const most = { name: 'x', value: 'x', place: 'x', offer: 'x', as: 'csv' };
      const read = fromPanel({ type, ...most, [field]: long });
      assert.ok(read === undefined || !JSON.stringify(read).includes(long));
    }));
    fc.assert(fc.property(fc.constantFrom(...fromExplorerSchema.def.options.map((option) => [...option.shape.type.def.values][0])), fc.constantFrom('name', 'value', 'offer', 'offers'), (type, field) => {
      const read = fromExplorer({ type, name: 'x', value: 'x', offer: 'x', offers: ['x'], [field]: field === 'offers' ? [long] : long });
      assert.ok(read === undefined || !JSON.stringify(read).includes(long));
    }));
    assert.equal(fromExplorer({ type: 'compare', offers: Array.from({ length: 5 }, (_, n) => `vast:${n}`) }), undefined, 'four are compared');
  });
});

describe('the pages of webviews', () => {
  const makers = filesWith(/createWebviewPanel\(|resolveWebviewView\b|registerWebviewViewProvider\(/, 'ui').filter((path) => /createWebviewPanel\(|resolveWebviewView\b/.test(code(path)));

  it('are made with a page that has a policy, from one folder, and keep no hidden page alive', () => {
    assert.ok(makers.length > 0);
    for (const path of makers) {
      const text = code(path);
      assert.match(text, /localResourceRoots: \[\w+\]/, path);
      assert.match(text, /joinPath\(\w+, 'dist', 'webview'\)/, path);
      assert.doesNotMatch(text, /enableCommandUris|retainContextWhenHidden|enableForms|portMapping|enableFindWidget: false/, path);
      assert.match(text, /nonce: randomBytes\(16\)/, path);
    }
    assert.deepEqual(filesWith(/\.html = /, 'ui').toSorted(), makers.toSorted(), 'a page that is set elsewhere');
  });

  it('let in one script by its nonce, one style sheet, and nothing else', () => {
    const pages = globSync('ui/**/*.ts', { cwd: src }).filter((path) => readFileSync(join(src, path), 'utf8').includes('<!DOCTYPE html'));
    assert.ok(pages.length > 0);
    for (const path of pages) {
      const text = code(path);
      for (const rule of [/"default-src 'none'"/, /script-src 'nonce-\$\{nonce\}'/, /"base-uri 'none'"/, /"form-action 'none'"/]) assert.match(text, rule, path);
      assert.doesNotMatch(text, /unsafe-|(?:connect|img|font|frame)-src|\son\w+=/, path);
      assert.equal(text.match(/<script/g)?.length, 1, path);
    }
  });

  it('write HTML only where it was escaped', () => {
    const writers = filesWith(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|srcdoc|\beval\(|new Function/, 'webview');
    assert.deepEqual(writers.map((path) => basename(path)).filter((name) => !['main.ts', 'patch.ts'].includes(name)), []);
  });

  it('and Markdown name no command but those of the hover, which are listed', () => {
    assert.deepEqual(filesWith(/isTrusted\s*[=:]\s*true|supportHtml\s*[=:]\s*true/, 'ui'), []);
    assert.deepEqual(filesWith(/(?<!workspace\.)isTrusted|enabledCommands|command:\$\{/, 'ui').map((path) => basename(path)).toSorted(), ['statusBar.ts', 'statusText.ts']);
  });
});

describe('the rule about messages', () => {
  it('finds a field that names a file', () => {
    const sent = sentBy("export type FromPanel =\n  | { readonly type: 'ready' }\n  | { readonly type: 'open'; readonly path: string; readonly line?: number };\n");
    assert.deepEqual(sent, [{ type: 'ready', fields: ['type'] }, { type: 'open', fields: ['type', 'path', 'line'] }]);
    assert.ok(!sayable.includes('path') && !sayable.includes('line') && !sayable.includes('url') && !sayable.includes('command') && !sayable.includes('usd'));
  });
});

// The schema and the type are one: neither can be changed alone.
type Said = z.infer<typeof fromPanelSchema>;
const same: (said: Said) => ReturnType<typeof fromPanel> = (said) => said;
void same;
const sameOfExplorer: (said: z.infer<typeof fromExplorerSchema>) => ReturnType<typeof fromExplorer> = (said) => said;
void sameOfExplorer;
