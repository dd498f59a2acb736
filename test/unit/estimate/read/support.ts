import assert from 'node:assert/strict';
import type { SourceFile } from '../../../../src/domain/source.ts';
import type { FactName, Reading } from '../../../../src/estimate/facts.ts';
import { readWorkload, type ReadOptions } from '../../../../src/estimate/read/readWorkload.ts';
import { loadParsers } from '../../../../src/syntax/parsers.ts';

/** One grammar for all tests: loading it is most of the time. */
export const parsers = await loadParsers();

export const read = (files: readonly SourceFile[], options: ReadOptions = {}): Reading => readWorkload(files, parsers, options);
export const readText = (text: string, path = 'train.py', options: ReadOptions = {}): Reading => read([{ path, text }], options);

/** A value, and a piece of the line that it must be found on; `undefined` for a value that must not be there. */
export type Expected = Partial<Record<FactName, readonly [value: string | number | boolean, on?: string] | undefined>>;

export function assertFacts(reading: Reading, files: readonly SourceFile[], expected: Expected): void {
  for (const [name, wanted] of Object.entries(expected)) {
    const fact = reading.facts.find((candidate) => candidate.name === name);
    if (wanted === undefined) {
      assert.equal(fact, undefined, `${name} is not said, but ${JSON.stringify(fact)}`);
      continue;
    }
    const [value, on] = wanted;
    assert.equal(fact?.value, value, `${name}: ${JSON.stringify(fact)}`);
    if (on === undefined) continue;
    const line = files.find(({ path }) => path === fact?.file)?.text.split('\n')[(fact?.line ?? 0) - 1];
    assert.ok(line?.includes(on), `${name} was found on «${line}» (${fact?.file}:${fact?.line}), not on «${on}»`);
  }
}

export const questionNames = (reading: Reading): readonly string[] => reading.questions.map(({ name }) => name);
export const gapCodes = (reading: Reading): readonly string[] => reading.gaps.map(({ code }) => code);

export const notebook = (...cells: readonly string[]): string => JSON.stringify({
  nbformat: 4,
  cells: cells.map((cell) => ({ cell_type: 'code', outputs: [], source: cell.split('\n').map((line, index, all) => (index < all.length - 1 ? `${line}\n` : line)) })),
}, null, 1);
