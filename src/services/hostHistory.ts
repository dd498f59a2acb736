/** What was lived through with each host, good and bad: from the journal, the ledger and what is held against it. */
import { hostKey, stillCounts, type HostHistory, type HostKey, type HostRecord } from '../domain/hostMemory.ts';
import type { Launch } from '../domain/launch.ts';
import type { Clock } from '../domain/ports.ts';
import type { Incidents, Journal, Ledger } from '../domain/store.ts';

export interface HostHistoryDeps {
  readonly store: Incidents & Pick<Journal, 'launches'> & Pick<Ledger, 'intervals'>;
  readonly clock: Clock;
}

const hourMs = 3_600_000;

/** Every offer of a market is asked about in one turn. */
const sureMs = 1000;

/** Worked out again when something was written. */
export function hostHistory({ store, clock }: HostHistoryDeps): HostHistory {
  let asked = -Infinity;
  let basis: readonly unknown[] = [];
  let records = new Map<HostKey, HostRecord>();
  return (offer) => {
    const host = hostKey(offer);
    if (host === undefined) return undefined;
    if (clock.elapsed() - asked <= sureMs) return records.get(host);
    asked = clock.elapsed();
    const now = Math.floor(clock.now() / hourMs);
    const read = [store.launches(), store.intervals(), store.incidents(), now] as const;
    if (read.some((part, index) => part !== basis[index])) {
      basis = read;
      records = recordsOf(store, clock.now());
    }
    return records.get(host);
  };
}

function recordsOf(store: HostHistoryDeps['store'], now: number): Map<HostKey, HostRecord> {
  const incidents = store.incidents().filter((incident) => stillCounts(incident, now));
  const worked = workedMs(store);
  const launches = Map.groupBy(store.launches().filter(({ readyAt }) => readyAt !== undefined), ({ quote }) => quote.host);
  const hosts = new Set([...launches.keys(), ...incidents.map(({ host }) => host)]);
  return new Map([...hosts].flatMap((host) => {
    if (host === undefined) return [];
    const own = launches.get(host) ?? [];
    return [[host, {
      host,
      ready: own.length,
      hours: own.reduce((sum, launch) => sum + (worked.get(launch.id) ?? 0), 0) / hourMs,
      incidents: incidents.filter((incident) => incident.host === host).map(({ trouble, at, until }) => ({ trouble, at, until })),
    }]] as const;
  }));
}

/** For how long each launch's machine cost what it costs while it runs; a stopped disk is no work. */
function workedMs({ launches, intervals }: HostHistoryDeps['store']): Map<string, number> {
  const byInstance = new Map(launches().flatMap((launch): [string, Launch][] => (launch.instanceId === undefined ? [] : [[launch.instanceId, launch]])));
  const worked = new Map<string, number>();
  for (const { instanceId, from, to, rate } of intervals()) {
    const launch = byInstance.get(instanceId);
    if (launch === undefined || rate <= launch.quote.rates.stopped) continue;
    worked.set(launch.id, (worked.get(launch.id) ?? 0) + to - from);
  }
  return worked;
}
