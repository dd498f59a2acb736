/**
 * What people who rent much advise, as data: when a rule speaks, for or against an offer, in which words, and who said
 * so. They give reasons beside the expected cost and never change it. Where today's figures contradict a source, the
 * rule goes by the figures: machines with many GPUs are called rare there, and are not; so it counts those on offer.
 */
import type { Job } from '../../domain/job.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Translate } from '../words.ts';
import type { HourlyPrices } from './offPeak.ts';
import { comparison, inference, type Source } from './sources.ts';

/** `note`: worth knowing, whichever offer is taken. */
export type Stance = 'for' | 'against' | 'note';

/** What a rule may look at beyond the offer and the job. */
export interface Market {
  /** Offers of the same model with as many GPUs, this one counted; undefined where nobody counted. */
  readonly alike?: number;
  /** The user's own samples of the model, where there are enough of them. */
  readonly ownPrices?: HourlyPrices;
}

export type RuleId =
  | 'shortJob' | 'middleJob' | 'longJob' | 'production' | 'marketplace' | 'interruptible' | 'sensitive' | 'trackRecord' | 'network' | 'manyGpus' | 'bySecond' | 'offPeak';

export interface Rule {
  readonly id: RuleId;
  /** Undefined: the user's own samples. */
  readonly source: Source | undefined;
  readonly stance: (offer: Offer, job: Job, market: Market) => Stance | undefined;
  readonly says: (stance: Stance, offer: Offer, job: Job, market: Market, t: Translate) => string;
}

const strict = 0.99;
const shortHours = 4;
const longHours = 12;
const mostCheckpointHours = 1;
const halfYearMs = 182 * 24 * 3_600_000;
const muchDataGb = 50;
const slowMbps = 200;
const fastMbps = 500;

const inDatacentre = ({ tier }: Offer): boolean => tier === 'datacentre';
const isStrict = (offer: Offer): boolean => inDatacentre(offer) || (offer.reliability ?? 0) >= strict;
const isMiddle = ({ hours, use }: Job): boolean => use !== 'production' && hours >= shortHours && hours <= longHours;
const saves = ({ checkpointHours }: Job): boolean => checkpointHours !== undefined && checkpointHours <= mostCheckpointHours;
const eitherWay = (holds: boolean): Stance => (holds ? 'for' : 'against');

