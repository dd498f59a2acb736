import type { RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Interval, Session, SettledCharge, Store } from '../domain/store.ts';

/**
 * Stands in when the store cannot be opened: offers can be looked at and figures are kept in memory
 * while the window lives, and every attempt to write down an intent fails with the reason.
 */
export function noStore(reason: RentError): Store {
  const intervals: Interval[] = [];
  const settled: SettledCharge[] = [];
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
    mark: refuse,
    setLimits: refuse,
    launch: () => undefined,
    launchOf: () => undefined,
    launches: () => [],
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
    session: () => session,
    setSession: (next) => {
      session = next;
    },
    raise: (name, value) => {
      if (value <= (marks.get(name) ?? -Infinity)) return false;
      marks.set(name, value);
      return true;
    },
    highest: (name) => marks.get(name),
    close: () => undefined,
  };
}
