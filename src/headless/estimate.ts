/**
 * `estimate FILE… [--gpu NAME] [--gpus N] [--args "…"]`: what a script would take and cost. Reads, never runs. Live
 * prices where a provider can be reached, which needs no key; else the times and the memory on the cards of the table.
 */
import { defaultFilter, type OfferFilter } from '../domain/filter.ts';
import type { Reading } from '../estimate/facts.ts';
import { publishedRuns } from '../estimate/evidence.ts';
import { neededDiskGb } from '../estimate/cost/storage.ts';
import { transferOf } from '../estimate/cost/transfer.ts';
import { createTools } from '../estimate/offers/createTools.ts';
import { estimateOffers } from '../estimate/offers/estimateOffers.ts';
import { rememberMachines, type EstimateTools } from '../estimate/offers/tools.ts';
import type { Fit } from '../estimate/result.ts';
import { readWorkload } from '../estimate/read/readWorkload.ts';
import type { Market } from '../services/market.ts';
import type { Command, Outcome } from './command.ts';
import { answerOf, textOf, type Line, type ProviderError } from './estimateAnswer.ts';
import { readFiles } from './estimateFiles.ts';
import { bestOfEachKind, cardsNamed, unoffered } from './estimateMachines.ts';
import { WrongCall, type Invocation } from './parse.ts';

/** Searches are rationed and can wait long for their turn; an estimate without prices is worth more than none. */
const patienceMs = 20_000;

export interface EstimateParts {
  readonly market: Pick<Market, 'refresh' | 'view'>;
  readonly tools: () => Promise<EstimateTools>;
  /** Where files are looked for, in turn. */
  readonly folders: readonly string[];
}

export const estimate: Command = ({ market }, invocation, signal) => {
  // npm starts us in the package's folder; whoever called may stand in another.
  const folders = [...new Set([process.cwd(), process.env['INIT_CWD'] ?? process.cwd()])];
  return estimateWith({ market, tools: async () => createTools(await publishedRuns()), folders }, invocation, signal);
};

export async function estimateWith(parts: EstimateParts, invocation: Invocation, signal: AbortSignal): Promise<Outcome> {
  if (invocation.files.length === 0) throw new WrongCall('which FILE is to be estimated is missing');
  const reading = await readingOf(invocation, parts.folders);
  const { lines, errors } = reading.gaps.some(isNothing) ? { lines: [], errors: [] } : await linesOf(parts, reading, invocation, signal);
  return { answer: answerOf(reading, lines, errors), text: textOf(reading, lines) };
}

const isNothing = ({ code }: Reading['gaps'][number]): boolean => ['empty', 'notTraining', 'tooLarge'].includes(code);

async function readingOf({ files, args, gpus }: Invocation, folders: readonly string[]): Promise<Reading> {
  const sources = await readFiles(files, folders);
  // The grammar is half a megabyte of WebAssembly, which no other command needs.
  const { loadParsers } = await import('../syntax/parsers.ts');
  const parsers = await loadParsers();
  const options = args === undefined ? {} : { args };
  const reading = readWorkload(sources, parsers, options);
  if (gpus === undefined) return reading;
  // Launchers start a process on each GPU; a script that says nothing of that is run in copies.
  const copies = gpus > 1 && reading.workload.parallelism === 'single';
  return readWorkload(sources, parsers, { ...options, overrides: { gpus, ...(copies ? { parallelism: 'ddp' } : {}) } });
}

async function linesOf({ market, tools }: EstimateParts, { workload }: Reading, { gpu }: Invocation, signal: AbortSignal): Promise<{ lines: Line[]; errors: ProviderError[] }> {
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
  const machines = rememberMachines(await tools());
  const priced = bestOfEachKind(estimateOffers(workload, offers, machines)).map((one): Line => ({ estimate: one, priced: true }));
  const unpriced = estimateOffers(workload, cards.map((card) => unoffered(card, workload.gpus ?? 1)), machines)
    .map((one): Line => ({ estimate: one, priced: false }));
  return {
    lines: [...priced, ...unpriced].toSorted(byWorth),
    errors: errors.map(({ provider, error }) => ({ provider, code: error.code, message: error.message })),
  };
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
