// What can be rented, and for how much, at a given market time. An ask is one
// way to rent a machine (so many of its GPUs); its id dies when it is rented.
import type { World } from '../world.ts';
import { createOccupancy, type Occupancy } from '../occupancy.ts';
import { chanceAt, createRandom } from '../random.ts';
import { fixedColumns, type Row, type Slice } from './fixedColumns.ts';
import { createMachines, type Machine } from './machines.ts';

export interface Ask extends Slice {
  readonly id: number;
}

export interface Stock {
  readonly machines: readonly Machine[];
  readonly occupancy: Occupancy;
  asks(): readonly Ask[];
  ask(id: number): Ask | undefined;
  /** The columns of an ask that the market does not move. */
  fixed(ask: Ask): Row;
  /** An id that was an ask once, and is none any more. */
  isPast(id: number): boolean;
  rentable(ask: Ask, at: number): boolean;
  /** On demand, for all its GPUs, dollars per hour. */
  priceUsd(ask: Slice, at: number): number;
  /** The lowest bid that holds the GPUs now, dollars per hour. */
  minBidUsd(ask: Slice, at: number): number;
  /** Somebody bids this for each GPU of a machine, dollars per hour, until they bid nothing any more. */
  rival(machine: Machine, usdPerGpu: number): void;
  /** When its host stops offering it, market milliseconds. */
  endsAt(machine: Machine): number;
  /** Ends the ask; the machine offers the slice again under a new id. */
  retire(ask: Ask): void;
}

const hour = 3_600_000;
const priceStepMs = 6 * hour;
const bidStepMs = hour / 4;

const round = (usd: number) => Math.round(usd * 1e6) / 1e6;

export function createStock(world: Pick<World, 'seed' | 'clock' | 'offers'>): Stock {
  const { seed, clock, offers } = world;
  const occupancy = createOccupancy(seed, clock.startedAt);
  const machines = createMachines(seed, offers, (machine, slice) => occupancy.free(machine, clock.startedAt) >= slice);
  const random = createRandom(`${seed}/asks`);
  const asks = new Map<number, Ask>();
  const fixed = new Map<number, Row>();
  const past = new Set<number>();
  const rivals = new Map<string, number>();
  let lastId = 20_000_000;

  function add(machine: Machine, gpus: number): void {
    lastId += random.integer(1, 40);
    asks.set(lastId, { id: lastId, machine, gpus });
  }
  for (const machine of machines) for (const slice of machine.slices) add(machine, slice);

  const step = (at: number, length: number) => Math.floor((at - clock.startedAt) / length);
  const startsAt = (machine: Machine) => clock.startedAt - machine.listedAgo * 1000;
  const endsAt = (machine: Machine) => clock.startedAt + machine.offeredFor * 1000;

  function gpuUsd(machine: Machine, at: number): number {
    const moved = machine.gpuUsd * (0.94 + 0.12 * chanceAt(seed, machine.id, 'price', step(at, priceStepMs)));
    return Math.min(machine.gpu.highUsd, Math.max(machine.gpu.lowUsd, moved));
  }

  return {
    machines,
    occupancy,
    asks: () => [...asks.values()],
    ask: (id) => asks.get(id),
    fixed(ask) {
      const columns = fixed.get(ask.id) ?? fixedColumns(ask, ask.id, startsAt(ask.machine));
      fixed.set(ask.id, columns);
      return columns;
    },
    isPast: (id) => past.has(id),
    rentable: (ask, at) => at < endsAt(ask.machine) && occupancy.free(ask.machine, at) >= ask.gpus,
    priceUsd: ({ machine, gpus }, at) => round(gpuUsd(machine, at) * gpus),
    minBidUsd({ machine, gpus }, at) {
      const moved = machine.bidShare * (0.8 + 0.4 * chanceAt(seed, machine.id, 'bid', step(at, bidStepMs)));
      return round(Math.max(gpuUsd(machine, at) * Math.min(1, moved), rivals.get(machine.id) ?? 0) * gpus);
    },
    rival: (machine, usdPerGpu) => void rivals.set(machine.id, usdPerGpu),
    endsAt,
    retire(ask) {
      if (!asks.delete(ask.id)) return;
      fixed.delete(ask.id);
      past.add(ask.id);
      add(ask.machine, ask.gpus);
    },
  };
}
