/** The whole panel as data, worded: what the webview draws without knowing what it means. */
import { formatUsd, usd } from '../../domain/money.ts';
import type { OfferId } from '../../domain/offer.ts';
import type { Reading } from '../../estimate/facts.ts';
import { hubNames } from '../../estimate/read/hub.ts';
import type { OfferEstimate } from '../../estimate/result.ts';
import { assumptionWords, gapWords } from '../../estimate/words.ts';
import type { ElsewhereView, PanelView, PickView } from '../../webview/estimate/messages.ts';
import { whyEstimated } from '../advice/adviceWords.ts';
import { cloudName } from '../cloudName.ts';
import { plain } from '../escape.ts';
import type { Translate, Voice } from '../voice.ts';
import { gpus, grouped, line, timeOfDay } from '../words.ts';
import { chosenView } from './chosenView.ts';
import { likeliest, pickKinds, type Estimates } from './estimator.ts';
import { factsViews } from './factViews.ts';
import { about, costText, machineName, seconds } from './figures.ts';
import { fitCount, headline } from './headline.ts';
import { panelLabels } from './labels.ts';
import { measuredWords } from './measuredWords.ts';
import { offerRows } from './offerRows.ts';
import { placeOf } from './places.ts';
import { pickName } from './pickNames.ts';
import { servingHeadline } from './servingHeadline.ts';
import { chosenServing, servingChosen, servingCount, servingLabels, servingPicks, servingRows } from './servingView.ts';
import type { SessionState } from './session.ts';

export interface PanelInput {
  readonly name: string;
  readonly state: SessionState;
  /** The offer that the person chose; without one the likeliest is shown. */
  readonly chosen: OfferId | undefined;
  /** The list of offers is filtered, and so is this. */
  readonly filtered: boolean;
  /** Nothing of a folder that is not trusted is looked up. */
  readonly trusted?: boolean;
  readonly offersLoading: boolean;
  /** When the prices were read. */
  readonly pricesAt?: number | undefined;
}

export function panelView(input: PanelInput, voice: Voice): PanelView {
  const { t } = voice;
  const { name, state, offersLoading } = input;
  const { reading, given, refused, path, at } = state;
  const nothing = { questions: [], facts: [], unread: [] };
  const notice = noticeOf(state, offersLoading, t);
  return {
    name: plain(name),
    read: at === undefined ? '' : t('as read at {0}', timeOfDay(at)),
    busy: state.busy,
    ...(reading === undefined ? nothing : factsViews({ reading, given, refused, script: path }, t)),
    ...figuresOf(input, voice),
    ...(reading === undefined || input.trusted !== true ? {} : hubButton(reading, t)),
    gaps: (reading?.gaps ?? []).map((gap) => {
      const place = placeOf(gap, path);
      return { text: gapWords(gap, t), ...(place === undefined ? {} : { place }) };
    }),
    ...(notice === undefined ? {} : { notice }),
  };
}

type Figures = Pick<PanelView, 'learns' | 'measured' | 'labels' | 'headline' | 'picks' | 'offers' | 'count' | 'elsewhere' | 'elsewhereNote' | 'assumptions' | 'chosen'>;

function figuresOf({ state: { estimates, reading, measured }, chosen, filtered, pricesAt }: PanelInput, voice: Voice): Figures {
  const { t } = voice;
  const labels = panelLabels(t);
  if (estimates === undefined) return { learns: false, labels, headline: '', picks: [], offers: [], count: '', elsewhere: [], assumptions: [] };
  const read = pricesAt !== undefined && t('prices read at {0}', timeOfDay(pricesAt));
  const { serving } = estimates;
  if (serving !== undefined) {
    const shown = chosenServing(serving, chosen);
    return {
      learns: false,
      labels: servingLabels(labels, t),
      headline: shown === undefined ? '' : servingHeadline(shown, serving, t),
      picks: servingPicks(serving, t),
      offers: servingRows(serving, voice),
      count: line(servingCount(serving, filtered, t), read),
      elsewhere: estimates.elsewhere.map((place) => ({ ...elsewhereView(place, t), time: seconds(place.hours * 3600, t) })),
      assumptions: (shown?.assumptions ?? []).map((assumption) => assumptionWords(assumption, t)),
      ...(shown === undefined ? {} : { chosen: servingChosen(shown, voice) }),
    };
  }
  const shown = chosenEstimate(estimates, chosen);
  const note = elsewhereNote(estimates, t);
  return {
    learns: true,
    ...(measured === undefined || reading === undefined ? {} : { measured: measuredWords(measured, reading.workload, estimates, shown, t) }),
    labels,
    headline: shown === undefined ? '' : headline(shown, estimates, t),
    picks: pickViews(estimates, voice),
    offers: offerRows(estimates, voice),
    count: line(countWords(estimates, filtered, t), read),
    elsewhere: estimates.elsewhere.map((place) => elsewhereView(place, t)),
    assumptions: (shown?.assumptions ?? []).map((assumption) => assumptionWords(assumption, t)),
    ...(shown === undefined ? {} : { chosen: chosenView(shown, voice) }),
    ...(note === undefined ? {} : { elsewhereNote: note }),
  };
}

