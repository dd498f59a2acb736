/** An estimate as JSON and as lines for people. What nobody knows is null, never a number. */
import { formatUsd, toDollars } from '../domain/money.ts';
import { allIn } from '../domain/offer.ts';
import type { Band } from '../estimate/band.ts';
import type { Reading } from '../estimate/facts.ts';
import { owning, type Owning } from '../estimate/offers/owning.ts';
import { rank } from '../estimate/offers/rank.ts';
import { unknownMemory } from '../estimate/offers/tools.ts';
import type { Assumption, OfferEstimate, Parts } from '../estimate/result.ts';
import { fitWords } from '../estimate/wordsFit.ts';
import { assumptionWords, gapWords, inEnglish, reasonWords, remedyWords } from '../estimate/words.ts';
import { questionWords } from '../estimate/wordsFacts.ts';

/** One kind of machine; `priced` tells a live offer from a card of the table. */
export interface Line {
  readonly estimate: OfferEstimate;
  readonly priced: boolean;
}

export interface ProviderError {
  readonly provider: string;
  readonly code: string;
  readonly message: string;
}

/** What is told of machines, whatever kind of work they are for. */
export interface Told {
  readonly estimates: readonly object[];
  /** One for each machine, and sentences about the first of them. */
  readonly lines: readonly string[];
  readonly notes: readonly string[];
  readonly assumptions: readonly Assumption[];
  /** Against buying the card, for cards with a price. */
  readonly breakEven?: object;
  /** What `--log` measured. */
  readonly measured?: { readonly text: string };
}

export function jobTold(lines: readonly Line[]): Told {
  const { reason, fit } = lines[0]?.estimate ?? {};
  const own = owning(rank(lines.filter(({ priced }) => priced).map(({ estimate }) => estimate), 'cost'));
  return {
    estimates: lines.map(toJson),
    lines: lines.map(toLine),
    notes: [...(reason === undefined ? [] : [reasonWords(reason, inEnglish)]), ...(fit?.remedy === undefined ? [] : [remedyWords(fit.remedy, inEnglish)]), ...(own === undefined ? [] : [owningWords(own)])],
    ...(own === undefined ? {} : { breakEven: { gpu: own.gpu, cardUsd: toDollars(own.cardUsd), readOn: own.readOn, usdPerKwh: own.perKwh, hours: figures(own.hours) } }),
    assumptions: onceEach(lines.flatMap(({ estimate }) => estimate.assumptions)),
  };
}

const owningWords = ({ gpu, cardUsd, readOn, perKwh, hours }: Owning): string =>
  `Buying one ${gpu} for ${formatUsd(cardUsd)} (price of ${readOn}) pays after ${Math.round(hours)} h of such work, with electricity at $${perKwh} a kWh.`;

export function answerOf({ workload, facts, questions, gaps }: Reading, { estimates, assumptions, breakEven, measured }: Told, errors: readonly ProviderError[]): object {
  return {
    workload,
    facts: facts.map(({ name, value, line, source, file, certainty, note }) => ({ name, value, line: line ?? null, source, file: file ?? null, certainty, ...(note === undefined ? {} : { note }) })),
    estimates,
    ...(breakEven === undefined ? {} : { breakEven }),
    ...(measured === undefined ? {} : { measured }),
    assumptions: assumptions.map((assumption) => ({ ...assumption, text: assumptionWords(assumption, inEnglish) })),
    questions: questions.map(({ name, suggestions }) => ({ name, suggestions, text: questionWords(name, inEnglish) })),
    gaps: gaps.map((gap) => ({ ...gap, text: gapWords(gap, inEnglish) })),
    errors,
  };
}

function toJson({ estimate, priced }: Line): object {
  const { offer, memory, fit, hours, usd, parts, reason } = estimate;
  const known = memory !== unknownMemory;
  return {
    gpu: offer.gpu, gpuCount: offer.gpuCount, gpuVramGb: offer.vramGb,
    vramGb: known ? rounded(memory.gb) : null,
    fits: known ? fit.verdict !== 'no' : null,
    fit: known ? { verdict: fit.verdict, probability: figures(fit.probability), ...(fit.remedy === undefined ? {} : { remedy: fit.remedy }) } : null,
    hours: hours === undefined ? null : rounded(hours),
    usd: usd === undefined || !priced ? null : { low: toDollars(usd.low), likely: toDollars(usd.likely), high: toDollars(usd.high) },
    ...(parts === undefined ? {} : { likelyHours: partHours(parts) }),
    ...(reason === undefined ? {} : { reason }),
    ...(priced ? { offer: offer.id, kind: offer.kind, allInUsdPerHour: toDollars(allIn(offer)), diskGb: offer.diskGb } : {}),
  };
}

const partHours = ({ setupHours, downloadHours, trainHours, evalHours, checkpointHours, lostHours }: Parts): object => ({
  setup: figures(setupHours.likely), download: figures(downloadHours.likely), train: figures(trainHours.likely),
  evaluation: figures(evalHours.likely), checkpoints: figures(checkpointHours.likely), lost: figures(lostHours.likely),
});

export const figures = (value: number): number => Number(value.toPrecision(4));
export const rounded = ({ low, likely, high }: Band): Band => ({ low: figures(low), likely: figures(likely), high: figures(high) });

/** Each once, in the order in which they were met. */
export const onceEach = (assumptions: readonly Assumption[]): Assumption[] => [...Map.groupBy(assumptions, ({ code }) => code).values()].flatMap(([first]) => first ?? []);

const shownLines = 15;

export function textOf({ facts, questions, gaps }: Reading, { lines, notes, assumptions, measured }: Told): string {
  return [
    ...facts.map(({ name, value, file, line }) => `${name}: ${String(value)}${file === undefined ? '' : `  (${file}${line === undefined ? '' : `:${line}`})`}`),
    '',
    ...lines.slice(0, shownLines),
    ...(lines.length > shownLines ? [`and ${lines.length - shownLines} more`] : []),
    '',
    ...notes,
    ...(measured === undefined ? [] : [measured.text]),
    ...assumptions.map((assumption) => `Taken for granted: ${assumptionWords(assumption, inEnglish)}`),
    ...questions.map(({ name }) => `? ${questionWords(name, inEnglish)}`),
    ...gaps.map((gap) => `${gap.file ?? ''}${gap.line === undefined ? '' : `:${gap.line}`}  ${gapWords(gap, inEnglish)}`.trim()),
  ].join('\n').trim();
}

function toLine({ estimate, priced }: Line): string {
  const { offer, memory, fit, hours, usd } = estimate;
  return [
    `${offer.gpuCount}× ${offer.gpu}`,
    memory === unknownMemory ? `${offer.vramGb} GB` : `${memory.gb.likely.toFixed(1)} of ${offer.vramGb} GB, ${fitWords(fit, inEnglish)}`,
    hours === undefined ? '? h' : `${hours.likely.toFixed(2)} h (${hours.low.toFixed(2)} to ${hours.high.toFixed(2)})`,
    ...(usd === undefined || !priced ? [] : [`${formatUsd(usd.likely)} (${formatUsd(usd.low)} to ${formatUsd(usd.high)})`, offer.id]),
  ].join('  ');
}
