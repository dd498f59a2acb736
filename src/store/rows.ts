import type { InstanceId, SeenInstance } from '../domain/instance.ts';
import type { Launch, LaunchState, Quote } from '../domain/launch.ts';
import type { Usd, UsdPerHour } from '../domain/money.ts';
import type { OfferId, ProviderId } from '../domain/offer.ts';
import type { Absence, Errand, Hearing, Interval, SettledCharge, Sighting } from '../domain/store.ts';
import type { SQLOutputValue } from 'node:sqlite';

/** Rows come only from our own file, whose schema is strict; the casts restore what SQL cannot say. */
export type Row = Record<string, SQLOutputValue>;

export function toLaunch(row: Row): Launch {
  return {
    id: String(row['id']),
    provider: String(row['provider']) as ProviderId,
    offerId: String(row['offer_id']) as OfferId,
    state: String(row['state']) as LaunchState,
    ...(row['instance_id'] === null ? {} : { instanceId: String(row['instance_id']) as InstanceId }),
    ...(row['ready_at'] === null ? {} : { readyAt: Number(row['ready_at']) }),
    quote: JSON.parse(String(row['quote'])) as Quote,
    createdAt: Number(row['created_at']),
    changedAt: Number(row['changed_at']),
  };
}

export const toInterval = (row: Row): Interval => ({
  instanceId: String(row['instance_id']) as InstanceId,
  from: Number(row['start_ms']),
  to: Number(row['end_ms']),
  rate: Number(row['rate_micro']) as UsdPerHour,
});

export const toSettled = (row: Row): SettledCharge => ({
  instanceId: String(row['instance_id']) as InstanceId,
  from: Number(row['start_ms']),
  to: Number(row['end_ms']),
  amount: Number(row['amount_micro']) as Usd,
});

export const toSighting = (row: Row): Sighting => ({
  seen: JSON.parse(String(row['seen'])) as SeenInstance,
  at: Number(row['at_ms']),
});

export const toAbsence = (row: Row): Absence => ({
  looks: Number(row['looks']),
  since: Number(row['since_ms']),
  last: Number(row['last_ms']),
});

export const toHearing = (row: Row): Hearing => ({
  provider: String(row['provider']) as ProviderId,
  at: Number(row['heard_ms']),
  ...(row['problem'] === null ? {} : { problem: String(row['problem']) }),
});

export const toErrand = (row: Row): Errand => ({
  instanceId: String(row['instance_id']) as InstanceId,
  wish: row['wish'] === 'stop' ? 'stop' : 'end',
});
