/** The machine that work moves to, and what it may cost there. */
import { bidIn } from '../../domain/bid.ts';
import { leaseWarningMs } from '../../domain/budget.ts';
import { nextBest } from '../../domain/filter.ts';
import type { Launch } from '../../domain/launch.ts';
import { subtractUsd, usd, type UsdPerHour } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { RentDeps } from '../rent/rentDeps.ts';
import { startFor } from '../rent/starts.ts';
import type { Wish } from '../rent/terms.ts';

/** Like it and no dearer; else the cheapest like it, of either kind: a person agrees to the price in any case. */
export function nextOffer(offers: readonly Offer[], { offerId, provider, quote }: Launch): Offer | undefined {
  const { gpu, gpuCount, vramGb, kind, tier, place, diskGb, rates } = quote;
  const like: Offer = { id: offerId, provider, gpu, gpuCount, vramGb, kind, tier, place, diskGb, price: { gpu: bidIn(rates), disk: rates.stopped, stoppedDisk: rates.stopped }, readAt: 0, details: {} };
  const none = new Set<string>();
  const within = nextBest(offers, like, allIn(like), none);
  if (within !== undefined) return within;
  const any = (['interruptible', 'on-demand'] as const).flatMap((each) => nextBest(offers, { ...like, kind: each }, Infinity as UsdPerHour, none) ?? []);
  return any.toSorted((a, b) => allIn(a) - allIn(b))[0];
}

/** What is left of what was agreed to, so that moving spends no more than staying. */
export function wishFor(deps: Pick<RentDeps, 'settings' | 'starts' | 'traits' | 'now'>, launch: Launch, { spent }: FleetInstance, offer: Offer): Wish {
  const { settings } = deps;
  const { limits, diskGb, image } = launch.quote;
  const at = deps.now();
  const left = subtractUsd(limits.budget, spent);
  const same = offer.provider === launch.provider && startFor(deps, offer, {}).image !== image;
  return {
    budget: left > usd(0.1) ? left : settings.limits.budget,
    leaseHours: limits.leaseEndsAt - at > leaseWarningMs ? (limits.leaseEndsAt - at) / 3_600_000 : settings.limits.leaseHours,
    diskGb,
    ...(limits.idleMs === undefined ? {} : { idleMinutes: limits.idleMs / 60_000 }),
    ...(limits.atLimit === undefined ? {} : { atLimit: limits.atLimit }),
    ...(same ? { start: { provider: launch.provider, what: { image, ports: [] } } } : {}),
  };
}
