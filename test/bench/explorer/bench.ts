/**
 * How long the explorer takes with ten thousand offers: to load them, to sort, to find and to filter, and whether it
 * stutters when it is scrolled. The page runs in a real browser; its times are from what a person does to the picture.
 * Each is done several times and the median counts. `limitMs` is what each may take; `frameMs`, measured in the same
 * run, is what two frames take in which nothing is done: no page can be faster than that.
 */
import { loadavg } from 'node:os';
import { offerMatcher, type OfferFilter } from '../../../src/domain/filter.ts';
import { providerIds } from '../../../src/domain/offer.ts';
import { median } from '../sync/figures.ts';
import { ExtensionSide } from './extensionSide.ts';
import { manyOffers } from './offers.ts';
import { openRealPage, type RealPage } from './realPage.ts';

const narrow: OfferFilter = { diskGb: 40, minVramGb: 24, minReliability: 0.98 };
const columns = ['reliability', 'gpu', 'location', 'allInUsdPerHour'] as const;
const finds = ['norway', '4090 vast', 'xyz', ''] as const;
const limitMs = 100;
const scrolledFrames = 60;

export async function explorerFigures(count: number, rounds: number, tell: (what: string) => void) {
  const offers = manyOffers(count);
  const side = new ExtensionSide(offers);
  tell('the explorer');
  // The first round warms caches and compilers, as the tree of offers has by the time anybody explores.
  await side.load();
  await using page = await openRealPage();
  const common = { offers: count, providers: providerIds.length, rounds, limitMs, loadAverage: loadAverage() };
  if (page === undefined) return { ...common, browser: false, load: { extensionMs: median(await repeated(rounds, async () => (await side.load()).ms)) } };
  const expected = offers.filter(offerMatcher(narrow)).length;
  const figures = {
    load: await inBoth(side, page, rounds, undefined, count),
    sortMs: median((await repeated(rounds, () => each(columns, page.sort))).flat()),
    findMs: median((await repeated(rounds, () => each(finds, page.search))).flat()),
    filter: await inBoth(side, page, rounds, narrow, expected),
  };
  await side.load().then((sent) => page.receive(sent));
  return { ...common, browser: true, frameMs: median(await repeated(rounds, page.nothing)), ...figures, longestScrolledFrameMs: median(await repeated(rounds, () => page.scroll(scrolledFrames))) };
}

/** In the extension, in the page, and both together; what is shown in the end has to be right. */
async function inBoth(side: ExtensionSide, page: RealPage, rounds: number, filter: OfferFilter | undefined, expected: number) {
  const took = await repeated(rounds, async () => {
    // From all to what is asked for, so that every round has the same to do.
    if (filter !== undefined) await page.receive(await side.load());
    const sent = await side.load(filter);
    const pageMs = await page.receive(sent);
    const shown = await page.rows();
    if (shown !== expected) throw new Error(`${shown} rows are shown, and ${expected} should be`);
    return { extensionMs: sent.ms, pageMs, ms: sent.ms + pageMs };
  });
  return { extensionMs: median(took.map(({ extensionMs }) => extensionMs)), pageMs: median(took.map(({ pageMs }) => pageMs)), ms: median(took.map(({ ms }) => ms)) };
}

async function repeated<T>(rounds: number, act: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let round = 0; round < rounds; round++) all.push(await act());
  return all;
}

async function each<T>(what: readonly T[], act: (one: T) => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (const one of what) all.push(await act(one));
  return all;
}

/** Whoever reads the figures should know what else the machine did. */
const loadAverage = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;