/** An offer that is gone by now gives way to the likeliest. */
export const chosenEstimate = (estimates: Estimates, chosen: OfferId | undefined): OfferEstimate | undefined =>
  (chosen === undefined ? undefined : estimates.all.find(({ offer }) => offer.id === chosen)) ?? likeliest(estimates);

function noticeOf({ reading, estimates, failed, busy }: SessionState, offersLoading: boolean, t: Translate): string | undefined {
  if (failed) return t('The script could not be read; the log says why.');
  if (reading === undefined || estimates === undefined) return busy ? t('Reading the script. It is never run.') : undefined;
  if (reading.gaps.some(({ code }) => code === 'empty' || code === 'notTraining')) return t('This neither trains a model nor answers with one. What it does can be said all the same.');
  const { serving } = estimates;
  const all: readonly unknown[] = serving?.all ?? estimates.all;
  if (all.length === 0) return offersLoading ? t('Reading offers') : t('No offers have been read, so nothing has a price yet.');
  if (estimates.ranked.length > 0 || (serving?.ranked.length ?? 0) > 0) return undefined;
  if (serving !== undefined) return serving.all.some(({ speed }) => speed === undefined) ? tooLittle(t) : t('The model fits on none of the offers. Choose smaller weights, or look at larger cards.');
  return estimates.all.some(({ fit }) => fit.verdict !== 'no')
    ? tooLittle(t)
    : t('It fits on none of the offers. Choose a smaller batch or another method, or look at larger cards.');
}

/** The names stand on the button: whoever presses it knows what is sent. */
function hubButton(reading: Reading, t: Translate): { hub?: string } {
  const { model, dataset } = hubNames(reading);
  const names = [model, dataset].filter((name) => name !== undefined);
  return names.length === 0 ? {} : { hub: t('Look up {0} on the Hub', names.map((name) => plain(name, 100)).join(', ')) };
}

const tooLittle = (t: Translate): string => t('Too little is known for a figure. Answer what the script does not say.');

export function countWords({ all, ranked }: Estimates, filtered: boolean, t: Translate): string {
  const fits = ranked.filter(({ fit }) => fit.verdict === 'fits').length;
  const risky = ranked.length - fits;
  const not = all.filter(({ fit }) => fit.verdict === 'no').length;
  return line(
    fitCount(fits, t),
    risky > 0 && t('{0} may not', grouped(risky)),
    not > 0 && (not === 1 ? t('1 does not') : t('{0} do not', grouped(not))),
    filtered && t('the filter of the offers holds here too'),
  );
}

function pickViews({ picks }: Estimates, voice: Voice): PickView[] {
  const { t } = voice;
  return pickKinds.flatMap((kind) => {
    const estimate = picks[kind];
    if (estimate === undefined) return [];
    const why = whyEstimated(estimate, voice);
    return [{
      label: pickName(kind, t),
      offer: estimate.offer.id,
      machine: machineName(estimate),
      text: line(costText(estimate.usd.likely), about(estimate.hours.likely, t), plain(estimate.offer.place)),
      ...(why === undefined ? {} : { why }),
    }];
  });
}

const elsewhereView = ({ cloud, instance, gpu, gpuCount, usd, hours, readOn }: Estimates['elsewhere'][number], t: Translate): ElsewhereView =>
  ({ name: cloudName(cloud), cost: costText(usd), time: about(hours, t), about: line(plain(instance), gpus(gpuCount, plain(gpu)), t('price of {0}', readOn)) });

export function elsewhereNote({ breakEven }: Estimates, t: Translate): string | undefined {
  if (breakEven === undefined) return undefined;
  const { gpu, cardUsd, hours, readOn, perKwh } = breakEven;
  return t('Buying one {0} for {1} (price of {2}) pays after {3} h of such work, with electricity at {4} a kWh.', plain(gpu), formatUsd(cardUsd), readOn, grouped(Math.round(hours)), formatUsd(usd(perKwh)));
}
