/**
 * Google Cloud through gcloud-compute.com, which adds up the prices of CPU, memory and GPU: Google's own list has them
 * apart, and needs a key. dstack's table of Google was seen at half of the official price, so it is not used.
 */
import * as z from 'zod/mini';
import type { CataloguePage, CloudQuote, Wanted } from '../../domain/cloudPrice.ts';
import type { Call, Http } from '../../domain/http.ts';
import { csvRows } from './csvRows.ts';
import { amount, isWanted, optionalAmount, whole, type Read } from './quotes.ts';

export const gcpOrigin = 'https://gcloud-compute.com';

/** All machine types in all regions: some ten thousand lines of about seventy cells. */
const timeoutMs = 90_000;

const line = z.object({ name: z.string(), region: z.string(), hour: amount, hourSpot: optionalAmount, vCpus: optionalAmount, memoryGB: optionalAmount, memoryGiB: optionalAmount });

export function readGcp(text: string, wanted: Wanted): Read {
  const [ours, names] = [isWanted(wanted), new Set(wanted.instances)];
  const quotes: CloudQuote[] = [];
  let dropped = 0;
  for (const row of csvRows(text, { needed: ['name', 'region', 'hour', 'hourSpot'], wanted: ['vCpus', 'memoryGB', 'memoryGiB'], only: (name) => names.has(name) })) {
    if (!ours(row['name'], row['region'])) continue;
    const { success, data } = line.safeParse(row);
    if (!success) {
      dropped++;
      continue;
    }
    const { name: instance, region, hour, hourSpot, vCpus, memoryGB, memoryGiB } = data;
    const ramGb = memoryGB ?? memoryGiB;
    const facts = { instance, region, ...(vCpus === undefined ? {} : { vcpus: vCpus }), ...(ramGb === undefined ? {} : { ramGb }) };
    quotes.push({ ...facts, kind: 'on-demand', usdPerHour: hour }, ...(hourSpot === undefined ? [] : [{ ...facts, kind: 'spot' as const, usdPerHour: hourSpot }]));
  }
  return { quotes, dropped };
}

export const gcpCall = (wanted: Wanted): Call<CataloguePage> => ({
  method: 'GET', key: 'none', pace: { name: 'gcp' }, retry: 'safe', timeoutMs, path: '/machine-types-regions.csv', accept: 'text/csv',
  read: (answer) => ({ ...readGcp(whole(answer), wanted), source: 'gcloud-compute.com', at: lastChange(answer.headers['last-modified']) ?? answer.at }),
});

/** The day that the table was made, where the server says so. */
function lastChange(header: string | undefined): number | undefined {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? undefined : time;
}

export const gcpPage = (http: Http, wanted: Wanted, signal?: AbortSignal): Promise<CataloguePage> => http.send(gcpCall(wanted), signal);
