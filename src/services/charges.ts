import type { InstanceId } from '../domain/instance.ts';
import type { Usd } from '../domain/money.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Log } from '../domain/ports.ts';
import type { Charge, Provider } from '../domain/provider.ts';
import type { Interval } from '../domain/store.ts';
import type { Meter } from './meter.ts';

/** Providers correct their books for days; older than this is history. */
const lookBackMs = 35 * 24 * 3_600_000;

/** Vast's buckets are whole days. */
const longestBucketMs = 24 * 3_600_000;

export interface ChargesDeps {
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly signedIn: (provider: ProviderId) => boolean;
  /** Rented by this installation. */
  readonly ours: (id: InstanceId) => boolean;
  readonly meter: Meter;
  readonly log: Log;
}

/** Replaces metered figures by the providers' own charges, where those are final. */
export async function settleCharges({ providers, signedIn, ours, meter, log }: ChargesDeps, signal: AbortSignal): Promise<void> {
  for (const provider of providers.values()) {
    if (!signedIn(provider.id)) continue;
    const until = meter.providerNow() - provider.traits.chargesSettleMs;
    const open = meter.unsettledSince(provider.id);
    if (open === undefined || open >= until) continue;
    try {
      // A bucket that began before what is open still tells about it.
      const charges = await provider.charges(Math.max(open - longestBucketMs, until - lookBackMs), until, signal);
      const { intervals } = meter.books();
      meter.settle(provider.id, charges.flatMap((charge) => {
        const id: InstanceId = `${provider.id}:${charge.instanceKey}`;
        return ours(id) ? [charge] : sinceSeen(charge, intervals.filter(({ instanceId }) => instanceId === id));
      }));
    } catch (error) {
      log.warn(`charges of ${provider.id} could not be read`, error);
    }
  }
}

/** A stranger's machine is counted from when it was first seen; a charge that began before that counts by time. */
function sinceSeen(charge: Charge, intervals: readonly Interval[]): Charge[] {
  const seen = Math.min(...intervals.map(({ from }) => from));
  if (charge.from >= seen) return [charge];
  if (charge.to <= seen) return [];
  return [{ ...charge, from: seen, amount: Math.round(charge.amount * ((charge.to - seen) / (charge.to - charge.from))) as Usd }];
}
