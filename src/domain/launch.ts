import type { LimitAction } from './guard.ts';
import type { HostKey } from './hostMemory.ts';
import type { OfferId, OfferKind, ProviderId, Tier } from './offer.ts';
import type { InstanceId, Rates } from './instance.ts';
import type { Usd, UsdPerHour } from './money.ts';
import type { ServerlessTerms } from './serverless.ts';

/**
 * One decision to rent, as the journal keeps it. It is written before the request leaves, and the
 * label in the request is its id, so that any answer that got lost can be matched to it.
 */
export interface Launch {
  /** `gpu-rental-<install>-<time and chance>`: label at the provider and SSH alias; `[a-z0-9-]` only. */
  readonly id: string;
  readonly provider: ProviderId;
  readonly offerId: OfferId;
  readonly quote: Quote;
  readonly state: LaunchState;
  readonly instanceId?: InstanceId;
  /** When somebody could first work on it; what never got there holds nobody's work. */
  readonly readyAt?: number;
  readonly createdAt: number;
  readonly changedAt: number;
}

/**
 * intent -> sent -> created -> ready -> stopping -> stopped, and from anywhere -> ending -> gone; `refused` and
 * `notCreated` made nothing; `uncertain` may have made something and is resolved by the label alone.
 * `stopping` and `ending` are intents: they are written before the request leaves and hold until the provider confirms.
 */
export type LaunchState =
  | 'intent' | 'sent' | 'refused' | 'uncertain' | 'notCreated'
  | 'created' | 'ready' | 'stopping' | 'stopped' | 'ending' | 'gone';

/**
 * What each state may come from. The journal refuses anything else, so that a window that slept through a
 * change, or an answer that comes late, can never turn a launch back: nothing leaves `ending` but by being gone.
 */
const comesFrom: Readonly<Record<LaunchState, readonly LaunchState[]>> = {
  intent: [],
  sent: ['intent'],
  refused: ['sent', 'uncertain'],
  uncertain: ['sent'],
  notCreated: ['intent', 'uncertain', 'ending'],
  created: ['sent', 'uncertain', 'created', 'ready', 'stopping', 'stopped'],
  ready: ['created', 'ready'],
  stopping: ['created', 'ready', 'stopping', 'stopped'],
  stopped: ['created', 'ready', 'stopping', 'stopped'],
  ending: ['sent', 'uncertain', 'created', 'ready', 'stopping', 'stopped', 'ending', 'gone', 'refused', 'notCreated'],
  gone: ['created', 'ready', 'stopping', 'stopped', 'ending', 'gone'],
};
export const predecessors = (state: LaunchState): readonly LaunchState[] => comesFrom[state];

/** States in which something may exist and bill. */
export const mayBill: readonly LaunchState[] = ['sent', 'uncertain', 'created', 'ready', 'stopping', 'stopped', 'ending'];

/** What the person agreed to. */
export interface Quote {
  /** How the person calls it; may be empty. */
  readonly name: string;
  /** The workspace folder that was open when it was rented. */
  readonly project?: string;
  readonly gpu: string;
  readonly gpuCount: number;
  readonly vramGb: number;
  readonly place: string;
  /** Where its provider names it. */
  readonly host?: HostKey;
  /** The network towards it, as advertised, in Mb/s. */
  readonly downMbps?: number;
  readonly kind: OfferKind;
  readonly tier: Tier;
  readonly diskGb: number;
  readonly rates: Rates;
  /** What its guard counts an hour at, where the rates were agreed anew since it was told. */
  readonly guardRate?: UsdPerHour;
  /** The launch whose work it goes on with. */
  readonly movedFrom?: string;
  /** What was agreed of an endpoint; its running rate is then the most that it can cost. */
  readonly serverless?: ServerlessTerms;
  /** When that price was read, by the provider's clock. */
  readonly readAt?: number;
  readonly image: string;
  readonly limits: Limits;
}

export interface Limits {
  /** Spend on this machine at which it is ended. */
  readonly budget: Usd;
  /** Epoch milliseconds at which it is ended unless renewed. */
  readonly leaseEndsAt: number;
  /** Without use for this long it is ended, milliseconds; 0 or absent leaves idleness out. */
  readonly idleMs?: number;
  /** What reaching a limit does; absent is `stop`, and `destroy` whatever was chosen where machines cannot be stopped. */
  readonly atLimit?: LimitAction;
}

/** Above this the machine is not what was agreed: two percent or two cents an hour, whichever is more. */
export const dearerThanAgreed = (agreed: UsdPerHour, real: UsdPerHour): boolean =>
  real > agreed + Math.max(agreed * 0.02, 20_000);

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';

/** Sortable by time, unique by 80 random bits, and a valid DNS-like alias in lower case. */
export function launchId(install: string, now: number, random: (bytes: number) => Uint8Array): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = crockford[rest % 32] + time;
  const chance = [...random(16)].map((byte) => crockford[byte % 32]).join('');
  return `gpu-rental-${install}-${time}${chance}`;
}

export const isOurLabel = (label: string, install: string): boolean => label.startsWith(`gpu-rental-${install}-`);
