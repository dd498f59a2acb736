/** What a machine is paid from: the caps that a person set for all machines together, and the balance at its provider. */
import { leftOf, tightest, type CapUse } from '../../domain/caps.ts';
import type { Limits } from '../../domain/launch.ts';
import { formatUsd, lastsMs, sumRates, type Usd, type UsdPerHour } from '../../domain/money.ts';
import type { ProviderId } from '../../domain/offer.ts';
import type { Consent } from './consent.ts';
import type { Voice } from '../voice.ts';
import { duration } from '../words.ts';

export interface Purse {
  readonly caps: readonly CapUse[];
  /** Undefined while it is not known. */
  readonly balance?: Usd;
  /** What this provider's machines and volumes cost now. */
  readonly burn: UsdPerHour;
}

/** Nothing runs past this one until it is raised. */
export const usedUp = ({ caps }: Purse): CapUse | undefined => caps.find((use) => leftOf(use) === 0);

/** Said in place of a consent: what would be started would be ended at once. */
export function usedUpConsent(use: CapUse, { t }: Voice): Consent {
  return {
    title: use.kind === 'month' ? t('This month’s {0} is used up', formatUsd(use.limit)) : t('This session’s {0} is used up', formatUsd(use.limit)),
    detail: t('{0} has been spent. A machine that runs now would be ended at once; raise the cap first.', formatUsd(use.counted)),
  };
}

/** What does not go together, said before it is agreed to. */
export function purseWords(purse: Purse, rate: UsdPerHour, limits: Limits, provider: ProviderId, now: number, voice: Voice): string {
  return [capWords(purse, limits, voice), balanceWords(purse, rate, limits, provider, now, voice)].filter((sentence) => sentence).join(' ');
}

function capWords({ caps }: Purse, { budget }: Limits, { t }: Voice): string | undefined {
  const use = tightest(caps);
  if (use === undefined || leftOf(use) >= budget) return undefined;
  const figures = [formatUsd(leftOf(use)), formatUsd(use.limit), formatUsd(budget)] as const;
  return use.kind === 'month'
    ? t('{0} of this month’s {1} is left; this machine’s budget leaves it {2}. When the month’s is used up, all your machines are stopped, or destroyed where that was agreed.', ...figures)
    : t('{0} of this session’s {1} is left; this machine’s budget leaves it {2}. When the session’s is used up, all your machines are stopped, or destroyed where that was agreed.', ...figures);
}

/** Only where the balance ends before the limits do. */
function balanceWords({ balance, burn }: Purse, rate: UsdPerHour, { budget, leaseEndsAt }: Limits, provider: ProviderId, now: number, voice: Voice): string | undefined {
  if (balance === undefined) return undefined;
  const lasts = lastsMs(balance, sumRates([burn, rate]));
  if (lasts >= leaseEndsAt - now || lasts >= lastsMs(budget, rate)) return undefined;
  const { t, nameOf } = voice;
  return `${t('The balance at {0}, {1}, lasts {2} with it.', nameOf(provider), formatUsd(balance), duration(lasts, t))} ${atZero(provider, voice)}`;
}

/** What the provider does when the balance is used up. */
export function atZero(provider: ProviderId, { t, nameOf }: Voice): string {
  switch (provider) {
    case 'runpod':
      return t('At zero {0} ends every machine without a network volume, and its disk is lost.', nameOf(provider));
    case 'vast':
      return t('At zero {0} stops every machine, and their disks are lost after a while.', nameOf(provider));
    case 'lambda':
      return t('{0} sends an invoice for what has run.', nameOf(provider));
  }
}
