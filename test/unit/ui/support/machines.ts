import type { InstanceId } from '../../../../src/domain/instance.ts';
import { burnOf } from '../../../../src/domain/instance.ts';
import type { Launch } from '../../../../src/domain/launch.ts';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import type { OfferId } from '../../../../src/domain/offer.ts';
import type { Purse } from '../../../../src/ui/rent/purse.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import type { Ready } from '../../../../src/services/readiness.ts';

/** Half past four in the afternoon, wherever the tests run. */
export const now = new Date(2026, 10, 22, 16, 30).getTime();
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** Nothing capped, and nobody knows the balance. */
export const purse = (change: Partial<Purse> = {}): Purse => ({ caps: [], burn: usdPerHour(0), ...change });

export function launch(change: Partial<Launch['quote']> & { id?: string; offerId?: OfferId } = {}): Launch {
  const { id = 'gpu-rental-abcdef-01', offerId = 'vast:1001' as OfferId, ...quote } = change;
  return {
    id,
    provider: 'vast',
    offerId,
    state: 'ready',
    instanceId: 'vast:77' as InstanceId,
    createdAt: now,
    changedAt: now,
    quote: {
      name: 'sdxl-lora',
      gpu: 'RTX 4090',
      gpuCount: 1,
      vramGb: 24,
      place: 'Norway',
      kind: 'on-demand',
      tier: 'community',
      diskGb: 40,
      rates: { running: usdPerHour(0.33), stopped: usdPerHour(0.02) },
      image: 'image',
      limits: { budget: usd(5), leaseEndsAt: now + 130 * minuteMs },
      ...quote,
    },
  };
}

/** A machine of ours that has run for two hours and ten minutes. */
export function machine(change: Partial<FleetInstance> = {}): FleetInstance {
  const { quote, ...itsLaunch } = launch();
  const base: FleetInstance = {
    id: 'vast:77' as InstanceId,
    provider: 'vast',
    ours: true,
    name: quote.name,
    gpu: quote.gpu,
    gpuCount: 1,
    vramGb: 24,
    place: 'Norway',
    kind: 'on-demand',
    diskGb: 40,
    state: 'ready',
    outbid: false,
    burn: usdPerHour(0),
    rates: quote.rates,
    spent: usd(1.24),
    since: now - 130 * minuteMs,
    statusText: '',
    endpoints: [],
    launch: { ...itsLaunch, quote },
    limits: quote.limits,
    alias: itsLaunch.id,
    ...change,
  };
  return { ...base, burn: change.burn ?? burnOf(base) };
}

/** Somebody else's: no launch, no limits, no way in. */
export function foreign(change: Partial<FleetInstance> = {}): FleetInstance {
  const { launch: _, limits: __, alias: ___, ...rest } = machine({ ours: false, name: 'their-box', ...change });
  return rest;
}

export function ready(change: Partial<Ready> = {}): Ready {
  return {
    instanceId: 'vast:77' as InstanceId,
    launch: launch(),
    alias: 'gpu-rental-abcdef-01',
    hostFile: '/state/ssh/config',
    report: { endpoint: { host: '203.0.113.7', port: 2222, user: 'root', viaProxy: false }, folder: '/workspace', home: '/root', gpus: ['RTX 4090'], pinnedNow: true },
    ...change,
  };
}
