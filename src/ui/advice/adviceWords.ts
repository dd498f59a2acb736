/** Why an offer, in one sentence; and what speaks for it and against it, each with who says so. */
import type { HostHistory, HostRecord, HostTrouble } from '../../domain/hostMemory.ts';
import type { Job } from '../../domain/job.ts';
import { formatRate, type Usd } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { adviceFor, type Advice, type FinishPick } from '../../estimate/advice/advise.ts';
import { finishCost, isFor, type Finish } from '../../estimate/advice/finishCost.ts';
import type { Market, Stance } from '../../estimate/advice/rules.ts';
import type { OfferEstimate } from '../../estimate/result.ts';
import { assumptionWords } from '../../estimate/words.ts';
import { markdown } from '../escape.ts';
import { costText } from '../estimate/figures.ts';
import type { Translate, Voice } from '../voice.ts';
import { gb, line, percent, spanWords } from '../words.ts';

const hourMs = 3_600_000;

export interface Why {
  readonly offer: Offer;
  readonly usd: Usd;
  /** Of the work itself. */
  readonly hours: number;
  /** Undefined where nobody counted them. */
  readonly lostHours?: number | undefined;
  readonly dataGb?: number;
  readonly record?: HostRecord | undefined;
}

/** `Expected $4.10 to finish 8 h: $0.42/h, 99.6 % reliable, loses about 12 minutes to interruptions; …` */
export function whyWords({ offer, usd, hours, lostHours, dataGb = 0, record }: Why, voice: Voice): string {
  const { t } = voice;
  const parts = [
    formatRate(allIn(offer)),
    trustWords(offer, voice),
    lostHours !== undefined && lostWords(lostHours, t),
    dataGb >= 1 && offer.details.downMbps !== undefined && t('{0} to move', gb(dataGb)),
  ].filter((part) => part).join(', ');
  const lived = record && livedWords(record, t);
  return lived === undefined
    ? t('Expected {0} to finish {1}: {2}.', costText(usd), hoursWords(hours, t), parts)
    : t('Expected {0} to finish {1}: {2}; {3}.', costText(usd), hoursWords(hours, t), parts, lived);
}

export const whyOf = (offer: Offer, { hours, dataGb }: Job, { usd, lostHours, record }: Finish): Why => ({ offer, usd, hours, lostHours, dataGb, record });

/** The same of what a script was estimated to take; only of what may be taken away is it counted what that loses. */
export function whyEstimated({ offer, usd, parts, interruption }: OfferEstimate, voice: Voice): string | undefined {
  if (usd === undefined || parts === undefined) return undefined;
  const hours = parts.trainHours.likely + parts.evalHours.likely;
  return whyWords({ offer, usd: usd.likely, hours, lostHours: interruption && parts.lostHours.likely }, voice);
}

/** `8 h`, `1.5 h`, `20 minutes`. */
export const hoursWords = (hours: number, t: Translate): string => (hours < 0.995 ? spanWords(Math.max(1 / 60, hours) * hourMs, t) : t('{0} h', Number(hours.toFixed(hours < 9.95 ? 1 : 0))));

function trustWords({ reliability, tier, provider }: Offer, { t, nameOf }: Voice): string {
  if (reliability !== undefined) return t('{0} reliable', percent(reliability));
  return tier === 'datacentre' ? t('a datacentre of {0}', nameOf(provider)) : t('a private host that publishes no reliability');
}

function lostWords(hours: number, t: Translate): string {
  const minutes = Math.round(hours * 60);
  if (minutes < 1) return t('loses next to nothing to interruptions');
  return t('loses about {0} to interruptions', spanWords(minutes < 100 ? minutes * 60_000 : Math.round(hours) * hourMs, t));
}

function livedWords({ incidents, ready, hours }: HostRecord, t: Translate): string | undefined {
  const [newest] = incidents;
  if (newest !== undefined) return troubleWords(newest.trouble, t);
  return ready === 0 ? undefined : t('a host of your own good experience, {0} so far', hoursWords(hours, t));
}

function troubleWords(trouble: HostTrouble, t: Translate): string {
  switch (trouble) {
    case 'neverReady':
    case 'noSsh':
      return t('a rental of yours there could not be used');
    case 'lost':
      return t('a machine of yours was lost there');
    case 'otherGpu':
      return t('it once had another GPU than it says');
    case 'slowLink':
      return t('its line was slower than it says');
  }
}

export function pickName(kind: FinishPick, t: Translate): string {
  switch (kind) {
    case 'cheapest':
      return t('Cheapest to finish');
    case 'safest':
      return t('Safest');
    case 'known':
      return t('Best known');
  }
}

export function stanceName(stance: Stance, t: Translate): string {
  switch (stance) {
    case 'for':
      return t('Speaks for it');
    case 'against':
      return t('Speaks against it');
    case 'note':
      return t('Worth knowing');
  }
}

export const reasonText = ({ rule, stance }: Advice, offer: Offer, job: Job, market: Market, t: Translate): string => rule.says(stance, offer, job, market, t);

/** Who says so, and since when. */
export const sourceWords = ({ rule: { source } }: Advice, t: Translate): string => (source === undefined ? t('your own samples') : line(source.name, source.date));

/** `8 h on 1× RTX 4090`, for a title. */
export const jobWords = ({ hours, on }: Job, t: Translate): string => (on === undefined ? hoursWords(hours, t) : t('{0} on {1}', hoursWords(hours, t), `${on.gpuCount}× ${on.gpu}`));

/** For the tooltip of an offer: what finishing is expected to cost there, and every reason with its source. */
export function finishTooltip(offer: Offer, job: Job, market: Market, history: HostHistory | undefined, voice: Voice): string | undefined {
  const { t } = voice;
  if (!isFor(job, offer)) return undefined;
  const finish = finishCost(offer, job, history);
  const hours = hoursWords(job.hours, t);
  if (finish === undefined) return markdown(t('Your job of {0} cannot be finished there: the offer ends before, or interruptions come faster than the work gets on.', hours), 300);
  const reasons = adviceFor(offer, job, market).map((advice) =>
    `${stanceName(advice.stance, t)}: ${reasonText(advice, offer, job, market, t)} (${sourceWords(advice, t)})`);
  return [
    `**${markdown(t('To finish your job of {0}: {1}', hours, costText(finish.usd)))}**`,
    markdown(whyWords(whyOf(offer, job, finish), voice), 400),
    ...reasons.map((reason) => markdown(reason, 400)),
    ...finish.assumptions.map((assumption) => markdown(t('Taken for granted: {0}', assumptionWords(assumption, t)), 400)),
  ].join('\n\n');
}
