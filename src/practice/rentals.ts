// All rentals of a market, ended ones included, and the rule that a used-up
// credit stops them.
import { rm } from 'node:fs/promises';
import type { Agenda, Entry } from './agenda.ts';
import type { Faults, Provider } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { KeepPod, PodMaker } from './podKeeper.ts';
import type { Rental, RentalSpec } from './rental.ts';
import { RentedMachine } from './rentedMachine.ts';

export interface Rentals {
  /** Creates and boots it (not when spec.stopped). The caller has taken its seat. */
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

export interface RentalsContext {
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly ledger: Ledger;
  readonly bootScale: number;
  readonly dir: string;
  readonly maker: PodMaker;
  readonly keepPod?: KeepPod;
}

export function createRentals(context: RentalsContext): Rentals {
  const machines = new Map<string, RentedMachine>();
  const broke = new Map<Provider, Entry>();

  const alive = (provider: Provider) =>
    [...machines.values()].filter((machine) => machine.provider === provider && machine.state !== 'destroyed');

  function runsUp(machine: RentedMachine): boolean {
    return machine.state === 'scheduling' || machine.state === 'loading' || machine.state === 'running';
  }

  function creditUsedUp(provider: Provider, at: number): void {
    for (const machine of alive(provider).filter(runsUp)) {
      if (machine.spec.whenBroke === 'destroy') machine.destroy(at);
      else machine.stop('credit', at);
    }
  }

  function watchCredit(provider: Provider, at: number): void {
    broke.get(provider)?.cancel();
    broke.delete(provider);
    if (!alive(provider).some(runsUp)) return;
    const empty = context.ledger.emptyAt(provider, at);
    if (empty !== null)
      broke.set(
        provider,
        context.agenda.at(empty, (time) => creditUsedUp(provider, time)),
      );
  }

  return {
    create(spec) {
      const machine = new RentedMachine(spec, { ...context, onRates: (at) => watchCredit(spec.provider, at) });
      machines.set(`${spec.provider}:${spec.id}`, machine);
      watchCredit(spec.provider, machine.createdAt);
      return machine;
    },
    get(provider, id) {
      const machine = machines.get(`${provider}:${id}`);
      return machine?.state === 'destroyed' ? undefined : machine;
    },
    list: alive,
    all: () => [...machines.values()],
    get createsAccepted() {
      return machines.size;
    },
    async close() {
      await Promise.all([...machines.values()].map((machine) => machine.close()));
      await rm(context.dir, { recursive: true, force: true });
    },
  };
}
