import assert from 'node:assert/strict';
import fc from 'fast-check';
import { interpret, type Program, type Surroundings } from '../../../../../src/estimate/read/python/program.ts';
import { callOf, lastPart, scalarOf, type Value } from '../../../../../src/estimate/read/python/value.ts';
import { valueOf } from '../../../../../src/estimate/read/launch/command.ts';
import { parsers } from '../support.ts';

const run = (text: string, around: Partial<Surroundings> = {}): Program => interpret(parsers.python(text) ?? assert.fail('no tree'), { file: 'x.py', ...around });
const valueIn = (text: string, name = 'x', around: Partial<Surroundings> = {}): Value | undefined => run(text, around).names.get(name);
const flags = (entries: Readonly<Record<string, string>>): Map<string, Value> => new Map(Object.entries(entries).map(([key, text]) =>
  [key, valueOf(text, { source: 'command', certainty: 'stated', file: 'go.sh', line: 9 })]));
const given = (text: string, callee: string, keyword: string, around: Partial<Surroundings> = {}): Value | undefined =>
  run(text, around).calls.find((call) => lastPart(call.callee) === callee)?.keywords.get(keyword);

/** Source of `x = …` and what Python makes of it; undefined where nobody can tell. */
const expressions: readonly (readonly [string, unknown])[] = [
  ['5 * 8', 40], ['2 ** 10 // 3', 341], ['-7 // 2', -4], ['-7 % 3', 2], ['7 / 2', 3.5], ['1 << 4', 16], ['1_000', 1000], ['0x10', 16], ['1e-4', 0.0001], ['1 / 0', undefined], ['1 // 0', undefined],
  ['"a" "b"', 'ab'], ['f"{2 * 3}-{\'z\'}"', '6-z'], ['f"{mystery}"', undefined], ["r'a'", 'a'], ['"""long\ntext"""', 'long\ntext'],
  ['3 if True else 4', 3], ['3 if mystery() else 4', undefined], ['3 if mystery() else 3', 3], ['"bf16" if torch.cuda.is_bf16_supported() else "fp16"', 'bf16'],
  ['not 0', true], ['0 or 5', 5], ['3 and 4', 4], ['mystery() and False', false], ['mystery() or 1', 1], ['mystery() and True', undefined],
  ['1 < 2', true], ['"a" in "cat"', true], ['3 in [1, 2]', false], ['None is None', true], ['device != "mps"', true], ['accelerator.distributed_type == DistributedType.TPU', false],
  ['(1, 2, 3)[1]', 2], ['[1, 2, 3][-1]', 3], ['{"a": {"b": 7}}["a"]["b"]', 7], ['[1, 2, 3, 4][1:3][0]', 2], ['dict(a=4)["a"]', 4], ['{**{"a": 1}, "a": 2}["a"]', 2], ['[*[1, 2], 3][2]', 3],
  ['int("64")', 64], ['int(3.9)', 3], ['float("1e3")', 1000], ['max(3, 9, 4)', 9], ['min(2, mystery)', undefined], ['len([1, 2])', 2], ['round(2.6)', 3], ['math.ceil(7 / 2)', 4], ['abs(-3)', 3], ['str(5)', '5'],
  ['os.environ.get("WORLD", 3)', 3], ['int(os.environ.get("WORLD", "3"))', 3], ['os.environ["NOT_SET"]', undefined], ['{"a": 1}.get("b", 2)', 2], ['"A-B".lower()', 'a-b'], ['os.path.join("a", "b.json")', 'a/b.json'],
  ['(lambda y: y + 1)(2)', 3], ['(y := 4) + 1', 5], ['[i for i in range(3)]', undefined], ['mystery.attribute', undefined], ['10 ** 400', Infinity], ['"x" * 10 ** 9', undefined],
];

