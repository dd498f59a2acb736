// An interruptible instance holds its GPUs only while its bid is the higher
// one. Vast stops it otherwise, keeps charging its disk, and starts it again
// by itself once the price has come down.
import { contractOf, type Contract, type VastMarket } from './market.ts';

const checkMs = 60_000;

export function watchBid(market: VastMarket, contract: Contract): void {
  const { agenda, faults } = market.world;
  const { rental, machine, gpus } = contract;
  agenda.at(agenda.now() + checkMs, function check(time) {
    if (rental.state === 'destroyed') return;
    const beaten = () => contract.gpuUsd < market.stock.minBidUsd({ machine, gpus }, time);
    if (isUp(contract) && (faults.hit('outbid', 'vast') || beaten())) rental.stop('outbid', time);
    agenda.at(time + checkMs, check);
  });
}

const isUp = ({ rental: { state } }: Contract): boolean => state === 'scheduling' || state === 'loading' || state === 'running';

/**
 * Somebody bids for all that an interruptible instance holds, now: half as much again as its own bid unless said, and
 * nothing withdraws it. Undefined for what nobody bids for; else what wins from then on, dollars per hour.
 */
export function outbid(market: VastMarket, id: string, usd?: number): number | undefined {
  const contract = contractOf(market, id);
  if (contract?.isBid !== true) return undefined;
  const { machine, gpus, rental } = contract;
  const now = market.world.agenda.settle();
  market.stock.rival(machine, (usd ?? contract.gpuUsd * 1.5) / gpus);
  const wins = market.stock.minBidUsd({ machine, gpus }, now);
  if (isUp(contract) && contract.gpuUsd < wins) rental.stop('outbid', now);
  return wins;
}
