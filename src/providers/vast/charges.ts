/**
 * What Vast charged. A row covers all the days that were asked for, so days are asked for one by
 * one, after a first look at which days have any. Days are whole and UTC.
 */
import type { Call, Http } from '../../domain/http.ts';
import { sumUsd, usd } from '../../domain/money.ts';
import type { Charge } from '../../domain/provider.ts';
import { RentError } from '../../domain/errors.ts';
import { parseWith } from '../http/read.ts';
import { dayMs, settleMs } from './books.ts';
import { accepted } from './problems.ts';
import { chargePage, chargeRow, type ChargeRow } from './schemas/charge.ts';

const mostPages = 100;

interface Days {
  /** Days since the epoch, both included. */
  readonly first: number;
  readonly last: number;
}

/** Charges of the whole days between the two times that are over for good. */
export async function charges(http: Http, from: number, to: number, signal: AbortSignal): Promise<Charge[]> {
  const asked: Days = { first: Math.ceil(from / dayMs), last: Math.floor(to / dayMs) - 1 };
  if (asked.last < asked.first) return [];
  const overview = await allRows(http, asked, signal);
  const final: Days = { first: asked.first, last: Math.min(asked.last, Math.floor((overview.at - settleMs) / dayMs) - 1) };
  const all: Charge[] = [];
  for (const day of daysOf(overview.rows, final)) {
    const { rows } = asked.first === asked.last ? overview : await allRows(http, { first: day, last: day }, signal);
    all.push(...rows.flatMap((row) => chargeOf(row, day)));
  }
  return all;
}

export interface ChargePage {
  readonly rows: readonly ChargeRow[];
  readonly next: string | null;
  readonly at: number;
}

export const readCharges = ({ first, last }: Days, after?: string): Call<ChargePage> => ({
  method: 'GET',
  path: '/api/v0/charges/',
  query: {
    select_filters: JSON.stringify({ day: { gte: (first * dayMs) / 1000, lte: ((last + 1) * dayMs) / 1000 - 1 }, type: { in: ['instance'] } }),
    latest_first: 'false',
    format: 'table',
    limit: '100',
    ...(after === undefined ? {} : { after_token: after }),
  },
  key: 'required',
  pace: { name: 'vast.charges', gapMs: 1_100 },
  retry: 'safe',
  read: (answer) => {
    const page = parseWith(chargePage, accepted(answer));
    // Half a bill is a wrong bill, so no row may be left out.
    return { rows: page.results.map((row) => parseWith(chargeRow, row)), next: page.next_token || null, at: answer.at };
  },
});

async function allRows(http: Http, days: Days, signal: AbortSignal): Promise<{ rows: ChargeRow[]; at: number }> {
  const rows: ChargeRow[] = [];
  const followed = new Set<string>();
  for (let after: string | undefined; ; ) {
    const page = await http.send(readCharges(days, after), signal);
    rows.push(...page.rows);
    if (page.next === null) return { rows, at: page.at };
    if (followed.has(page.next) || followed.size === mostPages) throw new RentError('badResponse', { detail: 'the list of charges has no end' });
    followed.add(page.next);
    after = page.next;
  }
}

/** Whether a row's end is its last day or the moment after it is not documented; a day without charges costs one call. */
function daysOf(rows: readonly ChargeRow[], { first, last }: Days): number[] {
  const days = new Set<number>();
  for (const row of rows) {
    const [from, to] = [row.start, row.end].map((seconds) => Math.floor((seconds * 1000) / dayMs));
    for (let day = Math.max(first, from ?? first); day <= Math.min(last, to ?? last); day++) days.add(day);
  }
  return [...days].toSorted((a, b) => a - b);
}

function chargeOf(row: ChargeRow, day: number): Charge[] {
  const [, instanceKey] = /^instance-(\d+)$/.exec(row.source) ?? [];
  if (instanceKey === undefined) return [];
  const parts = row.items?.length ? row.items : [row];
  return [{ instanceKey, from: day * dayMs, to: (day + 1) * dayMs, amount: sumUsd(parts.map(({ amount }) => usd(amount))) }];
}
