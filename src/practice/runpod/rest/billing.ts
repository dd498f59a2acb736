// GET /v2/billing…: what was charged, by time bucket. The figures trail the
// truth by an hour of market time, as the live service's do.
import type { Bill, ChargeKind } from '../../ledger.ts';
import { Refusal } from '../problems.ts';
import type { Runpod } from '../runpod.ts';
import { bucketAt, bucketsBetween, lastBuckets, type Bucket, type BucketSize } from './buckets.ts';
import type { View } from './gpuCatalog.ts';
import type { Parameters } from './query.ts';

const trailMs = 3_600_000;
const defaultPeriodMs = 30 * 24 * 3_600_000;
// RunPod opened in 2022; no bucket can lie before.
const companyStart = Date.UTC(2022, 0);

interface Window {
  readonly bucketSize: BucketSize;
  readonly buckets: readonly Bucket[];
}

function windowOf({ world }: Runpod, query: Parameters): Window {
  const now = world.agenda.now();
  const bucketSize = query.oneOf('bucketSize', 'hour', 'day', 'week', 'month', 'year') ?? 'day';
  const lastN = query.integer('lastN', 1);
  const start = query.time('startTime');
  const end = query.time('endTime');
  if (lastN !== undefined) {
    if (start !== undefined || end !== undefined) throw new Refusal(400, 'lastN is mutually exclusive with startTime/endTime');
    return { bucketSize, buckets: lastBuckets(lastN, now, bucketSize, companyStart) };
  }
  const to = end ?? now;
  const from = start ?? to - defaultPeriodMs;
  if (from >= to) throw new Refusal(400, 'startTime must be before endTime');
  const first = Math.max(from, Math.min(companyStart, to - 1));
  return { bucketSize, buckets: bucketsBetween(first, Math.min(to, bucketAt(Math.max(now, first), bucketSize).to), bucketSize) };
}

/** Micro-dollars of one bill in one bucket, as far as billing has caught up. */
function charged({ world }: Runpod, bill: Bill, bucket: Bucket, kind: ChargeKind): number {
  const until = Math.min(bucket.to, world.agenda.now() - trailMs);
  return until <= bucket.from ? 0 : world.ledger.amountMicros(bill, bucket.from, until, kind);
}

interface Amounts {
  readonly [name: string]: number;
}

function podAmounts(runpod: Runpod, bill: Bill, bucket: Bucket): Amounts {
  const gpuAmount = charged(runpod, bill, bucket, 'gpu');
  const cpuAmount = charged(runpod, bill, bucket, 'cpu');
  const diskAmount = charged(runpod, bill, bucket, 'disk');
  return { totalAmount: gpuAmount + cpuAmount + diskAmount, gpuAmount, cpuAmount, diskAmount };
}

function volumeAmounts(runpod: Runpod, bill: Bill, bucket: Bucket): Amounts {
  const totalAmount = charged(runpod, bill, bucket, 'disk');
  const fast = runpod.account.volumes.get(bill.id)?.type === 'HIGH_PERFORMANCE';
  return { totalAmount, standardAmount: fast ? 0 : totalAmount, highPerformanceAmount: fast ? totalAmount : 0 };
}

function total(rows: readonly Amounts[], names: readonly string[]): Amounts {
  return Object.fromEntries(names.map((name) => [name, rows.reduce((sum, row) => sum + (row[name] ?? 0), 0)]));
}

function usd(amounts: Amounts): Amounts {
  return Object.fromEntries(Object.entries(amounts).map(([name, micros]) => [name, micros / 1e6]));
}

const span = (bucket: Bucket) => ({ startTime: new Date(bucket.from).toISOString(), endTime: new Date(bucket.to).toISOString() });

function queryView({ bucketSize, buckets }: Window): View {
  const [first] = buckets;
  const last = buckets.at(-1);
  return { ...span({ from: first?.from ?? 0, to: last?.to ?? 0 }), bucketSize };
}

const isVolume = (runpod: Runpod, bill: Bill) => runpod.account.volumes.has(bill.id);
const isEndpoint = (runpod: Runpod, bill: Bill) => runpod.endpoints.has(bill.id);
const isPod = (runpod: Runpod, bill: Bill) => !isVolume(runpod, bill) && !isEndpoint(runpod, bill);

/** One record per resource and bucket in which something was charged. */
function detail(window: Window, bills: readonly Bill[], idName: string, amounts: (bill: Bill, bucket: Bucket) => Amounts) {
  return window.buckets.flatMap((bucket) =>
    bills.flatMap((bill) => {
      const row = amounts(bill, bucket);
      return row['totalAmount'] === 0 ? [] : [{ id: bill.id, row, view: { ...span(bucket), [idName]: bill.id, ...usd(row) } }];
    }),
  );
}

