/** A market of any size, the same every time: every card, hosts that differ in all they state, and what strangers write. */
import type { Offer, ProviderId } from '../../../src/domain/offer.ts';
import { providerIds } from '../../../src/domain/offer.ts';
import { knownGpus } from '../../../src/estimate/catalogue/gpus.ts';
import { offer } from '../../fakes/offers.ts';

const places = ['Norway', 'Texas, US', 'Quebec, CA', 'Spain', 'Czechia', 'Japan', 'EU-RO-1', 'US-KS-2', 'Bulgaria', 'Taiwan', 'Finland', 'California, US', 'South Korea', ''];
const dayMs = 86_400_000;

/** Most are of the marketplace, whose hosts have published figures; the others are catalogues without. */
const shares: readonly ProviderId[] = ['vast', ...providerIds];

export function manyOffers(count: number, seed = 7): readonly Offer[] {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    const again = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
    return ((again ^ (again >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(of: readonly T[], otherwise: T): T => of[Math.floor(random() * of.length)] ?? otherwise;
  const cards = knownGpus.filter(({ tensorTflops, year = 0 }) => tensorTflops !== undefined && year >= 2018).slice(0, 60);
  const readAt = Date.UTC(2026, 10, 30, 3);
  const [usual] = cards;
  if (usual === undefined) throw new Error('the table of cards is empty');
  return Array.from({ length: count }, (_, index) => {
    const provider = pick(shares, 'vast');
    const publishes = provider === 'vast';
    const card = pick(cards, usual);
    const gpuCount = pick([1, 1, 1, 1, 2, 4, 8], 1);
    // Many cheap and few dear, as markets are.
    const perGpu = (0.02 + (card.vramGb / 60) ** 1.3) * (0.5 + random() ** 2 * 1.8);
    const { reliability: _published, ...catalogued } = offer({
      id: `${provider}:${100_000 + index}`, provider, gpu: card.name, vramGb: card.vramGb, gpuCount, readAt,
      gpuUsd: Number((perGpu * gpuCount).toFixed(4)), diskUsd: Number((0.002 + random() * 0.03).toFixed(5)),
      kind: random() < 0.3 ? 'interruptible' : 'on-demand', tier: !publishes || random() < 0.2 ? 'datacentre' : 'community', place: pick(places, ''),
      ...(publishes ? {} : { tierName: 'Secure', stock: pick(['low', 'medium', 'high'] as const, 'low') }),
      details: {
        machineId: String(20_000 + Math.floor(index / 1.4)), hostId: String(4_000 + Math.floor(random() * 900)), cpuName: pick(['AMD EPYC 7763', 'Xeon Gold 6248', 'Ryzen 9 7950X', 'Threadripper 3960X'], ''), cpuCores: 4 + Math.floor(random() * 120),
        ramGb: 16 + Math.floor(random() * 500), diskName: pick(['Samsung 990', 'WD SN850', 'Kingston'], ''), diskMbPerS: 400 + random() * 6000, maxDiskGb: 100 + Math.floor(random() * 4000),
        downMbps: 50 + random() * 9000, upMbps: 20 + random() * 5000, downUsdPerGb: pick([0, 0.001, 0.003, 0.01], 0), upUsdPerGb: pick([0, 0.002, 0.005], 0), pcieGbPerS: 2 + random() * 50,
        cuda: pick(['12.2', '12.4', '12.8', '13.0'], '12.4'), driver: pick(['550.54.14', '570.133.07', '580.65.06'], '550.54.14'), verified: true, directSsh: random() < 0.9,
        availableUntil: readAt + Math.floor(random() * 300) * dayMs, listedSince: readAt - Math.floor(random() * 900) * dayMs,
      },
    });
    return publishes ? { ...catalogued, reliability: 1 - random() ** 3 * 0.12 } : catalogued;
  });
}