export const rules: readonly Rule[] = [
  {
    id: 'sensitive', source: comparison,
    stance: (offer, { sensitive }) => (sensitive ? eitherWay(inDatacentre(offer)) : undefined),
    says: (stance, _offer, _job, _market, t) =>
      stance === 'for' ? t('Sensitive work belongs into a datacentre that the provider answers for; this is one.') : t('Sensitive work belongs into a datacentre: the owner of this machine can read what runs on it.'),
  },
  {
    id: 'production', source: comparison,
    stance: (offer, { use }) => (use === 'production' ? eitherWay(inDatacentre(offer)) : undefined),
    says: (stance, _offer, _job, _market, t) =>
      stance === 'for' ? t('What others rely on belongs into a datacentre tier; this is one.') : t('What others rely on belongs into a datacentre tier: a private host may go at any hour.'),
  },
  {
    id: 'interruptible', source: inference,
    stance: ({ kind }, job) => (kind === 'interruptible' && (job.use === 'production' || !saves(job)) ? 'against' : undefined),
    says: (_stance, _offer, { use }, _market, t) =>
      use === 'production' ? t('Interruptible machines are taken away without notice, which a service cannot bear.') : t('Interruptible machines are taken away without notice; without checkpoints the lost work eats the lower price.'),
  },
  {
    id: 'shortJob', source: comparison,
    stance: (offer, { hours, use }) => (use !== 'production' && hours < shortHours && !inDatacentre(offer) ? 'for' : undefined),
    says: (_stance, _offer, _job, _market, t) => t('Under {0} hours either kind of host will do, and the lower price outweighs the small risk.', shortHours),
  },
  {
    id: 'middleJob', source: comparison,
    stance: (offer, job) => (isMiddle(job) ? eitherWay(isStrict(offer)) : undefined),
    says: (stance, _offer, _job, _market, t) =>
      stance === 'for'
        ? t('From {0} to {1} hours a datacentre or a host of {2} % and more is worth its price; this is one.', shortHours, longHours, strict * 100)
        : t('From {0} to {1} hours a datacentre or a host of {2} % and more is worth its price; this is neither.', shortHours, longHours, strict * 100),
  },
  {
    id: 'longJob', source: comparison,
    stance: (_offer, job) => (job.use === 'production' || job.hours <= longHours ? undefined : saves(job) ? 'note' : 'against'),
    says: (stance, _offer, _job, _market, t) =>
      stance === 'note'
        ? t('Over {0} hours, checkpoints like yours keep an interruption cheap.', longHours)
        : t('Over {0} hours save a checkpoint every 30 to 60 minutes, wherever it runs: without, an interruption costs all that was done.', longHours),
  },
  {
    id: 'marketplace', source: comparison,
    stance: (offer, job) => (!inDatacentre(offer) && (job.use === 'exploration' || (job.use === 'batch' && saves(job))) ? 'for' : undefined),
    says: (_stance, _offer, { use }, _market, t) =>
      use === 'exploration' ? t('For trying things out the marketplace gives more tries for the money.') : t('Work with checkpoints can bear an interruption, so the marketplace’s lower price is worth it.'),
  },
  {
    id: 'trackRecord', source: comparison,
    stance: (offer) => (!inDatacentre(offer) && (offer.reliability ?? 0) >= strict && offer.details.listedSince !== undefined && offer.readAt - offer.details.listedSince >= halfYearMs ? 'for' : undefined),
    says: (_stance, _offer, _job, _market, t) => t('It has been listed for more than half a year, at {0} % and more.', strict * 100),
  },
  {
    id: 'network', source: comparison,
    stance: ({ details: { downMbps } }, { dataGb }) => (dataGb < muchDataGb || downMbps === undefined ? undefined : downMbps < slowMbps ? 'against' : downMbps >= fastMbps ? 'for' : undefined),
    says: (stance, { details: { downMbps = 0 } }, { dataGb }, _market, t) =>
      stance === 'for' ? t('Its line of {0} Mbit/s suits the {1} GB to be moved.', Math.round(downMbps), Math.round(dataGb)) : t('Its line of {0} Mbit/s is slow for the {1} GB to be moved.', Math.round(downMbps), Math.round(dataGb)),
  },
  {
    id: 'manyGpus', source: comparison,
    stance: ({ gpuCount }, _job, { alike }) => (gpuCount >= 4 && alike !== undefined && alike <= 3 ? 'note' : undefined),
    says: (_stance, { gpuCount }, _job, { alike = 0 }, t) => t('Machines with {0} such GPUs are few: {1} on offer now.', gpuCount, alike),
  },
  {
    id: 'bySecond', source: comparison,
    stance: (_offer, { hours }) => (hours < 1 ? 'note' : undefined),
    says: (_stance, { details: { billedEveryMs } }, _job, _market, t) =>
      billedEveryMs === 60_000 ? t('It is billed by the minute: a short job pays for no hour.') : t('It is billed by the second: a short job pays for no hour.'),
  },
  {
    id: 'offPeak', source: undefined,
    stance: (_offer, _job, { ownPrices }) => (ownPrices === undefined ? undefined : ownPrices.now <= ownPrices.cheapest ? 'for' : 'note'),
    says: (stance, _offer, _job, { ownPrices }, t) => {
      const { days = 0, cheapestHour = 0, saving = 0 } = ownPrices ?? {};
      return stance === 'for'
        ? t('This is the cheapest hour of the day for it in {0} days of your own samples.', days)
        : t('In {0} days of your own samples it was {1} % cheaper around {2}:00.', days, Math.round(saving * 100), cheapestHour);
    },
  },
];
