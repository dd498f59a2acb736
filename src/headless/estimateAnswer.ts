/** An estimate as JSON and as lines for people. What nobody knows is null, never a number. */
import { formatUsd, toDollars } from '../domain/money.ts';
import { allIn } from '../domain/offer.ts';
import type { Band } from '../estimate/band.ts';
import type { Reading } from '../estimate/facts.ts';
import { unknownMemory } from '../estimate/offers/tools.ts';
import type { Assumption, OfferEstimate, Parts } from '../estimate/result.ts';
import { assumptionWords, fitWords, gapWords, inEnglish, reasonWords, remedyWords } from '../estimate/words.ts';
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

export function answerOf({ workload, facts, questions, gaps }: Reading, lines: readonly Line[], errors: readonly ProviderError[]): object {
  return {
    workload,
    facts: facts.map(({ name, value, line, source, file, certainty, note }) => ({ name, value, line: line ?? null, source, file: file ?? null, certainty, ...(note === undefined ? {} : { note }) })),
    estimates: lines.map(toJson),
    assumptions: assumptionsOf(lines).map((assumption) => ({ ...assumption, text: assumptionWords(assumption, inEnglish) })),
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

const figures = (value: number): number => Number(value.toPrecision(4));
const rounded = ({ low, likely, high }: Band): Band => ({ low: figures(low), likely: figures(likely), high: figures(high) });

/** Each once, in the order in which they were met. */
const assumptionsOf = (lines: readonly Line[]): Assumption[] =>
  [...Map.groupBy(lines.flatMap(({ estimate }) => estimate.assumptions), ({ code }) => code).values()].flatMap(([first]) => first ?? []);

const shownLines = 15;

export function textOf({ facts, questions, gaps }: Reading, lines: readonly Line[]): string {
  const [first] = lines;
  const reason = first?.estimate.reason;
  const remedy = first?.estimate.fit.remedy;
  return [
    ...facts.map(({ name, value, file, line }) => `${name}: ${String(value)}${file === undefined ? '' : `  (${file}${line === undefined ? '' : `:${line}`})`}`),
    '',
    ...lines.slice(0, shownLines).map(toLine),
    ...(lines.length > shownLines ? [`and ${lines.length - shownLines} more`] : []),
    '',
    ...(reason === undefined ? [] : [reasonWords(reason, inEnglish)]),
    ...(remedy === undefined ? [] : [remedyWords(remedy, inEnglish)]),
    ...assumptionsOf(lines).map((assumption) => `Taken for granted: ${assumptionWords(assumption, inEnglish)}`),
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
