/**
 * What a person agrees to when money is about to be spent. It names the hourly price, the disk, the
 * limits, and who holds the machine to them: a guard on it, or only the editor.
 */
import type { OfferInsight } from '../../domain/insight.ts';
import type { Limits } from '../../domain/launch.ts';
import { formatRate, formatUsd, type UsdPerHour } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import type { Start } from '../../domain/start.ts';
import type { Volume } from '../../domain/volume.ts';
import { plain } from '../escape.ts';
import { happenedWords } from '../market/hostWords.ts';
import { standingWords } from '../market/standingWords.ts';
import { trustWord } from '../offers/offerRow.ts';
import type { Voice } from '../voice.ts';
import { gpus, moment, percent, perTerabyte, rateAndMonth, spanWords } from '../words.ts';
import { bidWords, type Bidding } from './bidWords.ts';
import { purseWords, type Purse } from './purse.ts';
import { startWords } from './starts.ts';
import { attachedWords } from './volumeWords.ts';

export interface Consent {
  readonly title: string;
  readonly detail: string;
}

export interface ConsentInput {
  /** Read just now, for the disk that will be rented. */
  readonly offer: Offer;
  readonly insight?: OfferInsight;
  /** What the list said, when it said something else. */
  readonly listed?: UsdPerHour;
  /** Where the price is what one bids. */
  readonly bidding?: Bidding;
  readonly limits: Limits;
  readonly start: Start;
  /** A disk of the person's own that it is rented with, and where it is found there. */
  readonly volume?: { readonly is: Volume; readonly folder: string };
  /** Whether a machine there can end itself. */
  readonly selfStop: boolean;
  readonly purse: Purse;
  readonly now: number;
  readonly practice: boolean;
}

export function rentConsent(input: ConsentInput, voice: Voice): Consent {
  const { t } = voice;
  const { offer, practice, purse, limits, now } = input;
  return {
    title: t('Rent {0} for {1}?', gpus(offer.gpuCount, plain(offer.gpu)), formatRate(allIn(offer))),
    detail: paragraphs(practice && practiceWords(voice), priceWords(input, voice), hostWords(offer, voice), input.insight?.incident && happenedWords(input.insight.incident, voice), input.bidding && bidWords(offer, input.bidding, voice), startWords(input.start, voice), volumeWords(input, voice), endWords(input, voice), purseWords(purse, allIn(offer), limits, offer.provider, now, voice)),
  };
}

export const paragraphs = (...parts: (string | false | undefined)[]): string => parts.filter((part) => part).join('\n\n');

export const practiceWords = ({ t }: Voice): string => t('This is the practice market: no real money is spent.');

function priceWords({ offer, listed }: ConsentInput, { t }: Voice): string {
  const { price, diskGb, details } = offer;
  const parts = price.disk === 0
    ? t('{0} for the whole machine, its disk of {1} GB included.', formatRate(price.gpu), diskGb)
    : t('GPU {0} + {1} GB disk {2}.', formatRate(price.gpu), diskGb, formatRate(price.disk));
  const moved = listed !== undefined && listed !== allIn(offer) && t('The list said {0}.', formatRate(listed));
  const { downUsdPerGb: down = 0, upUsdPerGb: up = 0 } = details;
  const traffic = down + up > 0 && t('Traffic is charged on top: {0} in, {1} out.', perTerabyte(down, t), perTerabyte(up, t));
  const rounded = details.billedEveryMs === 60_000 && t('A minute that has begun is charged whole.');
  return [parts, rounded, moved, traffic].filter((sentence) => sentence).join(' ');
}

const volumeWords = ({ volume }: ConsentInput, voice: Voice): string | undefined => volume && attachedWords(volume.is, volume.folder, voice);

