/** Azure's own retail prices, which it tells to anybody, page by page. */
import * as z from 'zod/mini';
import type { CataloguePage, CloudQuote, Wanted } from '../../domain/cloudPrice.ts';
import { RentError } from '../../domain/errors.ts';
import type { Answer, Call, Http } from '../../domain/http.ts';
import { parseWith, tryJson } from '../http/read.ts';
import { isWanted, whole, type Read } from './quotes.ts';

export const azureOrigin = 'https://prices.azure.com';

const timeoutMs = 30_000;
/** The fullest pages that were seen; such a one without a link to the next has been seen as well. */
const fullPages: readonly number[] = [100, 1000];
/** Three regions of fifteen machines are a few hundred lines. */
const mostPages = 40;

const page = z.object({ Items: z.array(z.unknown()), NextPageLink: z.optional(z.nullable(z.string())) });

const item = z.object({
  currencyCode: z.string(), unitOfMeasure: z.string(), type: z.string(), retailPrice: z.number(),
  armSkuName: z.string(), armRegionName: z.string(), productName: z.string(), skuName: z.string(), meterName: z.string(),
});

interface Page extends Read {
  /** Where the next begins; undefined after the last. */
  readonly next?: number;
  readonly at: number;
}

export const pageCall = (wanted: Wanted, skip: number): Call<Page> => ({
  method: 'GET', key: 'none', pace: { name: 'azure', gapMs: 200 }, retry: 'safe', timeoutMs,
  path: '/api/retail/prices',
  query: { 'api-version': '2023-01-01-preview', $filter: filterOf(wanted), ...(skip === 0 ? {} : { $skip: String(skip) }) },
  read: (answer) => readPage(answer, wanted, skip),
});

/** Values tell capitals from small letters. */
function filterOf({ instances, regions }: Wanted): string {
  const any = (field: string, values: readonly string[]): string => `(${values.map((value) => `${field} eq '${value.replaceAll("'", "''")}'`).join(' or ')})`;
  return ["serviceName eq 'Virtual Machines'", "priceType eq 'Consumption'", any('armRegionName', regions), any('armSkuName', instances)].join(' and ');
}

function readPage(answer: Answer, wanted: Wanted, skip: number): Page {
  const { Items, NextPageLink } = parseWith(page, tryJson(whole(answer)));
  const next = NextPageLink ? skipIn(NextPageLink) : fullPages.includes(Items.length) ? skip + Items.length : undefined;
  if (next !== undefined && next <= skip) throw new RentError('badResponse', { detail: 'the pages lead back' });
  return { ...readItems(Items, wanted), at: answer.at, ...(next === undefined ? {} : { next }) };
}

/** Of the link only its place is used, so that nobody is led elsewhere. */
function skipIn(link: string): number {
  const skip = URL.canParse(link) ? new URL(link).searchParams.get('$skip') : null;
  if (skip === null || !/^\d{1,7}$/.test(skip)) throw new RentError('badResponse', { detail: 'the next page has no place' });
  return Number(skip);
}

function readItems(items: readonly unknown[], wanted: Wanted): Read {
  const ours = isWanted(wanted);
  const quotes: CloudQuote[] = [];
  let dropped = 0;
  for (const one of items) {
    const { success, data } = item.safeParse(one);
    if (!success) {
      dropped++;
      continue;
    }
    const { armSkuName: instance, armRegionName: region, retailPrice } = data;
    if (!ours(instance, region) || isOther(data)) continue;
    if (data.unitOfMeasure !== '1 Hour' || data.currencyCode !== 'USD') {
      dropped++;
      continue;
    }
    quotes.push({ instance, region, kind: data.skuName.endsWith(' Spot') || data.meterName.endsWith(' Spot') ? 'spot' : 'on-demand', usdPerHour: retailPrice });
  }
  return { quotes, dropped };
}

/** The same machine with Windows, of the retired low-priority kind, for test subscriptions or inside another service. */
const isOther = ({ type, productName, skuName, meterName }: z.infer<typeof item>): boolean =>
  type !== 'Consumption' || / Win(dows)?$/.test(productName) || /Low Priority/.test(`${skuName} ${meterName}`) || /Cloud ?Services/.test(productName);

export async function azurePage(http: Http, wanted: Wanted, signal?: AbortSignal): Promise<CataloguePage> {
  const quotes: CloudQuote[] = [];
  let [dropped, at, skip] = [0, 0, 0 as number | undefined];
  for (let pages = 0; skip !== undefined; pages++) {
    if (pages === mostPages) throw new RentError('badResponse', { detail: 'the list does not end' });
    const read: Page = await http.send(pageCall(wanted, skip), signal);
    quotes.push(...read.quotes);
    dropped += read.dropped;
    ({ at } = read);
    skip = read.next;
  }
  return { quotes, dropped, source: 'Azure Retail Prices', at };
}
