/** An estimate to paste into a note, an issue or a table. */
import { formatRate, toDollars, type Usd } from '../../domain/money.ts';
import { allIn } from '../../domain/offer.ts';
import type { OfferEstimate } from '../../estimate/result.ts';
import { fitWords } from '../../estimate/wordsFit.ts';
import { assumptionWords, gapWords } from '../../estimate/words.ts';
import { factLabel } from '../../estimate/wordsFacts.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { line, timeOfDay } from '../words.ts';
import { likeliest, pickKinds, type Estimates } from './estimator.ts';
import { factNames } from './factKinds.ts';
import { originWords } from './factWords.ts';
import { about, costText, machineName, range } from './figures.ts';
import { aboutOffer } from './offerRows.ts';
import { cheapestOfEach, rounded, type NoteText } from './noteText.ts';
import { countWords, elsewhereNote } from './panelView.ts';
import { placeOf } from './places.ts';
import { pickName } from './pickNames.ts';
import { servingCsvColumns, servingCsvRows, servingText } from './servingText.ts';
import type { SessionState } from './session.ts';

/** For wherever it is pasted, and still read as it is: only what would turn into something else is escaped. */
const pasted = (text: string, longest?: number): string =>
  plain(text, longest).replace(/&/g, '&amp;').replace(/[\\`*_[\]<>|#~]/g, (mark) => `\\${mark}`).replace(/@/g, '&#64;');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => pasted(cell)).join(' | ')} |`;
  return [row(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(row)].join('\n');
};

export function estimateMarkdown(name: string, { reading, estimates, path, at }: SessionState, voice: Voice): string {
  const { t } = voice;
  if (reading === undefined || estimates === undefined) return '';
  const facts = new Map(reading.facts.map((fact) => [fact.name, fact]));
  const { best, count, head, rows, assumptions, after } = estimates.serving === undefined ? jobText(estimates, voice) : servingText(estimates.serving, voice);
  const notes = [...assumptions.map((one) => assumptionWords(one, t)), ...reading.gaps.map((gap) => gapWords(gap, t))];
  return [
    `## ${pasted(name)}`,
    best && `**${pasted(best)}** ${pasted(t('(8 of 10 runs)'))}`,
    pasted(line(count, at !== undefined && t('as read at {0}', timeOfDay(at)))),
    table([t('What it does'), '', ''], factNames.flatMap((fact) => {
      const read = facts.get(fact);
      return read === undefined ? [] : [[factLabel(fact, t), String(read.value), line(originWords(read, t), placeOf(read, path)?.text)]];
    })),
    table(head, rows),
    after === undefined ? '' : pasted(after, 400),
    notes.map((note) => `- ${pasted(note, 400)}`).join('\n'),
  ].filter((part) => part).join('\n\n');
}

function jobText(estimates: Estimates, voice: Voice): NoteText {
  const { t } = voice;
  const best = likeliest(estimates);
  return {
    best: best && line(...figures(best, voice), machineName(best)),
    count: countWords(estimates, false, t),
    head: [t('Machine'), t('cost'), t('time'), t('price'), t('risk')],
    rows: cheapestOfEach(estimates.ranked).map((estimate) => [
      `${machineName(estimate)} ${picked(estimate, estimates, voice)}`.trim(),
      ...figures(estimate, voice),
      formatRate(allIn(estimate.offer)),
      line(fitWords(estimate.fit, t), aboutOffer(estimate.offer, voice)),
    ]),
    assumptions: best?.assumptions ?? [],
    after: elsewhereNote(estimates, t),
  };
}

function figures({ usd, hours }: OfferEstimate, { t }: Voice): string[] {
  const cost = usd === undefined ? '' : `${costText(usd.likely)} (${range(costText(usd.low), costText(usd.high))})`;
  const time = hours === undefined ? '' : `${about(hours.likely, t)} (${range(about(hours.low, t), about(hours.high, t))})`;
  return [cost, time];
}

const picked = (estimate: OfferEstimate, { picks }: Estimates, { t }: Voice): string =>
  pickKinds.filter((kind) => picks[kind] === estimate).map((kind) => `(${pickName(kind, t)})`).join(' ');

const columns = [
  'offer', 'provider', 'gpu', 'gpu_count', 'vram_gb', 'kind', 'place', 'all_in_usd_per_hour', 'fits', 'fit_probability', 'memory_gb_low', 'memory_gb', 'memory_gb_high',
  'hours_low', 'hours', 'hours_high', 'usd_low', 'usd', 'usd_high',
] as const;

/** Numbers as numbers and names of columns in English: it is for programs. Those that do not fit are in it too. */
export function estimateCsv({ estimates }: Pick<SessionState, 'estimates'>): string {
  if (estimates === undefined) return '';
  if (estimates.serving !== undefined) return csv([servingCsvColumns, ...servingCsvRows(estimates.serving)]);
  const ranked = new Set<OfferEstimate>(estimates.ranked);
  const rows = [...estimates.ranked, ...estimates.all.filter((estimate) => !ranked.has(estimate))];
  return csv([columns, ...rows.map(cells)]);
}

const csv = (rows: readonly (readonly (string | number | undefined)[])[]): string => `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`;

function cells(estimate: OfferEstimate): (string | number | undefined)[] {
  const { offer, fit, memory: { gb } } = estimate;
  const { hours, usd } = fit.verdict === 'no' ? {} : estimate;
  const money = (amount: Usd | undefined): string | undefined => (amount === undefined ? undefined : toDollars(amount).toFixed(4));
  return [
    offer.id, offer.provider, offer.gpu, offer.gpuCount, offer.vramGb, offer.kind, offer.place, toDollars(allIn(offer)).toFixed(4), fit.verdict, rounded(fit.probability),
    rounded(gb.low), rounded(gb.likely), rounded(gb.high), rounded(hours?.low), rounded(hours?.likely), rounded(hours?.high), money(usd?.low), money(usd?.likely), money(usd?.high),
  ];
}

/** A spreadsheet runs what begins like a formula, and a host chooses the name of its place. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = value.replace(/[\r\n\t]+/g, ' ');
  const safe = /^[=+\-@|]/.test(text) ? `'${text}` : text;
  return /[",']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
