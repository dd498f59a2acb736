/**
 * `estimate:score`: what is predicted against what was measured, in published runs. Standard output holds the answer
 * alone; exit 0 on success, 1 when the file cannot be read, 2 on a wrong call.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { publishedRuns } from '../estimate/evidence.ts';
import { packRuns, runColumns } from '../estimate/evidenceTable.ts';
import type { Figures } from '../estimate/score/figures.ts';
import { readRows, type Rows } from '../estimate/score/rows.ts';
import { type Protocol, type Report, score } from '../estimate/score/score.ts';
import { productTools } from '../estimate/score/tools.ts';

const usage = 'Usage: estimate:score [--runs FILE.csv] [--json] [--pack]';

interface Call {
  /** Undefined scores the runs that ship with the extension. */
  readonly runs: string | undefined;
  readonly json: boolean;
  /** Prints the module that ships the runs as evidence, instead of a score. */
  readonly pack: boolean;
}

export async function main(argv: readonly string[]): Promise<number> {
  const call = parse(argv);
  if (typeof call === 'string') {
    process.stderr.write(`${call} ${usage}\n`);
    return 2;
  }
  const shipped = await publishedRuns();
  let table: Rows = { count: shipped.length, runs: shipped, leftOut: [] };
  if (call.runs !== undefined) {
    try {
      table = readRows(await readFile(call.runs, 'utf8'));
    } catch (error) {
      const message = `Cannot read ${call.runs}: ${error instanceof Error ? error.message : String(error)}`;
      if (call.json) process.stdout.write(`${JSON.stringify({ error: { code: 'unreadable', message } })}\n`);
      else process.stderr.write(`${message}\n`);
      return 1;
    }
  }
  if (call.pack) process.stdout.write(moduleOf(table.runs));
  else {
    const report = score(table, shipped, productTools);
    process.stdout.write(`${call.json ? JSON.stringify(report) : tableOf(report)}\n`);
  }
  return 0;
}

function parse(argv: readonly string[]): Call | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv], allowPositionals: true,
      options: { runs: { type: 'string' }, json: { type: 'boolean' }, pack: { type: 'boolean' } },
    });
    if (positionals[0] !== undefined) return `Unexpected argument ${positionals[0]}.`;
    return { runs: values.runs, json: values.json === true, pack: values.pack === true };
  } catch (error) {
    return `${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`.replace(/\.\.$/, '.');
  }
}

/** Markdown that can be read as it stands: median error and share within 25 % of each protocol, then of memory. */
function tableOf(report: Report): string {
  const { leaveSourceOut, leaveRepositoryOut, leaveGpuOut } = report.protocol;
  const time = [leaveSourceOut, leaveRepositoryOut, leaveGpuOut];
  const names = Object.keys(leaveSourceOut.byCategory);
  const rowOf = (name: string, pick: (one: Protocol) => Figures | undefined, memory?: Figures | null): string => {
    const own = pick(leaveSourceOut);
    const cells = [...time.map(pick), memory ?? undefined].map(cellOf);
    return `| ${[name, String(own?.predicted ?? 0), ...cells, percentOf(own?.bandCoveragePct)].join(' | ')} |`;
  };
  const left = Object.entries(report.outOfScope).map(([rule, rows]) => `${rule} ${rows}`).join(', ');
  return [
    '| | runs | own source left out | own code left out | own GPU left out | memory | in band |',
    '| --- | --: | --: | --: | --: | --: | --: |',
    rowOf('**all in scope**', (figures) => figures, report.memory),
    rowOf('code base known', ({ byStack }) => byStack.known),
    rowOf('code base not known', ({ byStack }) => byStack.unknown),
    ...names.map((name) => rowOf(name, ({ byCategory }) => byCategory[name], report.memory?.byCategory[name])),
    '',
    `${report.inScope} of ${report.rows} rows in scope.${left === '' ? '' : ` Apart: ${left}.`}`,
  ].join('\n');
}

const percentOf = (value: number | null | undefined): string => (value === null || value === undefined ? '' : `${value} %`);
const cellOf = (figures: Figures | undefined): string =>
  figures?.medianAbsErrorPct === null || figures === undefined ? '' : `${percentOf(figures.medianAbsErrorPct)} · ${percentOf(figures.within25Pct)}`;

function moduleOf(runs: Parameters<typeof packRuns>[0]): string {
  const { words, models, rows } = packRuns(runs);
  const list = (name: string, items: readonly unknown[]): string => `  ${name}: [\n${items.map((item) => `    ${JSON.stringify(item)},`).join('\n')}\n  ],\n`;
  return `import type { RunTable } from '../evidenceTable.ts';

/**
 * Measured runs from public repositories and reports: what was run on what, how long it took, how much memory it used.
 * Numbers are facts of the source that each row names (\`owner/name\` is a repository). Generated: \`npm run -s estimate:score
 * -- --runs FILE.csv --pack\`. Cells are, in this order: ${runColumns.join(', ')}.
 */
export const runTable: RunTable = {
${list('words', words)}${list('models', models)}${list('rows', rows)}};
`;
}
