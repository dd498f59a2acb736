/** People type: most of what is read is a script that is not finished. Whatever it is, there is a reading of it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SourceFile } from '../../../../src/domain/source.ts';
import type { Reading } from '../../../../src/estimate/facts.ts';
import * as scripts from './scripts.ts';
import { notebook, read } from './support.ts';

const pathOf = (name: string, text: string): string =>
  name.endsWith('Shell') ? `${name}.sh` : name.endsWith('Readme') ? 'README.md' : name.endsWith('Toml') ? 'data.toml' : text.startsWith('_base_') ? 'configs/mine.py' : name === 'mmBase' ? 'configs/base.py' : `${name}.py`;
const files: readonly SourceFile[] = Object.entries(scripts).flatMap(([name, text]) => [{ path: pathOf(name, text), text }]);
const all: readonly SourceFile[] = [...files, { path: 'cells.ipynb', text: notebook('!accelerate launch train.py --x 1', scripts.sftScript, '%%time\ntrainer.train()') }];

type Change = (text: string) => string;
const place = fc.double({ min: 0, max: 1, noNaN: true });
const piece = (text: string, from: number, to: number): [number, number] => [Math.floor(Math.min(from, to) * text.length), Math.floor(Math.max(from, to) * text.length)];
const words = (text: string): string[] => text.split(/(\b)/);
const swap = (parts: readonly string[], a: number, b: number): string[] => {
  const [i, j] = [Math.floor(a * parts.length), Math.floor(b * parts.length)];
  return parts.map((part, index) => (index === i ? parts[j] ?? part : index === j ? parts[i] ?? part : part));
};

const change: fc.Arbitrary<Change> = fc.oneof(
  place.map((at): Change => (text) => text.slice(0, Math.floor(at * text.length))),
  fc.tuple(place, place).map(([a, b]): Change => (text) => { const [from, to] = piece(text, a, a + (b - a) / 10); return text.slice(0, from) + text.slice(to); }),
  fc.tuple(place, place, place).map(([a, b, c]): Change => (text) => { const [from, to] = piece(text, a, b); const at = Math.floor(c * text.length); return text.slice(0, at) + text.slice(from, Math.min(to, from + 500)) + text.slice(at); }),
  fc.tuple(place, place).map(([a, b]): Change => (text) => swap(text.split('\n'), a, b).join('\n')),
  fc.tuple(place, place).map(([a, b]): Change => (text) => swap(words(text), a, b).join('')),
  fc.tuple(place, fc.constantFrom('(', ')', '[', '{', '"', "'", '"""', '\\', ':', '=', '\n', '    ', '\0', '-1', '1e999', '0', 'None', '**', '/ 0', ',', '#', '\t', '$(', '\ud800'))
    .map(([at, inserted]): Change => (text) => { const index = Math.floor(at * text.length); return text.slice(0, index) + inserted + text.slice(index); }),
  fc.tuple(place, fc.constantFrom('1e400', '-5', '0', '3.7', '10**400', '99999999999999999999', 'float("nan")', 'True', '"7"')).map(([at, value]): Change => (text) => {
    const numbers = [...text.matchAll(/\b\d+\b/g)];
    const chosen = numbers[Math.floor(at * numbers.length)];
    return chosen === undefined ? text : text.slice(0, chosen.index) + value + text.slice(chosen.index + chosen[0].length);
  }),
);

function assertReading(reading: Reading, given: readonly SourceFile[]): void {
  for (const [name, value] of Object.entries(reading.workload)) {
    if (typeof value === 'number') assert.ok(Number.isFinite(value) && value > 0, `${name} is ${value}`);
    if (typeof value === 'object') for (const [part, number] of Object.entries(value)) assert.ok(typeof number !== 'number' || (Number.isFinite(number) && number >= 0), `${name}.${part} is ${number}`);
  }
  for (const spot of [...reading.facts, ...reading.gaps, ...(reading.anchor ? [reading.anchor] : [])]) {
    if (spot.file === undefined || spot.line === undefined) continue;
    const lines = given.find(({ path }) => path === spot.file)?.text.split('\n').length ?? 0;
    assert.ok(Number.isInteger(spot.line) && spot.line >= 1 && spot.line <= lines, `line ${spot.line} of ${lines} in ${spot.file}`);
  }
  assert.ok(reading.questions.length <= 3);
  assert.equal(new Set(reading.facts.map(({ name }) => name)).size, reading.facts.length);
}

describe('mutilated scripts', () => {
  it('are read all the same, with possible numbers on lines that exist', () => {
    fc.assert(fc.property(fc.constantFrom(...all), fc.array(change, { minLength: 1, maxLength: 6 }), fc.constantFrom(...files), (file, changes, beside) => {
      const text = changes.reduce((before, apply) => apply(before), file.text);
      const given = [{ path: file.path, text }, ...(beside.path === file.path ? [] : [beside])];
      assertReading(read(given), given);
    }), { numRuns: 1_500 });
  });

  it('are read with whatever is typed behind their name', () => {
    const word = fc.oneof(fc.constantFrom('--epochs', '--batch-size', '--batch_size=', '=', '--', '-', '"', '3', '-1', '1e999', '$HOME', '--data', 'SOLVER.MAX_ITER', '--deepspeed'), fc.string({ maxLength: 8 }));
    fc.assert(fc.property(fc.constantFrom(...all), fc.array(word, { maxLength: 8 }), (file, typed) => {
      assertReading(read([file], { args: typed.join(' ') }), [file]);
    }), { numRuns: 300 });
  });

  it('leave the whole of a script as it is read', () => {
    for (const file of all) assertReading(read([file]), [file]);
  });
});
