// An interruptible instance holds its GPUs only while its bid is the higher
// one. Vast stops it otherwise, keeps charging its disk, and starts it again
// by itself once the price has come down.
import type { Contract, VastMarket } from './market.ts';

const checkMs = 60_000;

export function watchBid(market: VastMarket, contract: Contract): void {
  const { agenda, faults } = market.world;
  const { rental, machine, gpus } = contract;
  agenda.at(agenda.now() + checkMs, function check(time) {
    if (rental.state === 'destroyed') return;
    const up = rental.state === 'scheduling' || rental.state === 'loading' || rental.state === 'running';
    const beaten = () => contract.gpuUsd < market.stock.minBidUsd({ machine, gpus }, time);
    if (up && (faults.hit('outbid', 'vast') || beaten())) rental.stop('outbid', time);
    agenda.at(time + checkMs, check);
  });
}
