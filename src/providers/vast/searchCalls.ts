/** Searching needs no key. Vast allows ten searches a minute and address, whatever they are for. */
import type { Call, Pace } from '../../domain/http.ts';
import type { Offer } from '../../domain/offer.ts';
import { parseWith, problems, readAs } from '../http/read.ts';
import { askIdOf, offerOf, type Reading } from './offers.ts';
import type { Page } from './paging.ts';
import { accepted } from './problems.ts';
import type { Query } from './query.ts';
import { gpuNameList, offerPage, offerRow, resourceType, type OfferRow } from './schemas/offer.ts';

export interface OfferRead extends Page {
  /** By Vast's id; rentable ones only. */
  readonly offers: ReadonlyMap<number, Offer>;
  readonly dropped: number;
  /** What was wrong with the first row that was dropped. */
  readonly problem?: string;
}

/** A little over a minute: calls can arrive closer together than they left. */
const windowMs = 61_000;
const window = { name: 'vast.search', perMs: windowMs, maxWaitMs: windowMs };

/** What is asked for first must not find the minute used up by what was asked for last. */
export const searchPaces = {
  /** Goes on with a list that is on the screen already: better given up than waited for. */
  furtherPage: { ...window, burst: 6, maxWaitMs: 0 },
  firstPage: { ...window, burst: 9 },
  /** Somebody is about to rent it. */
  oneOffer: { ...window, burst: 10 },
} as const satisfies Record<string, Pace>;

export const searchOffers = (query: Query, pace: Pace, about: Omit<Reading, 'at'>): Call<OfferRead> => ({
  method: 'POST',
  path: '/api/v0/bundles/',
  body: query,
  key: 'none',
  pace,
  retry: 'safe',
  read: (answer) => readOffers(parseWith(offerPage, accepted(answer)).offers, { ...about, at: answer.at }),
});

export function readOffers(rows: readonly unknown[], reading: Reading): OfferRead {
  const offers = new Map<number, Offer>();
  const priced: Page['rows'][number][] = [];
  const wrong: string[] = [];
  for (const raw of rows.filter(isGpu)) {
    const { data: row, error } = offerRow.safeParse(raw);
    const offer = row && offerOf(row, reading);
    const id = row && askIdOf(row);
    if (row === undefined || offer === undefined || id === undefined) {
      wrong.push(error ? problems(error) : 'no id or no price');
      continue;
    }
    priced.push({ id, price: row.dph_total ?? row.dph_base });
    if (isRentable(row, reading)) offers.set(id, offer);
  }
  const [problem] = wrong;
  return { length: rows.length, rows: priced, offers, dropped: wrong.length, ...(problem === undefined ? {} : { problem }) };
}

/** Bare disks come as rows too. */
const isGpu = (row: unknown): boolean => (resourceType.safeParse(row).data?.resource_type ?? 'gpu') === 'gpu';

const isRentable = (row: OfferRow, { diskGb }: Reading): boolean => row.rentable !== false && (row.disk_space ?? Infinity) >= diskGb;

/** Vast's names of the GPUs it has. */
export const readGpuNames = (): Call<readonly string[]> => ({
  method: 'GET',
  path: '/api/v0/gpu_names/unique/',
  key: 'none',
  pace: { name: 'vast.gpuNames' },
  retry: 'never',
  timeoutMs: 10_000,
  read: (answer) => readAs(gpuNameList, answer).gpu_names,
});
