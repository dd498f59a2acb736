// What a market consists of, apart from its wire servers.
import type { Agenda } from './agenda.ts';
import type { MarketClock } from './clock.ts';
import type { Faults, Provider } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import type { Rental, RentalSpec } from './rental.ts';

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
}

export interface Rentals {
  /** Creates and starts it (or not, when spec.stopped). Its seat must have been taken by the caller. */
  create(spec: RentalSpec): Rental;
  /** Destroyed ones are not found. */
  get(provider: Provider, id: string): Rental | undefined;
  /** Those that exist now, oldest first. */
  list(provider: Provider): readonly Rental[];
  /** Those that exist and those that have ended. */
  all(): readonly Rental[];
  readonly createsAccepted: number;
  /** Stops every pod, deletes every folder. */
  close(): Promise<void>;
}
