/** The code cells of a notebook as one Python text, each line with the line of the file that it stands on. */
import type { ConfigNode, Parsers } from '../../domain/source.ts';

export interface Cells {
  readonly python: string;
  /** Cells as they are, with what goes to a shell. */
  readonly raw: string;
  /** From a line of these texts to the line of the file. */
  lineOf(line: number): number;
}

export function notebookCells(text: string, parsers: Parsers): Cells | undefined {
  const cells = parsers.json(text)?.entries?.get('cells')?.items;
  if (cells === undefined) return undefined;
  const lines: { readonly text: string; readonly line: number }[] = [];
  for (const { entries } of cells) {
    if (entries?.get('cell_type')?.value !== 'code') continue;
    const source = entries.get('source') ?? entries.get('input');
    lines.push(...linesOf(source), { text: '', line: source?.line ?? 1 });
  }
  const raw = lines.map(({ text: own }) => own);
  return { python: onlyPython(raw).join('\n'), raw: raw.join('\n'), lineOf: (line) => lines[line - 1]?.line ?? lines.at(-1)?.line ?? 1 };
}

function linesOf(source: ConfigNode | undefined): { readonly text: string; readonly line: number }[] {
  const parts = source?.items ?? (source === undefined ? [] : [source]);
  return parts.flatMap(({ value, line }) => (typeof value === 'string' ? value.replace(/\n$/, '').split('\n').map((text) => ({ text, line })) : []));
}

/** Magics are no Python; a cell that begins with `%%bash` has none in it at all. */
function onlyPython(lines: readonly string[]): string[] {
  let goesOn = false;
  return lines.map((line) => {
    const magic: boolean = goesOn || /^\s*(?:[%!]|\?|\w+\?$)/.test(line);
    goesOn = magic && /\\\s*$/.test(line);
    // The line keeps its place in a block: an empty one after `if x:` would be an error.
    return magic ? line.replace(/\S.*$/, 'pass') : line;
  });
}
