/**
 * `estimate:score`: what is predicted against what was measured, in published runs. Standard output holds the answer
 * alone; exit 0 on success, 1 when the file cannot be read, 2 on a wrong call.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { publishedRuns } from '../estimate/evidence.ts';
import { packRuns, runColumns } from '../estimate/evidenceTable.ts';
import type { Figures } from '../estimate/score/figures.ts';
import { readRows } from '../estimate/score/rows.ts';
import { type Report, score } from '../estimate/score/score.ts';
import { productTools } from '../estimate/score/tools.ts';

const usage = 'Usage: estimate:score --runs FILE.csv [--json] [--pack]';

interface Call {
  readonly runs: string;
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
  let text: string;
  try {
    text = await readFile(call.runs, 'utf8');
  } catch (error) {
    const message = `Cannot read ${call.runs}: ${error instanceof Error ? error.message : String(error)}`;
    if (call.json) process.stdout.write(`${JSON.stringify({ error: { code: 'unreadable', message } })}\n`);
    else process.stderr.write(`${message}\n`);
    return 1;
  }
  const table = readRows(text);
  if (call.pack) process.stdout.write(moduleOf(table.runs));
  else {
    const report = score(table, await publishedRuns(), productTools);
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
    if (values.runs === undefined) return 'Which runs are to be predicted is missing.';
    return { runs: values.runs, json: values.json === true, pack: values.pack === true };
  } catch (error) {
    return `${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`.replace(/\.\.$/, '.');
  }
}

function tableOf(report: Report): string {
  const { leaveSourceOut, leaveRepositoryOut, leaveGpuOut } = report.protocol;
  const sections: readonly (readonly [string, (Figures & { readonly byCategory: Readonly<Record<string, Figures>> }) | null])[] =
    [['Time, own source left out', leaveSourceOut], ['Time, own code left out', leaveRepositoryOut], ['Time, own GPU left out', leaveGpuOut], ['Memory', report.memory]];
  const lines = sections.flatMap(([title, figures]) => figures === null ? [] : [
    `${title.padEnd(28)}   rows  predicted  median error  within 25 %  within 50 %  in band`,
    lineOf('all', figures),
    ...Object.entries(figures.byCategory).map(([name, each]) => lineOf(name, each)),
    '',
  ]);
  const left = Object.entries(report.outOfScope).map(([rule, rows]) => `${rule} ${rows}`).join(', ');
  return `${lines.join('\n')}\n${report.inScope} of ${report.rows} rows in scope. Apart: ${left}.`;
}

const lineOf = (name: string, { rows, predicted, ...shares }: Figures): string => [
  `  ${name}`.padEnd(28), String(rows).padStart(7), String(predicted).padStart(10),
  ...[shares.medianAbsErrorPct, shares.within25Pct, shares.within50Pct, shares.bandCoveragePct].map((value) => (value === null ? '' : `${value} %`).padStart(12)),
].join(' ');

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
