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
import { rememberMachines } from '../estimate/offers/tools.ts';
import { readWorkload } from '../estimate/read/readWorkload.ts';
import type { Core } from '../wiring.ts';
import type { Command } from './command.ts';
import { answerOf, textOf, type Line, type ProviderError } from './estimateAnswer.ts';
import { readFiles } from './estimateFiles.ts';
import { bestOfEachKind, cardsNamed, unoffered } from './estimateMachines.ts';
import { WrongCall, type Invocation } from './parse.ts';

/** Searches are rationed and can wait long for their turn; an estimate without prices is worth more than none. */
const patienceMs = 20_000;

export const estimate: Command = async (core, invocation, signal) => {
  if (invocation.files.length === 0) throw new WrongCall('which FILE is to be estimated is missing');
  const reading = await readingOf(invocation);
  const { lines, errors } = reading.gaps.some(isNothing) ? { lines: [], errors: [] } : await linesOf(core, reading, invocation, signal);
  return { answer: answerOf(reading, lines, errors), text: textOf(reading, lines) };
};

const isNothing = ({ code }: Reading['gaps'][number]): boolean => ['empty', 'notTraining', 'tooLarge'].includes(code);

async function readingOf({ files, args, gpus }: Invocation): Promise<Reading> {
  const sources = await readFiles(files, [process.cwd(), process.env['INIT_CWD'] ?? process.cwd()]);
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

async function linesOf(core: Core, reading: Reading, { gpu }: Invocation, signal: AbortSignal): Promise<{ lines: Line[]; errors: ProviderError[] }> {
  const { workload } = reading;
  const machines = rememberMachines(createTools(await publishedRuns()));
  const filter: OfferFilter = {
    diskGb: Math.max(defaultFilter.diskGb, neededDiskGb(workload, transferOf(workload))),
    ...(gpu === undefined ? {} : { gpu }),
    ...(workload.gpus === undefined ? {} : { count: workload.gpus }),
  };
  await core.market.refresh(filter, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
  signal.throwIfAborted();
  const { offers, errors } = core.market.view;
  const priced = bestOfEachKind(estimateOffers(workload, offers, machines)).map((estimate): Line => ({ estimate, priced: true }));
  const cards = priced.length > 0 ? [] : cardsNamed(gpu);
  if (priced.length === 0 && cards.length === 0) throw new WrongCall(`no GPU is called ${gpu ?? ''}`);
  const unpriced = estimateOffers(workload, cards.map((card) => unoffered(card, workload.gpus ?? 1, Date.now())), machines)
    .map((estimate): Line => ({ estimate, priced: false }));
  return {
    lines: [...priced, ...unpriced].toSorted(byWorth),
    errors: errors.map(({ provider, error }) => ({ provider, code: error.code, message: error.message })),
  };
}

/** What fits first, then cheapest, then fastest; what has no figure comes last. */
function byWorth({ estimate: a }: Line, { estimate: b }: Line): number {
  const order = (x: number | undefined, y: number | undefined): number => (x === y ? 0 : (x ?? Infinity) - (y ?? Infinity));
  return Number(a.fit.verdict === 'no') - Number(b.fit.verdict === 'no') || order(a.usd?.likely, b.usd?.likely) || order(a.hours?.likely, b.hours?.likely);
}
