/**
 * How long the explorer takes with ten thousand offers, the list prices of the large clouds among them: to load them, to
 * sort, to find and to filter, and whether it stutters when it is scrolled. The page runs in a real browser; its times
 * are from what a person does to the picture. Each is done several times and the median counts. `limitMs` is what each
 * may take; `frame`, measured in the same run, is what one takes in which nothing is done: no page can be faster.
 */
import { loadavg } from 'node:os';
import { offerMatcher, type OfferFilter } from '../../../src/domain/filter.ts';
import { listPrices } from '../../../src/estimate/catalogue/prices.ts';
import { listedOffers } from '../../../src/ui/explorer/listedOffers.ts';
import { median } from '../sync/figures.ts';
import { ExtensionSide } from './extensionSide.ts';
import { manyOffers } from './offers.ts';
import { openRealPage, type RealPage, type Took } from './realPage.ts';

const narrow: OfferFilter = { diskGb: 40, minVramGb: 24, minReliability: 0.98 };
const columns = ['reliability', 'gpu', 'location', 'allInUsdPerHour'] as const;
const finds = ['norway', '4090 vast', 'xyz', ''] as const;
const limitMs = 100;
const scrolledFrames = 60;

export async function explorerFigures(count: number, rounds: number, tell: (what: string) => void) {
  const listed = listedOffers(listPrices);
  const offers = manyOffers(count - listed.length);
  const rows = [...offers, ...listed];
  const side = new ExtensionSide(offers);
  tell('the explorer');
  // The first round warms caches and compilers, as the tree of offers has by the time anybody explores.
  await side.load();
  await using page = await openRealPage();
  const about = { offers: count, providers: new Set(rows.map(({ provider }) => provider)).size, limitMs, loadAverage: loadAverage() };
  if (page === undefined) return { ...about, browser: false, load: medians((await repeated(rounds, () => side.load())).map(({ took }) => took)) };
  const load = await loading(side, page, rounds, undefined, count);
  const sort = medians((await repeated(rounds, () => each(columns, page.sort))).flat());
  const find = medians((await repeated(rounds, () => each(finds, page.search))).flat());
  const filter = await loading(side, page, rounds, narrow, rows.filter(offerMatcher(narrow)).length);
  await page.receive(await side.load());
  const scrolled = medians(await repeated(rounds, () => page.scroll(scrolledFrames)));
  return {
    ...about, browser: true, frame: medians(await repeated(rounds, page.nothing)), load, sort, find, filter,
    scroll: { longestFrameMs: scrolled.ms, cpuMsPerFrame: Math.round((scrolled.cpuMs / scrolledFrames) * 10) / 10 },
  };
}

/** In the extension, in the page, and both together; what is shown in the end has to be right. */
async function loading(side: ExtensionSide, page: RealPage, rounds: number, filter: OfferFilter | undefined, expected: number) {
  const took = await repeated(rounds, async () => {
    // From all to what is asked for, so that every round has the same to do.
    if (filter !== undefined) await page.receive(await side.load());
    const sent = await side.load(filter);
    const shown = await page.receive(sent);
    const rows = await page.rows();
    if (rows !== expected) throw new Error(`${rows} rows are shown, and ${expected} should be`);
    return { extension: sent.took, page: shown, both: { ms: sent.took.ms + shown.ms, cpuMs: sent.took.cpuMs + shown.cpuMs } };
  });
  return { extension: medians(took.map((one) => one.extension)), page: medians(took.map((one) => one.page)), ...medians(took.map(({ both }) => both)) };
}

const medians = (all: readonly Took[]): Took => ({ ms: tenths(median(all.map(({ ms }) => ms))), cpuMs: tenths(median(all.map(({ cpuMs }) => cpuMs))) });
const tenths = (ms: number): number => Math.round(ms * 10) / 10;

async function repeated<T>(rounds: number, act: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let round = 0; round < rounds; round++) all.push(await act());
  return all;
}

const each = async <T>(what: readonly T[], act: (one: T) => Promise<Took>): Promise<Took[]> => {
  const all: Took[] = [];
  for (const one of what) all.push(await act(one));
  return all;
};

/** Whoever reads the figures should know what else the machine did: with more than its cores, only `cpuMs` tells anything. */
const loadAverage = (): number => tenths(loadavg()[0] ?? 0);
