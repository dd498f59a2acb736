/** What a person should know before they bid: what holds the machine now, what others like it take, and what losing it means. */
import { ownOutbidHours, type OutbidHistory, type TypicalBid } from '../../domain/bid.ts';
import { formatRate, type UsdPerHour } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import { failuresOf } from '../../estimate/cost/failures.ts';
import type { Voice } from '../voice.ts';
import { duration, grouped } from '../words.ts';

export interface Bidding {
  /** The least that wins now, for the GPUs alone, where that is told. */
  readonly floor?: UsdPerHour;
  readonly typical?: TypicalBid;
  readonly own: OutbidHistory;
}

const hourMs = 3_600_000;

export const bidWords = (offer: Offer, bidding: Bidding, voice: Voice): string =>
  [voice.t('Your bid is {0}, and that is what it costs while it runs.', formatRate(offer.price.gpu)), floorWords(bidding, voice), riskWords(offer, bidding, voice)].join(' ');

export function floorWords({ floor, typical }: Bidding, { t }: Voice): string {
  const parts = [
    floor !== undefined && t('The least that wins now is {0}.', formatRate(floor)),
    typical !== undefined && t('The median over the {0} machines like it on show is {1}.', grouped(typical.of), formatRate(typical.rate)),
  ];
  return parts.filter((part) => part).join(' ');
}

function riskWords(offer: Offer, { own }: Bidding, { t }: Voice): string {
  const outbidHours = ownOutbidHours(own);
  const { meanHoursBetween, assumptions } = failuresOf(offer, outbidHours === undefined ? {} : { outbidHours });
  const every = duration((meanHoursBetween ?? Infinity) * hourMs, t);
  const often = assumptions.length > 0
    ? t('How often such machines are taken away is published nowhere; about every {0} is assumed.', every)
    : t('Yours were outbid {0} times in {1}; expect it about every {2}.', grouped(own.times), duration(own.hours * hourMs, t), every);
  return `${often} ${t('What runs then ends without notice, its disk goes on costing, and work goes on from the last checkpoint that was copied elsewhere.')}`;
}
