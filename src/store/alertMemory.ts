import { mostAlerts, type Alert, type AlertMemory } from '../domain/alert.ts';
import type { Notes, Store } from '../domain/store.ts';
import { alertsNote } from './anyAlerts.ts';

const lookNote = 'alerts looked for';

/** Among the notes that all windows share. */
export function createAlertMemory(store: Notes & Pick<Store, 'atomically'>): AlertMemory {
  const alerts = (): readonly Alert[] => readable(store.note(alertsNote) ?? '[]');
  const change = (make: (all: readonly Alert[]) => readonly Alert[]): void => store.atomically(() => store.setNote(alertsNote, JSON.stringify(make(alerts()))));
  return {
    alerts,
    add: (alert) =>
      store.atomically(() => {
        const room = alerts().length < mostAlerts;
        if (room) change((all) => [...all, alert]);
        return room;
      }),
    remove: (id) => change((all) => all.filter((alert) => alert.id !== id)),
    update: (changed) => change((all) => all.map((alert) => (alert.id === changed.id ? changed : alert))),
    claim: (now, everyMs) =>
      store.atomically(() => {
        // A clock that was set back must not silence them for as long as that.
        const free = Math.abs(now - Number(store.note(lookNote) ?? 0)) >= everyMs;
        if (free) store.setNote(lookNote, String(now));
        return free;
      }),
  };
}

/** Another version may have written it: what cannot be read is left out. */
function readable(text: string): Alert[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? (list as unknown[]).filter(isAlert) : [];
  } catch {
    return [];
  }
}

function isAlert(value: unknown): value is Alert {
  const { id, filter, madeAt, seenAt, since } = (value ?? {}) as Partial<Alert>;
  return typeof id === 'string' && typeof madeAt === 'number' && typeof filter === 'object' && filter !== null && typeof filter.diskGb === 'number' &&
    isTime(seenAt) && isTime(since);
}

const isTime = (value: unknown): boolean => value === undefined || typeof value === 'number';
