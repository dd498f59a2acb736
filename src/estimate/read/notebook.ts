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
  const lines: Line[] = [];
  const python: string[] = [];
  for (const { entries } of cells) {
    if (entries?.get('cell_type')?.value !== 'code') continue;
    const source = entries.get('source') ?? entries.get('input');
    const own = linesOf(source);
    const [, language] = /^%%(\w+)/.exec(own.find(({ text: line }) => line.trim() !== '')?.text.trim() ?? '') ?? [];
    const foreign = language !== undefined && !/^(time|timeit|capture|prun)$/.test(language);
    const shell = language === 'bash' || language === 'sh';
    python.push(...(foreign ? own.map(() => '') : onlyPython(own.map(({ text: line }) => line))), '');
    lines.push(...own.map(({ text: line, line: at }) => ({ text: shell ? `!${line}` : line, line: at })), { text: '', line: source?.line ?? 1 });
  }
  return { python: python.join('\n'), raw: lines.map(({ text: line }) => line).join('\n'), lineOf: (line) => lines[line - 1]?.line ?? lines.at(-1)?.line ?? 1 };
}

interface Line { readonly text: string; readonly line: number }

function linesOf(source: ConfigNode | undefined): Line[] {
  const parts = source?.items ?? (source === undefined ? [] : [source]);
  return parts.flatMap(({ value, line }) => (typeof value === 'string' ? value.replace(/\n$/, '').split('\n').map((text) => ({ text, line })) : []));
}

/** Magics and what goes to a shell are no Python. */
function onlyPython(lines: readonly string[]): string[] {
  let goesOn = false;
  return lines.map((line) => {
    const magic: boolean = goesOn || /^\s*(?:[%!]|\?|\w+\?$)/.test(line);
    goesOn = magic && /\\\s*$/.test(line);
    // The line keeps its place in a block: an empty one after `if x:` would be an error.
    return magic ? line.replace(/\S.*$/, 'pass') : line;
  });
}
