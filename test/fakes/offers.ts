import { usdPerHour } from '../../src/domain/money.ts';
import type { Offer, OfferId } from '../../src/domain/offer.ts';

/** An ordinary offer, for tests that care about one or two of its properties. */
export function offer(change: Partial<Offer> & { gpuUsd?: number; diskUsd?: number } = {}): Offer {
  const { gpuUsd = 0.31, diskUsd = 0.02, ...rest } = change;
  return {
    id: 'vast:1001' as OfferId,
    provider: 'vast',
    gpu: 'RTX 4090',
    gpuCount: 1,
    vramGb: 24,
    price: { gpu: usdPerHour(gpuUsd), disk: usdPerHour(diskUsd), stoppedDisk: usdPerHour(diskUsd) },
    diskGb: 40,
    kind: 'on-demand',
    tier: 'community',
    reliability: 0.995,
    place: 'Norway',
    country: 'NO',
    readAt: Date.UTC(2026, 10, 22, 12),
    details: {},
    ...rest,
  };
}
