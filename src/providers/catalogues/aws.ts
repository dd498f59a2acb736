/**
 * AWS through dstack's catalogue, made anew every few hours from the official price list, with spot prices of the
 * cheapest zone. The official list has no spot price, and hundreds of megabytes.
 */
import * as z from 'zod/mini';
import type { CataloguePage, CloudQuote, Wanted } from '../../domain/cloudPrice.ts';
import { RentError } from '../../domain/errors.ts';
import type { Call, Http } from '../../domain/http.ts';
import { csvRows } from './csvRows.ts';
import { amount, isWanted, optionalAmount, whole, type Read } from './quotes.ts';
import { fileInZip } from './zip.ts';

export const dstackOrigin = 'https://dstack-gpu-pricing.s3.eu-west-1.amazonaws.com';

/** The table of AWS has some tens of thousands of lines of about a hundred characters. */
const mostBytes = 64 * 1024 * 1024;
const timeoutMs = 60_000;
const common = { method: 'GET', key: 'none', pace: { name: 'catalogue' }, retry: 'safe', timeoutMs } as const;
/** `20260819-4711`: the day, and the number of the run that made it. */
const issue = /^(\d{4})(\d\d)(\d\d)-\d{1,12}$/;

export const issueCall: Call<string> = {
  ...common, path: '/v3/aws/version',
  read: (answer) => {
    const name = whole(answer).trim();
    if (!issue.test(name)) throw new RentError('badResponse', { detail: 'the catalogue has no issue' });
    return name;
  },
};

export const tableCall = (name: string): Call<Buffer> => ({
  ...common, path: `/v3/aws/${name}/catalog.zip`, bytes: true, accept: '*/*',
  read: (answer) => fileInZip(Buffer.from(whole(answer), 'latin1'), 'aws.csv', mostBytes),
});

const line = z.object({
  instance_name: z.string(), location: z.string(), price: amount, cpu: optionalAmount, memory: optionalAmount, spot: z.enum(['True', 'False', 'true', 'false']),
});

export function readAws(text: string, wanted: Wanted): Read {
  const [ours, names] = [isWanted(wanted), new Set(wanted.instances)];
  const quotes: CloudQuote[] = [];
  let dropped = 0;
  for (const row of csvRows(text, { needed: ['instance_name', 'location', 'price', 'spot'], wanted: ['cpu', 'memory'], only: (name) => names.has(name) })) {
    if (!ours(row['instance_name'], row['location'])) continue;
    const { success, data } = line.safeParse(row);
    if (!success) {
      dropped++;
      continue;
    }
    const { instance_name: instance, location: region, price, cpu, memory, spot } = data;
    quotes.push({
      instance, region, kind: /true/i.test(spot) ? 'spot' : 'on-demand', usdPerHour: price,
      ...(cpu === undefined ? {} : { vcpus: cpu }), ...(memory === undefined ? {} : { ramGb: memory }),
    });
  }
  return { quotes, dropped };
}

export async function awsPage(http: Http, wanted: Wanted, signal?: AbortSignal): Promise<CataloguePage> {
  const name = await http.send(issueCall, signal);
  const table = await http.send(tableCall(name), signal);
  const [, year, month, day] = issue.exec(name) ?? [];
  return { ...readAws(table.toString('utf8'), wanted), source: `dstack ${name}`, at: Date.UTC(Number(year), Number(month) - 1, Number(day)) };
}
