import type { ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import type { Meter } from './meter.ts';

/** Providers correct their books for days; older than this is history. */
const lookBackMs = 35 * 24 * 3_600_000;

/** Vast's buckets are whole days. */
const longestBucketMs = 24 * 3_600_000;

/** Replaces metered figures by the providers' own charges, where those are final. */
export async function settleCharges(
  providers: ReadonlyMap<ProviderId, Provider>,
  signedIn: (provider: ProviderId) => boolean,
  meter: Meter,
  clock: Clock,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (const provider of providers.values()) {
    if (!signedIn(provider.id)) continue;
    const until = Math.max(clock.now(), meter.providerNow()) - provider.traits.chargesSettleMs;
    const open = meter.unsettledSince(provider.id);
    if (open === undefined || open >= until) continue;
    try {
      // A bucket that began before what is open still tells about it.
      meter.settle(provider.id, await provider.charges(Math.max(open - longestBucketMs, until - lookBackMs), until, signal));
    } catch (error) {
      log.warn(`charges of ${provider.id} could not be read`, error);
    }
  }
}
