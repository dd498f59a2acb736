// Vast charges traffic by the byte, at a price every host sets for each
// direction, and leaves it out of the hourly price it shows.
import type { Contract, VastMarket } from './market.ts';

const sampleMs = 60_000;
const leastBytes = 2 ** 20;
export const bytesPerGb = 2 ** 30;

/** Charges what has gone through the instance's doors since the last time. */
export function chargeTraffic(market: VastMarket, contract: Contract, at: number): void {
  const { rental, proxy, machine, billed } = contract;
  const now = { bytesIn: rental.traffic.bytesIn + proxy.bytesIn, bytesOut: rental.traffic.bytesOut + proxy.bytesOut };
  contract.billed = now;
  const lines = [
    { kind: 'traffic-in', bytes: now.bytesIn - billed.bytesIn, usdPerGb: machine.downUsdPerGb },
    { kind: 'traffic-out', bytes: now.bytesOut - billed.bytesOut, usdPerGb: machine.upUsdPerGb },
  ] as const;
  for (const { kind, bytes, usdPerGb } of lines) {
    if (bytes > 0 && usdPerGb > 0)
      market.world.ledger.chargeOnce(
        'vast',
        rental.id,
        kind,
        (bytes / bytesPerGb) * usdPerGb,
        at,
        `${(bytes / bytesPerGb).toFixed(3)} GB at $${usdPerGb.toFixed(5)}/GB`,
      );
  }
  // The credit now ends sooner.
  rental.reprice(at);
}

/** Charges from time to time while the instance exists, once there is something worth charging. */
export function meterTraffic(market: VastMarket, contract: Contract): void {
  const { agenda } = market.world;
  const { rental, proxy } = contract;
  agenda.at(agenda.now() + sampleMs, function sample(time) {
    if (rental.state === 'destroyed') return;
    const total = rental.traffic.bytesIn + rental.traffic.bytesOut + proxy.bytesIn + proxy.bytesOut;
    if (total - contract.billed.bytesIn - contract.billed.bytesOut >= leastBytes) chargeTraffic(market, contract, time);
    agenda.at(time + sampleMs, sample);
  });
}