function hostWords(offer: Offer, { t, nameOf }: Voice): string {
  const where = offer.place ? plain(offer.place) : t('an unknown place');
  const name = nameOf(offer.provider);
  const kind = offer.tier === 'datacentre' ? t('{0} datacentre in {1}', name, where) : t('{0} host in {1}', name, where);
  const reliable = offer.reliability !== undefined && t('{0} reliable', percent(offer.reliability));
  const owner = offer.tier === 'datacentre' ? '.' : `, ${t('not a datacentre: the owner can read what runs there.')}`;
  const host = `${[kind, reliable].filter((part) => part).join(', ')}${owner}`;
  return offer.kind === 'interruptible' ? `${host} ${t('Interruptible: it can be stopped without notice when somebody pays more.')}` : host;
}

function endWords({ offer, limits, selfStop, volume, now }: ConsentInput, voice: Voice): string {
  const ends = selfStop ? limitWords(limits, now, voice) : editorLimitWords(limits, now, { provider: offer.provider, noStop: offer.details.noStop === true }, voice);
  if (limits.atLimit === 'destroy') return ends;
  const stopped = volume !== undefined && offer.price.stoppedDisk === 0 ? voice.t('Stopped, it costs nothing and keeps only the volume.') : stoppedWords(offer.price.stoppedDisk, voice);
  return `${ends} ${stopped}`;
}

/** What ends it when nobody is there. */
export function limitWords(limits: Limits, now: number, { t }: Voice): string {
  const { idleMs = 0 } = limits;
  const [at, budget, idle] = [moment(limits.leaseEndsAt, now, t), formatUsd(limits.budget), spanWords(idleMs, t)];
  const held = t('A guard on the machine sees to it, with the editor open or closed; you are told when it does not work.');
  if (limits.atLimit === 'destroy') {
    const ends = idleMs > 0 ? t('It destroys itself, disk and all, at {0} or at {1}, and when idle for {2}.', at, budget, idle) : t('It destroys itself, disk and all, at {0} or at {1}.', at, budget);
    return `${ends} ${held}`;
  }
  const ends = idleMs > 0 ? t('It stops by itself at {0} or at {1}, and when idle for {2}.', at, budget, idle) : t('It stops by itself at {0} or at {1}.', at, budget);
  return `${ends} ${held}`;
}

/** Where the machine has no way to end itself, and perhaps no way to be stopped. */
export function editorLimitWords(limits: Limits, now: number, { provider, noStop }: { readonly provider: Offer['provider']; readonly noStop: boolean }, { t, nameOf }: Voice): string {
  const [at, budget] = [moment(limits.leaseEndsAt, now, t), formatUsd(limits.budget)];
  return [
    noStop
      ? t('Not protected: machines of {0} cannot be stopped, and cannot end themselves.', nameOf(provider))
      : t('Not protected: at {0} a machine of this image cannot stop itself.', nameOf(provider)),
    limits.atLimit === 'destroy'
      ? t('At its limit, {0} or {1}, whichever comes first, it is destroyed by the editor, disk and all, but only while a window is open in which GPU Rental is in use.', at, budget)
      : t('The editor stops it at {0} or at {1}, whichever comes first, but only while a window is open in which GPU Rental is in use.', at, budget),
    noStop && t('Until then, and with the editor closed, it costs until you destroy it.'),
  ].filter((sentence) => sentence).join(' ');
}

/** What stopping does not end. */
export const stoppedWords = (stopped: UsdPerHour, { t }: Voice): string =>
  stopped === 0
    ? t('Stopped, it costs nothing and keeps nothing.')
    : t('Stopped, its disk goes on costing {0} until you destroy it.', rateAndMonth(stopped, t));

/** When an offer could not be had: what happened, and one like it at no more than was agreed. */
export function nextBestConsent(happened: string, input: ConsentInput, voice: Voice): Consent {
  const { offer, insight: { standing } = {} } = input;
  const short = [formatRate(allIn(offer)), trustWord(offer, voice), plain(offer.place), standing === 'cheap' && standingWords(standing, voice)].filter((part) => part).join(', ');
  return { title: `${happened} ${voice.t('The next best is {0}.', short)}`, detail: rentConsent(input, voice).detail };
}