export function podBilling(runpod: Runpod, query: Parameters): View {
  const window = windowOf(runpod, query);
  const podId = query.text('podId');
  const bills = runpod.world.ledger.bills('runpod').filter((bill) => isPod(runpod, bill) && (podId === undefined || bill.id === podId));
  const records = detail(window, bills, 'podId', (bill, bucket) => podAmounts(runpod, bill, bucket));
  return {
    records: records.map((record) => record.view),
    metadata: {
      query: { ...queryView(window), podId: podId ?? null },
      recordCount: records.length,
      uniquePodCount: new Set(records.map((record) => record.id)).size,
      totals: usd(total(records.map((record) => record.row), ['totalAmount', 'gpuAmount', 'cpuAmount', 'diskAmount'])),
    },
  };
}

export function volumeBilling(runpod: Runpod, query: Parameters): View {
  const window = windowOf(runpod, query);
  const networkVolumeId = query.text('networkVolumeId');
  const bills = runpod.world.ledger.bills('runpod').filter((bill) => isVolume(runpod, bill) && (networkVolumeId === undefined || bill.id === networkVolumeId));
  const records = detail(window, bills, 'networkVolumeId', (bill, bucket) => volumeAmounts(runpod, bill, bucket));
  return {
    records: records.map((record) => record.view),
    metadata: {
      query: { ...queryView(window), networkVolumeId: networkVolumeId ?? null },
      recordCount: records.length,
      uniqueNetworkVolumeCount: new Set(records.map((record) => record.id)).size,
      totals: usd(total(records.map((record) => record.row), ['totalAmount', 'standardAmount', 'highPerformanceAmount'])),
    },
  };
}

const endpointNames = ['totalAmount', 'gpuAmount', 'cpuAmount', 'diskAmount', 'feeAmount'] as const;

function endpointAmounts(runpod: Runpod, bill: Bill, bucket: Bucket): Amounts {
  const gpuAmount = charged(runpod, bill, bucket, 'gpu');
  return { totalAmount: gpuAmount, gpuAmount, cpuAmount: 0, diskAmount: 0, feeAmount: 0 };
}

export function endpointBilling(runpod: Runpod, query: Parameters): View {
  const window = windowOf(runpod, query);
  const serverlessId = query.text('serverlessId');
  const bills = runpod.world.ledger.bills('runpod').filter((bill) => isEndpoint(runpod, bill) && (serverlessId === undefined || bill.id === serverlessId));
  const records = detail(window, bills, 'serverlessId', (bill, bucket) => endpointAmounts(runpod, bill, bucket));
  return {
    records: records.map((record) => record.view),
    metadata: {
      query: { ...queryView(window), serverlessId: serverlessId ?? null },
      recordCount: records.length,
      uniqueServerlessCount: new Set(records.map((record) => record.id)).size,
      totals: usd(total(records.map((record) => record.row), endpointNames)),
    },
  };
}

const aggregateNames = [
  'totalAmount', 'podGpuAmount', 'podCpuAmount', 'podDiskAmount', 'serverlessGpuAmount', 'serverlessCpuAmount', 'serverlessDiskAmount',
  'serverlessFeeAmount', 'storageStandardAmount', 'storageHighPerformanceAmount', 'endpointAmount', 'clusterGpuAmount', 'clusterDiskAmount', 'clusterNetworkingAmount',
] as const;

export function allBilling(runpod: Runpod, query: Parameters): View {
  const window = windowOf(runpod, query);
  const bills = runpod.world.ledger.bills('runpod');
  const rows = window.buckets.map((bucket) => {
    const pods = total(bills.filter((bill) => isPod(runpod, bill)).map((bill) => podAmounts(runpod, bill, bucket)), ['totalAmount', 'gpuAmount', 'cpuAmount', 'diskAmount']);
    const volumes = total(bills.filter((bill) => isVolume(runpod, bill)).map((bill) => volumeAmounts(runpod, bill, bucket)), ['totalAmount', 'standardAmount', 'highPerformanceAmount']);
    const endpoints = total(bills.filter((bill) => isEndpoint(runpod, bill)).map((bill) => endpointAmounts(runpod, bill, bucket)), endpointNames);
    const known: Amounts = {
      totalAmount: (pods['totalAmount'] ?? 0) + (endpoints['totalAmount'] ?? 0) + (volumes['totalAmount'] ?? 0),
      podGpuAmount: pods['gpuAmount'] ?? 0,
      podCpuAmount: pods['cpuAmount'] ?? 0,
      podDiskAmount: pods['diskAmount'] ?? 0,
      serverlessGpuAmount: endpoints['gpuAmount'] ?? 0,
      storageStandardAmount: volumes['standardAmount'] ?? 0,
      storageHighPerformanceAmount: volumes['highPerformanceAmount'] ?? 0,
    };
    return { bucket, row: total([known], aggregateNames) };
  });
  const records = rows.filter(({ row }) => row['totalAmount'] !== 0);
  return {
    records: records.map(({ bucket, row }) => ({ ...span(bucket), ...usd(row) })),
    metadata: { query: queryView(window), recordCount: records.length, totals: usd(total(records.map(({ row }) => row), aggregateNames)) },
  };
}
