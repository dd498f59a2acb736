// Who sits on the GPUs of a machine: the market's own rentals, counted, and
// everybody else, who come and go as a pure function of seed and market time.
import { chanceAt } from './random.ts';
import type { Seat } from './rental.ts';

export interface Occupiable {
  readonly id: string;
  readonly gpus: number;
  /** Share of the time that other people use at least part of it, 0..1. */
  readonly demand: number;
}

export interface Occupancy {
  free(machine: Occupiable, at: number): number;
  take(machine: Occupiable, gpus: number, at: number): boolean;
  release(machine: Occupiable, gpus: number): void;
  seat(machine: Occupiable, gpus: number): Seat;
}

// Other people rent for hours, so an offer seen now is nearly always there a
// minute later; every machine has its own change of shift.
const shiftMs = 4 * 3_600_000;

export function createOccupancy(seed: number, startedAt: number): Occupancy {
  const ours = new Map<string, number>();

  function others(machine: Occupiable, at: number): number {
    const offset = chanceAt(seed, machine.id, 'offset') * shiftMs;
    const shift = Math.floor((at - startedAt + offset) / shiftMs);
    const draw = chanceAt(seed, machine.id, 'shift', shift);
    if (draw >= machine.demand) return 0;
    // The busier half of the demand takes the whole machine.
    return draw < machine.demand / 2 ? machine.gpus : Math.ceil(machine.gpus * chanceAt(seed, machine.id, 'part', shift));
  }

  const occupancy: Occupancy = {
    free(machine, at) {
      const left = machine.gpus - (ours.get(machine.id) ?? 0);
      return Math.max(0, left - others(machine, at));
    },
    take(machine, gpus, at) {
      if (occupancy.free(machine, at) < gpus) return false;
      ours.set(machine.id, (ours.get(machine.id) ?? 0) + gpus);
      return true;
    },
    release(machine, gpus) {
      ours.set(machine.id, Math.max(0, (ours.get(machine.id) ?? 0) - gpus));
    },
    seat: (machine, gpus) => ({
      take: (at) => occupancy.take(machine, gpus, at),
      release: () => occupancy.release(machine, gpus),
    }),
  };
  return occupancy;
}
