import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { ConfigNode, Parsers, Scalar, SyntaxNode } from '../../../src/domain/source.ts';
import { loadParsers } from '../../../src/syntax/parsers.ts';
import { temporaryFolder } from '../../host/temporary.ts';

const at = (node: ConfigNode | undefined, path: string): ConfigNode | undefined => path.split('.').reduce<ConfigNode | undefined>(
  (inside, step) => inside?.entries?.get(step) ?? inside?.items?.[Number(step)], node);
const plain = (node: ConfigNode | undefined): unknown => node?.items?.map(plain)
  ?? (node?.entries === undefined ? node?.value : Object.fromEntries([...node.entries].map(([key, value]) => [key, plain(value)])));
const everyNode = (node: SyntaxNode): SyntaxNode[] => [node, ...node.children.flatMap(everyNode)];
const size = (node: ConfigNode): number => 1 + [...node.entries?.values() ?? [], ...node.items ?? []].reduce((sum, inner) => sum + size(inner), 0);

describe('the parsers', () => {
  let parsers: Parsers;
  before(async () => {
    parsers = await loadParsers();
  });

  describe('of Python', () => {
    it('gives nodes with lines, named children and fields', () => {
      const root = parsers.python('x = 1\ny = f(a,\n      batch=5 * 8)\n');
      const call = everyNode(root ?? assert.fail('no tree')).find(({ type }) => type === 'call');
      assert.equal(call?.line, 2);
      assert.equal(call.endLine, 3);
      assert.equal(call.field('function')?.text, 'f');
      const keyword = call.field('arguments')?.children.at(-1);
      assert.equal(keyword?.line, 3);
      assert.equal(keyword.field('name')?.text, 'batch');
      assert.equal(keyword.field('value')?.text, '5 * 8');
      assert.equal(keyword.field('value')?.field('operator')?.text, '*');
      assert.equal(call.field('nothing'), undefined);
    });

    it('cuts text by characters, not by bytes', () => {
      const root = parsers.python('s = "größe 🚀"  # ünï\nafter = 1\n');
      const names = everyNode(root ?? assert.fail('no tree')).filter(({ type }) => type === 'identifier').map(({ text }) => text);
      assert.deepEqual(names, ['s', 'after']);
    });

    it('keeps what stands around a mistake', () => {
      const root = parsers.python('good = 1\ndef broken(:\n  x =\nalso_good = 2\n');
      const nodes = everyNode(root ?? assert.fail('no tree'));
      assert.ok(nodes.some(({ type }) => type === 'ERROR'));
      assert.ok(nodes.some(({ type, text }) => type === 'assignment' && text === 'good = 1'));
    });

    it('shows what is missing as a mistake', () => {
      for (const text of ['def f(:\nx = 1\n', 'f(a, b\n', 'x = [1, 2\ny = 3\n']) {
        assert.ok(everyNode(parsers.python(text) ?? assert.fail('no tree')).some(({ type }) => type === 'ERROR'), text);
      }
      assert.ok(!everyNode(parsers.python('x = f(1)[2]\n') ?? assert.fail('no tree')).some(({ type }) => type === 'ERROR'));
    });

    it('is shallow enough to be walked, however deep the text is', () => {
      const depth = (node: SyntaxNode): number => 1 + Math.max(0, ...node.children.map(depth));
      const root = parsers.python(`x = ${'['.repeat(5_000)}1${']'.repeat(5_000)}\ny = 2\n`);
      assert.ok(root && depth(root) <= 200);
      assert.ok(everyNode(root).some(({ type, text }) => type === 'identifier' && text === 'y'));
    });
  });

  describe('of YAML', () => {
    it('gives every value the line of its key, and reads what PyYAML reads', () => {
      const root = parsers.yaml('# head\nepochs: 3\nmodel:\n  lr: 1e-4\n  flags: [yes, off,\n    1_000]\n  day: 2024-01-02\n  none:\n');
      assert.deepEqual(plain(root), { epochs: 3, model: { lr: 1e-4, flags: [true, false, 1000], day: '2024-01-02', none: null } });
      assert.deepEqual(['epochs', 'model', 'model.lr', 'model.flags', 'model.flags.2'].map((path) => at(root, path)?.line), [2, 3, 4, 5, 6]);
    });

    it('merges maps, and lets the map itself win', () => {
      const root = parsers.yaml('base: &b {batch: 1, epochs: 2}\nmore: &m {epochs: 9, rank: 8}\njob:\n  batch: 4\n  <<: [*b, *m]\n');
      assert.deepEqual(plain(at(root, 'job')), { batch: 4, epochs: 2, rank: 8 });
      assert.equal(at(root, 'job.epochs')?.line, 1);
    });

    it('does not let aliases explode', () => {
      const levels = Array.from({ length: 12 }, (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(10)}]`);
      const root = parsers.yaml(`steps: 7\nl0: &l0 [1]\n${levels.join('\n')}\n`);
      assert.equal(at(root, 'steps')?.value, 7);
      assert.ok(root && size(root) < 101_000);
    });

    it('does not follow an alias in circles', () => {
      assert.equal(at(parsers.yaml('a: &a [*a, 1]\nb: 2\n'), 'b')?.value, 2);
    });

    it('keeps what stands before a mistake', () => {
      assert.equal(at(parsers.yaml('epochs: 3\nbad: [1, 2\nmore: {'), 'epochs')?.value, 3);
    });
  });

  describe('of TOML', () => {
    it('finds the lines of keys in tables, arrays of tables, dotted and quoted', () => {
      const text = ['epochs = 3', '[general]', 'a.b = 1 # two', '"quoted key" = """', 'epochs = 99', '"""', '[[datasets]]', 'resolution = 512',
        '[[datasets.subsets]]', 'num_repeats = 10', '[[datasets.subsets]]', 'num_repeats = 2', '[[datasets]]', 'resolution = 768', 'sizes = [1,', '2]'].join('\n');
      const root = parsers.toml(text);
      const lines = { epochs: 1, general: 2, 'general.a.b': 3, 'datasets.0.resolution': 8, 'datasets.0.subsets.0.num_repeats': 10,
        'datasets.0.subsets.1.num_repeats': 12, 'datasets.1.resolution': 14, 'datasets.1.sizes': 15 };
      for (const [path, line] of Object.entries(lines)) assert.equal(at(root, path)?.line, line, path);
      assert.equal(at(root, 'datasets.0.subsets.1.num_repeats')?.value, 2);
      assert.equal(at(root, 'general.quoted key')?.line, 4);
    });

    it('leaves out lines that are no TOML', () => {
      const root = parsers.toml('a = 1\nthis is no toml\nb = 2\n= 3\nc = 2024-01-02\n');
      assert.deepEqual(plain(root), { a: 1, b: 2, c: '2024-01-02T00:00:00.000Z'.slice(0, 10) });
      assert.equal(at(root, 'b')?.line, 3);
    });
  });

  describe('of JSON', () => {
    it('reads comments and trailing commas, with lines', () => {
      const root = parsers.json('{\n  // stage\n  "zero": {"stage": 3,},\n  "list": [1,\n    "auto"],\n}\n');
      assert.deepEqual(plain(root), { zero: { stage: 3 }, list: [1, 'auto'] });
      assert.deepEqual(['zero', 'zero.stage', 'list', 'list.1'].map((path) => at(root, path)?.line), [3, 3, 4, 5]);
    });

    it('gives what could be made of half a file, and nothing for no file', () => {
      assert.equal(at(parsers.json('{"a": 1, "b": [2, '), 'a')?.value, 1);
      assert.equal(parsers.json(''), undefined);
    });

    it('returns from any depth', () => {
      assert.doesNotThrow(() => parsers.json('['.repeat(200_000)));
    });

    it('reads back what JSON writes', () => {
      fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const kept: unknown = JSON.parse(JSON.stringify(value));
        assert.equal(JSON.stringify(plain(parsers.json(JSON.stringify(value, null, 2))) as Scalar), JSON.stringify(kept));
      }), { numRuns: 200 });
    });
  });

  it('never throw, whatever the text', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ': ', '\n', '&a ', '*a', '"', "'", '"""', '= ', 'def f(', '[[t]]', '<<', '- ', '\t', '\0', '\u2028', 'é', 'x', '1e999', '#');
    fc.assert(fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      for (const parse of [parsers.python, parsers.yaml, parsers.toml, parsers.json]) {
        const root = parse(text);
        if (root !== undefined) assert.ok(root.line >= 1);
      }
    }), { numRuns: 300 });
  });

  it('load from the folder they are given, as from beside the bundle', async () => {
    await using folder = await temporaryFolder('wasm');
    for (const wasm of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm']) {
      await copyFile(fileURLToPath(import.meta.resolve(wasm)), join(folder.path, wasm.split('/')[1] ?? ''));
    }
    const given = await loadParsers(folder.path);
    assert.equal(given.python('x = 1')?.type, 'module');
    await assert.rejects(loadParsers(join(folder.path, 'elsewhere')));
  });
});
