import { alertEveryMs } from '../domain/alertPace.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Clock, Disposable, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import type { Accounts } from './accounts.ts';
import { settleCharges, type ChargesDeps } from './charges.ts';
import type { Fleet } from './fleet.ts';
import type { Guard } from './guard.ts';
import type { GuardEnds } from './guardEnds.ts';
import type { Market } from './market.ts';
import type { Meter } from './meter.ts';
import type { Protection } from './protection.ts';
import type { Runs } from './runs.ts';
import { runJob } from './runner.ts';

export interface PollingDeps {
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly market: Market;
  readonly accounts: Accounts;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly store: ChargesDeps['store'];
  readonly guard: Guard;
  readonly protection: Pick<Protection, 'check' | 'everyMs'>;
  readonly guardEnds: Pick<GuardEnds, 'check' | 'pending'>;
  readonly runs: Pick<Runs, 'check' | 'everyMs' | 'onDidChange'>;
  /** What somebody wants to be told of. */
  readonly alerts?: { pending(): boolean; check(signal: AbortSignal): Promise<void> };
  readonly clock: Clock;
  readonly log: Log;
  /** Nobody is asked about what nobody looks at. */
  readonly visible: { offers(): boolean; instances(): boolean };
}

export interface Polling extends Disposable {
  wakeInstances(): void;
}

const second = 1000;
const minute = 60 * second;

/** How often the world is asked: never without somebody looking, or a machine that bills. */
export function startPolling(deps: PollingDeps): Polling {
  const { market, accounts, fleet, meter, guard, protection, guardEnds, runs, clock, log, visible } = deps;
  const anySignedIn = (): boolean => [...deps.providers.keys()].some((id) => accounts.signedIn(id));
  const unsettled = (): boolean => [...deps.providers.values()].some(({ id, charges }) => charges !== undefined && accounts.signedIn(id) && meter.unsettledSince(id) !== undefined);
  const watched = (): boolean => anySignedIn() && (fleet.anythingBilling || visible.instances());
  const onTheMove = (): boolean => fleet.instances.some(({ state }) => state !== 'ready' && state !== 'stopped' && state !== 'failed');

  const regardless = async (what: string, work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.error(what, error);
    }
  };

  const offers = runJob({
    name: 'offers',
    everyMs: () => (visible.offers() ? minute : undefined),
    run: async (signal) => {
      if (visible.offers()) await market.refresh(undefined, signal);
    },
  }, clock, log);

  const alerts = runJob({
    name: 'alerts',
    everyMs: () => (deps.alerts?.pending() === true ? alertEveryMs : undefined),
    run: async (signal) => deps.alerts?.check(signal),
  }, clock, log);

  /** A person has just turned to this window: it becomes the one that asks the providers. */
  let asked = false;
  const instances = runJob({
    name: 'instances',
    everyMs: () => {
      if (watched()) return (onTheMove() ? 5 : 15) * second;
      return anySignedIn() && fleet.mayReappear ? 2 * minute : undefined;
    },
    run: async (signal) => {
      if (!anySignedIn()) return;
      const insist = asked;
      asked = false;
      // Whatever cannot be written down, machines are held to their limits.
      await regardless('the session could not be carried on', () => meter.touchSession(fleet.anythingBilling));
      await regardless('what the providers show could not be taken in', () => fleet.refresh(signal, insist));
      if (!signal.aborted) await guard.check();
    },
  }, clock, log);

  const guards = runJob({
    name: 'guards',
    everyMs: () => protection.everyMs ?? (guardEnds.pending ? minute : undefined),
    run: async (signal) => {
      await Promise.all([protection.check(signal), guardEnds.check(signal)]);
    },
  }, clock, log);

  const running = runJob({
    name: 'runs',
    everyMs: () => runs.everyMs,
    run: (signal) => runs.check(signal),
  }, clock, log);

  // Asks the store's file, no provider: what one window does, all show within seconds; and what bills is drawn as it grows.
  const shown = runJob({
    name: 'shown',
    everyMs: () => (fleet.anythingBilling || visible.instances() ? 2 : 10) * second,
    run: () => {
      fleet.catchUp();
      if (fleet.anythingBilling) meter.tick();
      return Promise.resolve();
    },
  }, clock, log);

  const balances = runJob({
    name: 'balances',
    everyMs: () => (watched() ? 5 * minute : undefined),
    run: (signal) => accounts.refreshBalances(signal),
  }, clock, log);

  const books = runJob({
    name: 'books',
    // Charges come hours after a machine is gone.
    everyMs: () => (watched() || unsettled() ? 60 * minute : undefined),
    run: (signal) => settleCharges({ ...deps, signedIn: (id) => accounts.signedIn(id) && fleet.takeTurn(id), ours: (id) => fleet.wasOurs(id) }, signal),
  }, clock, log);

  const wake = (): void => {
    for (const job of [instances, balances, books, shown]) job.wake();
  };
  const wakeInstances = (): void => {
    asked = true;
    wake();
  };
  const begin = (): void => {
    if (watched()) wakeInstances();
    else if (unsettled()) books.wake();
  };
  /** A machine that is new, or newly ours to poll, wants its lease now, and what became of one that ended is told now. */
  const concernsGuards = (): string =>
    [...fleet.instances.flatMap(({ id, state, provider }) => (state === 'ready' && fleet.acts(provider) ? id : [])).toSorted(), guardEnds.pending].join();
  let billing = fleet.anythingBilling;
  let concern = concernsGuards();
  let signed = anySignedIn();
  let runsEveryMs = runs.everyMs;
  const parts: Disposable[] = [
    offers, alerts, instances, guards, running, shown, balances, books,
    accounts.onDidSign(() => {
      wakeInstances();
      offers.wake();
    }),
    // The keys of an earlier day are read after this began: what waited for them goes on now.
    accounts.onDidChange(() => {
      const before = signed;
      signed = anySignedIn();
      if (signed && !before) begin();
    }),
    runs.onDidChange(() => {
      const before = runsEveryMs;
      runsEveryMs = runs.everyMs;
      // What was just started is watched from now on, however long the wait was to be.
      if (runsEveryMs !== undefined && runsEveryMs < (before ?? Infinity)) running.wake();
    }),
    fleet.onDidChange(() => {
      const before = billing;
      billing = fleet.anythingBilling;
      if (billing && !before) wake();
      const concerned = concern;
      concern = concernsGuards();
      if (concern === concerned) return;
      guards.wake();
      running.wake();
    }),
  ];
  begin();
  return {
    wakeInstances,
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}
