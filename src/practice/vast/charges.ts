// What has been charged, by instance. Vast's report trails the meter, counts
// in whole UTC days, and rounds every item to a tenth of a cent.
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import type { Bill, Ledger } from '../ledger.ts';
import { invalidRequest, isRecord } from './answers.ts';
import type { VastMarket } from './market.ts';
import { describeContract, reportPage, selectFilters } from './reports.ts';
import { billOf } from './volumes.ts';

const lagMs = 10 * 60_000;
const dayMs = 86_400_000;

/** Some clients send days since the epoch where the documentation has seconds. */
const toMs = (value: unknown) => (Number(value) < 1e6 ? Number(value) * dayMs : Number(value) * 1000);

const threeDecimals = (micros: number) => Math.round(micros / 1000) / 1000;

interface Item {
  readonly start: number;
  readonly end: number;
  readonly type: string;
  readonly source: null;
  readonly description: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, never>>;
  readonly items: readonly never[];
}

const item = (type: string, start: number, end: number, description: string, micros: number): Item => ({
  start: start / 1000,
  end: end / 1000,
  type,
  source: null,
  description,
  amount: threeDecimals(micros),
  metadata: {},
  items: [],
});

/** One item for all the hours of a kind. */
function hourly(ledger: Ledger, bill: Bill, kind: 'gpu' | 'disk', from: number, to: number): Item[] {
  const held = bill.stretches
    .filter((stretch) => stretch.kind === kind)
    .map((stretch) => ({
      start: Math.max(stretch.from, from),
      end: Math.min(stretch.to ?? to, to),
      perHour: Number(stretch.nanoUsdPerHour) / 1e9,
    }))
    .filter(({ start, end }) => end > start);
  const [first] = held;
  const last = held.at(-1);
  if (first === undefined || last === undefined) return [];
  const hours = held.reduce((sum, { start, end }) => sum + (end - start) / 3_600_000, 0);
  return [
    item(
      kind,
      first.start,
      last.end,
      `${hours.toFixed(3)} hours at $${last.perHour.toFixed(3)}/hour`,
      ledger.amountMicros(bill, from, to, kind),
    ),
  ];
}

/** One item for all the traffic in a direction. */
function traffic(ledger: Ledger, bill: Bill, kind: 'traffic-in' | 'traffic-out', from: number, to: number): Item[] {
  const held = bill.oneOffs.filter((once) => once.kind === kind && once.at >= from && once.at < to);
  const [first] = held;
  const last = held.at(-1);
  if (first === undefined || last === undefined) return [];
  const description = held.length === 1 ? first.description : `${held.length} times ${kind === 'traffic-in' ? 'download' : 'upload'}`;
  return [item(kind === 'traffic-in' ? 'bwd' : 'bwu', first.at, last.at, description, ledger.amountMicros(bill, from, to, kind))];
}

function report(market: VastMarket, bill: Bill, from: number, to: number) {
  const { ledger } = market.world;
  const items = [
    ...hourly(ledger, bill, 'gpu', from, to),
    ...hourly(ledger, bill, 'disk', from, to),
    ...traffic(ledger, bill, 'traffic-in', from, to),
    ...traffic(ledger, bill, 'traffic-out', from, to),
  ];
  if (items.length === 0) return null;
  return {
    start: Math.min(...items.map(({ start }) => start)),
    end: Math.max(...items.map(({ end }) => end)),
    amount: threeDecimals(items.reduce((sum, { amount }) => sum + amount * 1e6, 0)),
    items,
  };
}

function readRange(given: unknown): { from: number; to: number } | null {
  if (!isRecord(given) || given['gte'] === undefined || given['lte'] === undefined) return null;
  const [low, high] = [toMs(given['gte']), toMs(given['lte'])];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return null;
  return { from: Math.floor(low / dayMs) * dayMs, to: (Math.floor(high / dayMs) + 1) * dayMs };
}

function charges(market: VastMarket, call: HttpCall): HttpAnswer {
  const filters = selectFilters(call);
  if (filters === null) return invalidRequest('select_filters must be a JSON object');
  const range = readRange(filters['day']);
  if (range === null) return invalidRequest('both bounds of day are required');
  const types = isRecord(filters['type']) && Array.isArray(filters['type']['in']) ? filters['type']['in'] : null;
  const now = market.world.agenda.settle();
  const to = Math.min(range.to, now - lagMs);

  const asked = (type: string) => types === null || types.length === 0 || types.includes(type);
  const rows = [...(asked('instance') ? rowsOf(market, range.from, to) : []), ...(asked('volume') ? volumeRowsOf(market, range.from, to) : [])];
  if (call.query.get('latest_first') === 'true') rows.reverse();
  return reportPage(rows, call);
}

function rowsOf(market: VastMarket, from: number, to: number) {
  const rows = [];
  for (const contract of market.contracts.values()) {
    const bill = market.world.ledger.bill('vast', String(contract.id));
    const found = bill === undefined ? null : report(market, bill, from, to);
    if (found === null) continue;
    rows.push({
      ...found,
      type: 'instance',
      source: `instance-${contract.id}`,
      description: describeContract(contract),
      metadata: { label: contract.rental.label, template_id: contract.request.template?.id ?? null },
    });
  }
  return rows;
}

function volumeRowsOf(market: VastMarket, from: number, to: number) {
  return [...market.volumes.values()].flatMap((volume) => {
    const bill = market.world.ledger.bill('vast', billOf(volume));
    const found = bill === undefined ? null : report(market, bill, from, to);
    if (found === null) return [];
    const description = `Volume ${volume.id}: ${volume.sizeGb} GB`;
    return [{ ...found, type: 'volume', source: `volume-${volume.id}`, description, metadata: { label: volume.name } }];
  });
}

export function chargeRoutes(market: VastMarket): Route[] {
  return [{ method: 'GET', path: '/api/v0/charges/', handle: (call) => charges(market, call) }];
}