describe('what a script comes to without running it', () => {
  for (const [source, expected] of expressions) {
    it(source.replaceAll('\n', '⏎'), () => assert.deepEqual(scalarOf(valueIn(`import os, math, torch\nx = ${source}\n`)), expected));
  }

  it('computes integers as Python does', () => {
    fc.assert(fc.property(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -99, max: 99 }), fc.integer({ min: 1, max: 99 }), (a, b, c) => {
      assert.equal(scalarOf(valueIn(`x = (${a} + ${b}) // ${c} * ${c} + (${a} + ${b}) % ${c}`)), a + b);
    }));
  });

  describe('statements', () => {
    it('go downwards, with what is changed in place', () => {
      assert.equal(scalarOf(valueIn('x = 4\nx *= 3\nx -= 2\ny = x\nx = y + 1')), 11);
      assert.deepEqual(['a', 'b', 'c'].map((name) => scalarOf(valueIn('a, (b, c) = 1, (2, 3)', name))), [1, 2, 3]);
      assert.equal(scalarOf(valueIn('a = x = 6')), 6);
    });

    it('take the branch that is decided, and neither where none is', () => {
      assert.equal(scalarOf(valueIn('if 1 > 2:\n  x = 1\nelif "a" == "a":\n  x = 2\nelse:\n  x = 3')), 2);
      assert.equal(scalarOf(valueIn('x = 1\nif mystery():\n  x = 2')), undefined);
      assert.equal(scalarOf(valueIn('if mystery():\n  x = 2\nelse:\n  x = 2')), 2);
      assert.equal(scalarOf(valueIn('try:\n  x = 5\nexcept ImportError:\n  x = 1')), 5);
      assert.equal(scalarOf(valueIn('if False:\n  x = 5')), undefined);
      assert.equal(scalarOf(valueIn('if __name__ == "__main__":\n  x = 5')), 5);
    });

    it('have no value for what a loop counts up', () => {
      assert.equal(scalarOf(valueIn('x = 0\nfor i in range(9):\n  x += 1')), undefined);
      assert.equal(scalarOf(valueIn('for x in [7]:\n  pass')), 7);
      const [loop] = run('n = 12\nfor epoch in range(2, n, 3):\n  model.backward()').loops;
      assert.equal(scalarOf(callOf(loop?.iterable)?.args[0]), 4);
      assert.equal(loop?.line, 2);
      assert.equal(scalarOf(run('total = 80\nwhile step < total:\n  step += 1').loops[0]?.iterable), 80);
    });
  });

  describe('functions and classes', () => {
    it('are gone through with their arguments and defaults', () => {
      assert.equal(scalarOf(valueIn('def f(a, b=2, *rest, c, **more):\n  return a * b + c + more["d"]\nx = f(5, c=1, d=100)')), 111);
      assert.equal(scalarOf(valueIn('def f(a):\n  if mystery:\n    return 1\n  return 2\nx = f(0)')), undefined);
      assert.equal(scalarOf(valueIn('def f():\n  return f()\nx = f()')), undefined);
      assert.equal(scalarOf(valueIn('n = 3\ndef f():\n  global n\n  n = 9\nf()', 'n')), 9);
    });

    it('keep what is set on an instance', () => {
      const text = 'class A:\n  size = 4\n  def __init__(self, n=2):\n    self.n = n * self.size\n  def get(self):\n    return self.n + 1\na = A(n=5)\nx = a.get()\ny = A.size';
      assert.equal(scalarOf(valueIn(text)), 21);
      assert.equal(scalarOf(valueIn(text, 'y')), 4);
      assert.equal(scalarOf(valueIn('class B:\n  n = 3\nclass A(B):\n  pass\nx = A().n')), 3);
    });

    it('that nobody calls are gone through last, and are not certain', () => {
      const { calls } = run('def used():\n  one()\ndef unused(n=3):\n  two(size=n)\nused()');
      assert.deepEqual(calls.map(({ callee, certain }) => [callee, certain]), [['one', true], ['two', false]]);
    });
  });

  it('notes each call once, with its module and what it was called on', () => {
    const { calls } = run('import torch.nn as nn\nfrom trl import SFTTrainer as T\nT(model=nn.Linear(3, 4)).train(resume=True)');
    assert.deepEqual(calls.map(({ callee }) => callee), ['torch.nn.Linear', 'trl.SFTTrainer', '.train']);
    assert.equal(callOf(calls[2]?.receiver)?.callee, 'trl.SFTTrainer');
  });

  it('keeps the line on which a value was stated, through names, functions and defaults', () => {
    const text = 'SIZE = 64\ndef f(n=16):\n  return n\na = f()\nb = f(SIZE)\nc = SIZE * 2\n';
    const lines = ['a', 'b', 'c'].map((name) => valueIn(text, name)?.at.line);
    assert.deepEqual(lines, [2, 1, 6]);
    assert.equal(valueIn(text, 'c')?.at.certainty, 'derived');
    assert.equal(valueIn('x = 5 * 8')?.at.certainty, 'stated');
  });

  describe('the command line', () => {
    it('stands over the defaults of argparse, with its own place', () => {
      const text = 'import argparse\np = argparse.ArgumentParser()\np.add_argument("--batch-size", "-b", type=int, default=4)\np.add_argument("--epochs", default=3)\np.add_argument("--amp", action="store_true")\np.add_argument("--name", required=True)\nargs = p.parse_args()\nuse(b=args.batch_size, e=args.epochs, a=args.amp, n=args.name)';
      const all = (around: Partial<Surroundings>) => ['b', 'e', 'a', 'n'].map((key) => scalarOf(given(text, 'use', key, around)));
      assert.deepEqual(all({}), [4, 3, false, undefined]);
      assert.deepEqual(all({ commandLine: flags({ b: '8', amp: 'true', name: 'run' }) }), [8, 3, true, 'run']);
      assert.deepEqual(given(text, 'use', 'b', { commandLine: flags({ batch_size: '8' }) })?.at, { source: 'command', certainty: 'stated', file: 'go.sh', line: 9 });
      assert.equal(given(text, 'use', 'e')?.at.line, 4);
    });

    it('fills dataclasses, click, fire and tyro', () => {
      const dataclass = 'from transformers import HfArgumentParser\n@dataclass\nclass A:\n  rank: int = field(default=8)\n  size: int = 3\n(a,) = HfArgumentParser(A).parse_args_into_dataclasses()\nuse(r=a.rank, s=a.size)';
      assert.deepEqual(['r', 's'].map((key) => scalarOf(given(dataclass, 'use', key, { commandLine: flags({ size: '5' }) }))), [8, 5]);
      const click = 'import click\n@click.command()\n@click.option("--epochs", default=3)\n@click.option("--lr", required=True)\ndef main(epochs, lr):\n  use(e=epochs, l=lr)\nmain()';
      assert.deepEqual(['e', 'l'].map((key) => scalarOf(given(click, 'use', key))), [3, undefined]);
      const fire = 'import fire\ndef train(micro=4, total=128):\n  use(a=total // micro)\nfire.Fire(train)';
      assert.equal(scalarOf(given(fire, 'use', 'a')), 32);
      assert.equal(scalarOf(given(fire, 'use', 'a', { commandLine: flags({ micro: '8' }) })), 16);
      assert.equal(scalarOf(given('import tyro\n@dataclass\nclass C:\n  n: int = 6\nc = tyro.cli(C)\nuse(n=c.n)', 'use', 'n')), 6);
    });

    it('reads configurations that the script loads', () => {
      const configFile = (path: string) => { const root = parsers.yaml('train:\n  batch: 8\n'); return path.endsWith('conf/a.yaml') && root ? { path, root } : undefined; };
      for (const text of [
        '@hydra.main(config_path="conf", config_name="a")\ndef main(cfg):\n  use(b=cfg.train.batch)\nmain()',
        'cfg = OmegaConf.load("conf/a.yaml")\nuse(b=cfg.train.batch)',
        'import yaml\nwith open("conf/a.yaml") as f:\n  cfg = yaml.safe_load(f)\nuse(b=cfg["train"]["batch"])',
      ]) {
        const batch = given(text, 'use', 'b', { configFile });
        assert.equal(scalarOf(batch), 8, text);
        assert.deepEqual([batch?.at.source, batch?.at.line], ['config', 2]);
      }
    });
  });

  it('comes to an end, whatever calls itself or nests', () => {
    for (const text of [
      'def a():\n  b()\n  b()\ndef b():\n  a()\n  a()\na()', 'while True:\n  x = 1', 'x = [x, x]\n'.repeat(200), 'class A(A):\n  pass\nA()', `x = ${'f('.repeat(150)}1${')'.repeat(150)}`,
      `${Array.from({ length: 40 }, (_, n) => `def f${n}(x):\n  return f${n + 1}(x) + f${n + 1}(x)`).join('\n')}\nf0(1)`,
    ]) assert.ok(run(text).names.size >= 0);
  });
});
