import type { RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Hearing, Interval, Session, SettledCharge, Sighting, Store } from '../domain/store.ts';
import type { ProviderId } from '../domain/offer.ts';

/**
 * Stands in when the store cannot be opened: offers can be looked at and figures are kept in memory
 * while the window lives, and every attempt to write down an intent fails with the reason.
 */
export function noStore(reason: RentError): Store {
  const intervals: Interval[] = [];
  const settled: SettledCharge[] = [];
  const notes = new Map<string, string>();
  const sightings = new Map<InstanceId, Sighting>();
  const hearings = new Map<ProviderId, Hearing>();
  const turns = new Map<InstanceId, number>();
  const holders = new Map<ProviderId, string>();
  const marks = new Map<string, number>();
  let session: Session | undefined;
  const refuse = (): never => {
    throw reason;
  };
  const of = <T extends { instanceId: InstanceId }>(rows: readonly T[], id?: InstanceId): T[] =>
    rows.filter((row) => id === undefined || row.instanceId === id);
  return {
    install: 'none',
    intend: refuse,
    place: () => 0,
    mark: refuse,
    setLimits: refuse,
    setRates: refuse,
    launch: () => undefined,
    launchOf: () => undefined,
    launches: () => [],
    errands: () => [],
    setErrand: refuse,
    anythingLive: () => sightings.size > 0,
    sightings: () => [...sightings.values()],
    keep: (sighting) => {
      sightings.set(sighting.seen.id, sighting);
      return true;
    },
    depart: (id) => void sightings.delete(id),
    labelOf: (id) => sightings.get(id)?.seen.label,
    absence: () => undefined,
    setAbsence: () => undefined,
    hearings: () => [...hearings.values()],
    hear: (hearing) => void hearings.set(hearing.provider, hearing),
    // Without a file nobody shares anything: this window looks for itself.
    hold: (provider, owner) => {
      holders.set(provider, owner);
      return { provider, owner, generation: 1 };
    },
    stillHeld: () => true,
    holder: (provider) => holders.get(provider),
    release: () => undefined,
    last: (id) => of(intervals, id).at(-1),
    append: (interval) => void intervals.push(interval),
    amend: (interval) => {
      const index = intervals.findLastIndex((row) => row.instanceId === interval.instanceId);
      intervals[index] = interval;
    },
    intervals: (id) => of(intervals, id),
    settle: (charges) => {
      for (const charge of charges) {
        const known = settled.findIndex(({ instanceId, from }) => instanceId === charge.instanceId && from === charge.from);
        settled.splice(known < 0 ? settled.length : known, 1, charge);
      }
    },
    settled: (id) => of(settled, id),
    incidents: () => [],
    blame: refuse,
    forgive: refuse,
    samples: () => Promise.resolve({ keep: refuse, samplesOf: () => [], pricesOf: () => [], thin: refuse }),
    turn: (id) => turns.get(id),
    setTurn: (id, at) => void (at === undefined ? turns.delete(id) : turns.set(id, at)),
    session: () => session,
    setSession: (next) => {
      session = next;
    },
    note: (name) => notes.get(name),
    setNote: (name, value) => void notes.set(name, value),
    atomically: (work) => work(),
    changedElsewhere: () => false,
    raise: (name, value) => {
      if (value <= (marks.get(name) ?? -Infinity)) return false;
      marks.set(name, value);
      return true;
    },
    highest: (name) => marks.get(name),
    close: () => undefined,
  };
}
