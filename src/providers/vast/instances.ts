/** A row of Vast's instances as we see it. */
import { gpuName, nominalVramGb } from '../../domain/gpu.ts';
import { usdPerHour, zeroRate, type UsdPerHour } from '../../domain/money.ts';
import type { Rates, SeenInstance } from '../../domain/instance.ts';
import { plainText } from '../http/plainText.ts';
import { strike } from '../http/redact.ts';
import { compact } from './compact.ts';
import { endpointsOf } from './endpoints.ts';
import { placeOf } from './place.ts';
import { bidAtLeast, diskRate } from './prices.ts';
import { instanceRow, type InstanceRow } from './schemas/instance.ts';
import { stateOf } from './state.ts';

/** Undefined for a row that does not say which machine it is or what it costs. */
export function readInstance(raw: unknown): SeenInstance | undefined {
  const row = instanceRow.safeParse(raw).data;
  const rates = row && ratesOf(row);
  return row && rates && seen(row, rates);
}

function seen(row: InstanceRow, rates: Rates): SeenInstance {
  const isBid = row.is_bid === true;
  const statusText = plainText(strike(row.status_msg ?? ''), 300);
  const { actual_status: actual, intended_status: intended, cur_state: cur, next_state: next } = row;
  const state = stateOf({ actual, intended, cur, next, message: statusText, isBid });
  const alive = state.state === 'starting' || state.state === 'ready' || state.state === 'unknown';
  const endpoints = alive ? endpointsOf(row) : [];
  return {
    id: `vast:${row.id}`,
    provider: 'vast',
    key: String(row.id),
    label: plainText(row.label ?? '', 256),
    gpu: gpuName(plainText(row.gpu_name ?? '', 60)),
    gpuCount: row.num_gpus ?? 1,
    vramGb: nominalVramGb(row.gpu_ram ?? 0),
    place: placeOf(row.geolocation).place,
    kind: isBid ? 'interruptible' : 'on-demand',
    diskGb: row.disk_space ?? 0,
    // Running, and nobody can reach it yet.
    ...(state.state === 'ready' && endpoints.length === 0 ? { state: 'starting', stage: 'waitingForSsh', outbid: false } : state),
    rates,
    ...compact({ floor: isBid && row.min_bid !== undefined ? bidAtLeast(row.min_bid) : undefined }),
    endpoints,
    ...compact({
      createdAt: row.start_date === undefined ? undefined : Math.round(row.start_date * 1000),
      image: plainText(row.image_uuid ?? '', 256) || undefined,
    }),
    statusText,
  };
}

/** `dph_total` stays at the full rate while an instance is stopped; then only its disk is charged. */
function ratesOf(row: InstanceRow): Rates | undefined {
  const stopped = row.storage_total_cost === undefined ? diskRate(row, row.disk_space ?? 0) : usdPerHour(row.storage_total_cost);
  const running = fullRate(row, stopped);
  return running === undefined ? undefined : { running, failed: stopped ?? zeroRate, stopped: stopped ?? zeroRate };
}

function fullRate(row: InstanceRow, disk: UsdPerHour | undefined): UsdPerHour | undefined {
  // A discount is real only where it was paid for in advance; elsewhere the column advertises one.
  if (row.discounted_dph_total !== undefined && row.discounted_dph_total > 0 && (row.credit_balance ?? 0) > 0) return usdPerHour(row.discounted_dph_total);
  if (row.dph_total !== undefined) return usdPerHour(row.dph_total);
  return row.dph_base === undefined || disk === undefined ? undefined : ((usdPerHour(row.dph_base) + disk) as UsdPerHour);
}
