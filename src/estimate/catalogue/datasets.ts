/** Published data sets by name: samples of one split, and tokens of a sample where people have counted them. */
import { type DatasetRow, datasetRows } from './datasetTable.ts';

export interface Dataset {
  readonly name: string;
  readonly samples: number;
  /** On average, in tokens of a Llama-like vocabulary; a few percent off for others. */
  readonly tokensPerSample?: number;
}

/**
 * `subset` is what `load_dataset` takes second. `split` may name several (`train+validation`) or a part (`train[:10%]`).
 * Undefined for a name or subset nobody listed: a wrong number of samples is worse than a question.
 */
export function findDataset(name: string, at: { readonly subset?: string; readonly split?: string } = {}): Dataset | undefined {
  const rows = rowsOf(name, at.subset);
  if (rows === undefined) return undefined;
  const parts = (at.split ?? rows[0]?.split ?? '').split('+').map((part) => partOf(rows, part.trim()));
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0 || known.length < parts.length) return undefined;
  const samples = known.reduce((sum, part) => sum + part.samples, 0);
  const tokens = known[0]?.row.tokensPerSample;
  return { name: known[0]?.row.names[0] ?? name, samples, ...(tokens === undefined ? {} : { tokensPerSample: tokens }) };
}

/** A hub name of an owner nobody listed is another set, whatever its last part; a local folder or file is not. */
function rowsOf(name: string, subset: string | undefined): readonly DatasetRow[] | undefined {
  const local = /^(?:[./~]|[a-z]:)|\.(?:jsonl?|csv|parquet|yaml)$|\/.+\//i.test(name);
  const rows = byName.get(keyOf(name)) ?? (local ? byName.get(keyOf(name.split(/[/\\]/).findLast((part) => part !== '') ?? '')) : undefined);
  if (rows === undefined) return undefined;
  const wanted = subset === undefined || /^(?:default|main|plain_text)$/.test(subset) ? undefined : keyOf(subset);
  const exact = rows.filter((row) => (row.subset === undefined ? undefined : keyOf(row.subset)) === wanted);
  return exact.length > 0 ? exact : undefined;
}

/** `train`, `train[:1000]`, `train[:10%]`, `train[10%:]`. */
function partOf(rows: readonly DatasetRow[], written: string): { readonly row: DatasetRow; readonly samples: number } | undefined {
  const [, split = '', slice] = /^([\w.-]+)(?:\[([^\]]*)\])?$/.exec(written) ?? [];
  const row = rows.find((each) => each.split === split);
  if (row === undefined) return undefined;
  if (slice === undefined) return { row, samples: row.samples };
  const bounds = /^(-?\d+)?(%)?:(-?\d+)?(%)?$/.exec(slice);
  if (bounds === null) return undefined;
  const from = boundOf(bounds[1], bounds[2], row.samples, 0);
  const to = boundOf(bounds[3], bounds[4], row.samples, row.samples);
  return to > from ? { row, samples: to - from } : undefined;
}

function boundOf(digits: string | undefined, percent: string | undefined, samples: number, absent: number): number {
  if (digits === undefined) return absent;
  const amount = percent === undefined ? Number(digits) : Math.round((Number(digits) / 100) * samples);
  return Math.min(samples, Math.max(0, amount < 0 ? samples + amount : amount));
}

const keyOf = (name: string): string => name.trim().toLowerCase().replace(/\.(?:jsonl?|csv|parquet|yaml)$/, '').replace(/[\s_-]+/g, '-');

const byName: ReadonlyMap<string, readonly DatasetRow[]> = new Map(
  [...new Set(datasetRows.flatMap(({ names }) => names.map(keyOf)))].map((key) => [key, datasetRows.filter(({ names }) => names.some((name) => keyOf(name) === key))]),
);
