/**
 * `estimate FILE… [--gpu NAME] [--gpus N] [--args "…"] [--log FILE] [--hub]`: what a script would take and cost. Reads, never runs. Live
 * prices where a provider can be reached, which needs no key; else the times and the memory on the cards of the table.
 */
import { defaultFilter, type OfferFilter } from '../domain/filter.ts';
import type { Offer } from '../domain/offer.ts';
import type { Hub } from '../domain/hub.ts';
import type { RunLog } from '../domain/runLog.ts';
import type { Reading } from '../estimate/facts.ts';
import type { OwnRun } from '../estimate/learn/ownRuns.ts';
import { publishedRuns } from '../estimate/evidence.ts';
import { neededDiskGb } from '../estimate/cost/storage.ts';
import { transferOf } from '../estimate/cost/transfer.ts';
import { estimateOffers } from '../estimate/offers/estimateOffers.ts';
import { estimateServing, type ServingEstimate } from '../estimate/offers/serving.ts';
import { createSpeeds, rememberSpeeds, type SpeedOf } from '../estimate/offers/servingTools.ts';
import { rememberMachines, type EstimateTools } from '../estimate/offers/tools.ts';
import type { Fit } from '../estimate/result.ts';
import { hubNames, lookUp, withHub } from '../estimate/read/hub.ts';
import { readWorkload } from '../estimate/read/readWorkload.ts';
import type { Workload } from '../estimate/workload.ts';
import { baseName } from '../estimate/read/files.ts';
import { toolsFor } from '../learning.ts';
import { createHub } from '../providers/hub/hub.ts';
import { systemClock } from '../services/clock.ts';
import type { Market } from '../services/market.ts';
import { createRunLog } from '../store/runLog.ts';
import { stateFolder } from '../wiring.ts';
import type { Command, Outcome } from './command.ts';
import { answerOf, jobTold, textOf, type Line, type ProviderError, type Told } from './estimateAnswer.ts';
import { readFiles, readOne } from './estimateFiles.ts';
import { learnFrom, measuredJson, type Learned, type LogCall } from './estimateLog.ts';
import { bestOfEachKind, cardsNamed, unoffered } from './estimateMachines.ts';
import { stderrLog } from './log.ts';
import { WrongCall, type Invocation } from './parse.ts';
import { servingTold, type ServingLine } from './servingAnswer.ts';

/** Searches are rationed and can wait long for their turn; an estimate without prices is worth more than none. */
const patienceMs = 20_000;

export interface EstimateParts {
  readonly market: Pick<Market, 'refresh' | 'view'>;
  readonly tools: (own: readonly OwnRun[]) => Promise<EstimateTools>;
  readonly speeds: () => Promise<SpeedOf>;
  readonly hub: Hub;
  /** The person's own runs. */
  readonly log: RunLog;
  readonly now: () => number;
  /** Where files are looked for, in turn. */
  readonly folders: readonly string[];
}

export const estimate: Command = ({ market }, invocation, signal) => {
  // npm starts us in the package's folder; whoever called may stand in another.
  const folders = [...new Set([process.cwd(), process.env['INIT_CWD'] ?? process.cwd()])];
  const log = createRunLog(stateFolder(process.env));
  const hub = createHub({ clock: systemClock, log: stderrLog(false), version: 'headless' });
  return estimateWith({ market, hub, log, now: Date.now, tools: async (own) => toolsFor(await publishedRuns(), own), speeds: async () => createSpeeds(await publishedRuns()), folders }, invocation, signal);
};

export async function estimateWith(parts: EstimateParts, invocation: Invocation, signal: AbortSignal): Promise<Outcome> {
  if (invocation.files.length === 0) throw new WrongCall('which FILE is to be estimated is missing');
  const reading = await readingOf(parts, invocation, signal);
  if (reading.gaps.some(isNothing)) return { answer: answerOf(reading, jobTold([]), []), text: textOf(reading, jobTold([])) };
  const learned = await learnFrom(parts.log, reading.workload, await logOf(invocation, reading, parts.folders), parts.now());
  const { told, errors } = await toldOf(parts, reading, learned, invocation, signal);
  return { answer: answerOf(reading, told, errors), text: textOf(reading, told) };
}

const isNothing = ({ code }: Reading['gaps'][number]): boolean => ['empty', 'notTraining', 'tooLarge'].includes(code);

async function readingOf({ folders, hub }: EstimateParts, { files, args, gpus, hub: asksHub }: Invocation, signal: AbortSignal): Promise<Reading> {
  const sources = await readFiles(files, folders);
  // The grammar is half a megabyte of WebAssembly, which no other command needs.
  const { loadParsers } = await import('../syntax/parsers.ts');
  const parsers = await loadParsers();
  const options = args === undefined ? {} : { args };
  const first = readWorkload(sources, parsers, options);
  const found = asksHub ? await lookUp(hub, hubNames(first), parsers.json, signal) : undefined;
  const looked = (reading: Reading): Reading => (found === undefined ? reading : withHub(reading, found));
  const reading = looked(first);
  if (gpus === undefined) return reading;
  // Launchers start a process on each GPU; a script that says nothing of that is run in copies.
  const copies = gpus > 1 && reading.workload.parallelism === 'single';
  return looked(readWorkload(sources, parsers, { ...options, overrides: { gpus, ...(copies ? { parallelism: 'ddp' } : {}) } }));
}

