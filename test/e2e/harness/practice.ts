// A practice market inside the test's own process, so that a suite can move its time, force a fault and cut its
// lines. The lines are doors: what listens behind them may go and come back on the same ports.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardFolder } from '../../../src/guard/renewal.ts';
import { openDoor } from '../../../src/practice/door.ts';
import type { LedgerInstance, LedgerReport } from '../../../src/practice/ledgerServer.ts';
import { startMarket, type Market, type MarketOptions } from '../../../src/practice/market.ts';
import type { Rental, RentalState } from '../../../src/practice/rental.ts';
import type { RunningMarket } from '../../host/market.ts';
import { until } from '../../host/until.ts';

export interface Practice extends RunningMarket {
  readonly market: Market;
  /** The lines to the providers, the ledger's excepted. */
  readonly lines: { cut(): void; join(): void };
}

/** Boots are slow unless said: a stage lasts until the test moves on, and nobody waits for it. */
export async function openPractice(options: MarketOptions): Promise<Practice> {
  await using stack = new AsyncDisposableStack();
  const market = await startMarket({ bootScale: 4, ...options });
  stack.defer(() => market.close());
  const doorTo = async ({ url, apiKey }: { readonly url: string; readonly apiKey: string }) => {
    const door = await openDoor('reset');
    stack.defer(() => door.close());
    return { door, port: Number(new URL(url).port), endpoint: { url: `http://127.0.0.1:${door.port}`, apiKey } };
  };
  const doors = { vast: await doorTo(market.vast), runpod: await doorTo(market.runpod), lambda: await doorTo(market.lambda) };
  const lines = {
    cut: () => Object.values(doors).forEach(({ door }) => door.pointAt(null)),
    join: () => Object.values(doors).forEach(({ door, port }) => door.pointAt(port)),
  };
  lines.join();
  const everything = stack.move();
  return {
    market,
    lines,
    endpoints: { vast: doors.vast.endpoint, runpod: doors.runpod.endpoint, lambda: doors.lambda.endpoint, ledger: market.ledger },
    tail: () => '',
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

export async function readLedger({ endpoints }: RunningMarket): Promise<LedgerReport> {
  const report: LedgerReport = JSON.parse(await (await fetch(endpoints.ledger.url)).text());
  return report;
}

/** What all machines of the market have really cost, in dollars. */
export const chargedInAll = (instances: readonly LedgerInstance[]): number =>
  instances.reduce((sum, { chargedUsd }) => sum + chargedUsd, 0);

/** The machine that was rented last. */
export function newest({ market }: Practice): Rental {
  const rental = market.world.rentals.all().at(-1);
  if (!rental) throw new Error('Nothing was ever rented.');
  return rental;
}

/** Lets market time run until the machine has come into this state, to the second and without waiting. */
export function runTo({ market }: Practice, rental: Rental, state: RentalState): void {
  for (let seconds = 0; rental.state !== state; seconds++) {
    if (seconds > 3600) throw new Error(`It stays ${rental.state} and does not become ${state}.`);
    market.clock.advance(1000);
    market.world.agenda.settle();
  }
}

/** Lets market time run until SSH answers on the machine. */
export async function runToSsh(practice: Practice, rental: Rental): Promise<void> {
  runTo(practice, rental, 'running');
  await until('SSH of the machine', () => {
    practice.market.clock.advance(10_000);
    return rental.sshUp;
  });
}

/** The guard of the machine there stops answering, once it has answered the editor. */
export async function loseGuard({ market }: Practice, provider: Rental['provider']): Promise<void> {
  const rental = market.world.rentals.all().find((one) => one.provider === provider && one.state === 'running');
  if (!rental) throw new Error(`Nothing runs at ${provider}.`);
  const folder = join(rental.dir, 'root', guardFolder);
  await until('the editor to have greeted the guard', () => existsSync(join(folder, 'lease')));
  // It may be writing there this very moment.
  rmSync(folder, { recursive: true, maxRetries: 5 });
  // In its place, so that it cannot come back.
  writeFileSync(folder, '');
}
