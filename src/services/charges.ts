import type { InstanceId } from '../domain/instance.ts';
import { zeroUsd, type Usd } from '../domain/money.ts';
import { offerKey, type ProviderId } from '../domain/offer.ts';
import type { Log } from '../domain/ports.ts';
import type { Charge, Provider } from '../domain/provider.ts';
import type { Interval, Journal, Notes } from '../domain/store.ts';
import type { Meter } from './meter.ts';
import { outOfSight } from './whose.ts';

/** Providers correct their books for days; older than this is history. */
const lookBackMs = 35 * 24 * 3_600_000;

/** Vast's buckets are whole days. */
const longestBucketMs = 24 * 3_600_000;

/** Books have been late before: that nothing was charged is believed only a day after charges are final. */
const doubtMs = 24 * 3_600_000;

export interface ChargesDeps {
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly signedIn: (provider: ProviderId) => boolean;
  /** Rented by this installation. */
  readonly ours: (id: InstanceId) => boolean;
  readonly meter: Meter;
  readonly store: Notes & Pick<Journal, 'launchOf'>;
  readonly log: Log;
}

/** Replaces metered figures by the providers' own charges, where those are final. */
export async function settleCharges(deps: ChargesDeps, signal: AbortSignal): Promise<void> {
  const { providers, signedIn, ours, meter, log } = deps;
  for (const provider of providers.values()) {
    const { chargesSettleMs: settleMs, chargeBucketMs: bucketMs } = provider.traits;
    if (!signedIn(provider.id) || provider.charges === undefined || settleMs === undefined || bucketMs === undefined) continue;
    const until = meter.providerNow() - settleMs;
    const open = meter.unsettledSince(provider.id);
    if (open === undefined || open >= until) continue;
    try {
      // A bucket that began before what is open still tells about it.
      const charges = await provider.charges(Math.max(open - longestBucketMs, until - lookBackMs), until, signal);
      const { intervals } = meter.books();
      const told = charges.flatMap((charge) => {
        const id: InstanceId = `${provider.id}:${charge.instanceKey}`;
        return ours(id) ? [charge] : sinceSeen(charge, intervals.filter(({ instanceId }) => instanceId === id));
      });
      const metered = intervals.filter(({ instanceId }) => instanceId.startsWith(`${provider.id}:`));
      const nothing = uncharged([...metered, ...meter.unmetered(provider.id)], told, open, until - doubtMs, bucketMs);
      meter.settle(provider.id, [...told, ...(await ofAccount(deps, provider, nothing, signal))]);
    } catch (error) {
      log.warn(`charges of ${provider.id} could not be read`, error);
    }
  }
}

/** Of another account's machines these books say nothing at all. */
async function ofAccount({ store, log }: ChargesDeps, provider: Provider, charges: readonly Charge[], signal: AbortSignal): Promise<readonly Charge[]> {
  const launchOf = ({ instanceKey }: Charge): string => store.launchOf(`${provider.id}:${instanceKey}`)?.id ?? '';
  const { launchIds } = await outOfSight({ store, log }, provider, [...new Set(charges.map(launchOf))], signal);
  return charges.filter((charge) => !launchIds.has(launchOf(charge)));
}

/** A stranger's machine is counted from when it was first seen; a charge that began before that counts by time. */
function sinceSeen(charge: Charge, intervals: readonly Interval[]): Charge[] {
  const seen = Math.min(...intervals.map(({ from }) => from));
  if (charge.from >= seen) return [charge];
  if (charge.to <= seen) return [];
  return [{ ...charge, from: seen, amount: Math.round(charge.amount * ((charge.to - seen) / (charge.to - charge.from))) as Usd }];
}

/**
 * Whole buckets in which a machine was, as far as we know, and the provider names no charge of it: it cost nothing then,
 * however it looked from here. A laptop that slept while the guard ended the machine has metered all of the night.
 */
function uncharged(metered: readonly Pick<Interval, 'instanceId' | 'from' | 'to'>[], told: readonly Charge[], open: number, until: number, bucketMs: number): Charge[] {
  const named = new Set(told.map(({ instanceKey, from }) => `${instanceKey}/${Math.floor(from / bucketMs)}`));
  const nothing = new Map<string, Charge>();
  for (const { instanceId, from, to } of metered) {
    const instanceKey = offerKey(instanceId);
    for (let bucket = Math.floor(Math.max(from, open) / bucketMs); bucket * bucketMs < to && (bucket + 1) * bucketMs <= until; bucket++) {
      const name = `${instanceKey}/${bucket}`;
      if (!named.has(name)) nothing.set(name, { instanceKey, from: bucket * bucketMs, to: (bucket + 1) * bucketMs, amount: zeroUsd });
    }
  }
  return [...nothing.values()];
}