async function logOf({ log, files, gpu, gpus }: Invocation, { workload }: Reading, folders: readonly string[]): Promise<LogCall | undefined> {
  if (log === undefined) return undefined;
  const { text } = await readOne(log, folders);
  return { script: baseName(files[0] ?? ''), text, gpu: gpu === undefined ? undefined : cardsNamed(gpu)[0], gpuCount: gpus ?? workload.gpus ?? 1 };
}

async function toldOf(parts: EstimateParts, { workload }: Reading, { own, measured }: Learned, { gpu }: Invocation, signal: AbortSignal): Promise<{ told: Told; errors: ProviderError[] }> {
  const { market } = parts;
  const filter: OfferFilter = {
    diskGb: Math.max(defaultFilter.diskGb, neededDiskGb(workload, transferOf(workload))),
    ...(gpu === undefined ? {} : { gpu }),
    ...(workload.gpus === undefined ? {} : { count: workload.gpus }),
  };
  await market.refresh(filter, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
  signal.throwIfAborted();
  const { offers, errors } = market.view;
  const cards = offers.length > 0 ? [] : cardsNamed(gpu);
  if (offers.length === 0 && cards.length === 0) throw new WrongCall(`no GPU is called ${gpu ?? ''}`);
  const table = cards.map((card) => unoffered(card, workload.gpus ?? 1));
  const told = workload.work === 'inference' ? servingTold(await servingLines(parts, workload, offers, table)) : jobTold(await jobLines(parts, workload, own, offers, table));
  return {
    told: measured === undefined ? told : { ...told, measured: measuredJson(measured, workload, offers) },
    errors: errors.map(({ provider, error }) => ({ provider, code: error.code, message: error.message })),
  };
}

/** Live offers with their prices, then machines that nobody offers, with times alone. */
async function jobLines({ tools }: EstimateParts, workload: Workload, own: readonly OwnRun[], offers: readonly Offer[], table: readonly Offer[]): Promise<Line[]> {
  const machines = rememberMachines(await tools(own));
  const priced = bestOfEachKind(estimateOffers(workload, offers, machines), ({ usd }) => usd?.likely).map((one): Line => ({ estimate: one, priced: true }));
  const unpriced = estimateOffers(workload, table, machines).map((one): Line => ({ estimate: one, priced: false }));
  return [...priced, ...unpriced].toSorted(byWorth);
}

async function servingLines({ speeds }: EstimateParts, workload: Workload, offers: readonly Offer[], table: readonly Offer[]): Promise<ServingLine[]> {
  const speedOf = rememberSpeeds(await speeds());
  const priced = bestOfEachKind(estimateServing(workload, offers, speedOf), ({ usdPerMillion }) => usdPerMillion?.likely).map((one): ServingLine => ({ estimate: one, priced: true }));
  const unpriced = estimateServing(workload, table, speedOf).map((one): ServingLine => ({ estimate: one, priced: false }));
  return [...priced, ...unpriced].toSorted(byToken);
}

/** What holds the model first; then the cheapest token, and without prices the most tokens. */
function byToken({ estimate: a, priced }: ServingLine, { estimate: b }: ServingLine): number {
  const speed = (one: ServingEstimate): number => one.speed?.tokensPerSecond?.likely ?? 0;
  const price = (one: ServingEstimate): number => (priced ? one.usdPerMillion?.likely ?? Infinity : 0);
  return Number(speed(a) === 0) - Number(speed(b) === 0) || (price(a) === price(b) ? 0 : price(a) - price(b)) || speed(b) - speed(a);
}

const verdicts: readonly Fit['verdict'][] = ['fits', 'risky', 'no'];

/**
 * What fits surely first, and of that what is not taken away; then the cheapest, then the fastest; what has no figure
 * last. So the first line is the one to take, unless a person means to plan for interruptions.
 */
function byWorth({ estimate: a }: Line, { estimate: b }: Line): number {
  const order = (x: number | undefined, y: number | undefined): number => (x === y ? 0 : (x ?? Infinity) - (y ?? Infinity));
  return verdicts.indexOf(a.fit.verdict) - verdicts.indexOf(b.fit.verdict)
    || Number(a.offer.kind === 'interruptible') - Number(b.offer.kind === 'interruptible')
    || order(a.usd?.likely, b.usd?.likely) || order(a.hours?.likely, b.hours?.likely);
}
