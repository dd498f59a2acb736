// What a market consists of, apart from its wire servers.
import { createAgenda, type Agenda, type Alarm } from './agenda.ts';
import type { MarketClock } from './clock.ts';
import { openDoor, type OpenDoor } from './door.ts';
import { createFaults, type Faults } from './faults.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { KeepPod, PodMaker } from './podKeeper.ts';
import { createRandom, type Random } from './random.ts';
import { createRentals, type Rentals } from './rentals.ts';

export interface World {
  readonly seed: number;
  readonly clock: MarketClock;
  readonly agenda: Agenda;
  readonly random: Random;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly rentals: Rentals;
  /** How many Vast offers the market begins with. */
  readonly offers: number;
  /** Multiplies every boot delay; 0 boots at once. */
  readonly bootScale: number;
  readonly openDoor: OpenDoor;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly seed: number;
  readonly offers: number;
  readonly clock: MarketClock;
  readonly faults: Readonly<Record<string, number>>;
  /** Multiplies every boot delay; 0 boots at once. */
  readonly bootScale: number;
  readonly creditUsd: number;
  /** A folder of the market's own: it is deleted in the end. */
  readonly dir: string;
  readonly maker: PodMaker;
  /** For a market without sockets: what stands behind an instance, and its proxy. */
  readonly keepPod?: KeepPod;
  /** What wakes the agenda; a timer unless said. */
  readonly alarm?: Alarm;
  readonly openDoor?: OpenDoor;
}

export function createWorld(options: WorldOptions): World {
  const { seed, offers, clock, bootScale, dir, maker } = options;
  const random = createRandom(seed);
  const agenda = createAgenda(clock, options.alarm);
  const faults = createFaults(random.fork('faults'), options.faults);
  const ledger = createLedger();
  ledger.addCredit('vast', options.creditUsd, clock.startedAt);
  ledger.addCredit('runpod', options.creditUsd, clock.startedAt);
  // Lambda sends an invoice.
  const rentals = createRentals({ agenda, faults, ledger, bootScale, dir, maker, ...(options.keepPod === undefined ? {} : { keepPod: options.keepPod }) });
  return {
    seed,
    clock,
    agenda,
    random,
    faults,
    ledger,
    rentals,
    offers,
    bootScale,
    openDoor: options.openDoor ?? openDoor,
    async close() {
      agenda.close();
      await rentals.close();
    },
  };
}
