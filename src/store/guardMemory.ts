import type { GuardMemory, GuardRecord } from '../domain/protection.ts';
import type { Notes } from '../domain/store.ts';

/** What the guards said last, among the notes that all windows share. */
export function createGuardMemory(notes: Notes): GuardMemory {
  return {
    record(launchId) {
      const kept = notes.note(`guard ${launchId}`);
      return kept === undefined ? undefined : readable(kept);
    },
    keep: (launchId, record) => notes.setNote(`guard ${launchId}`, JSON.stringify(record)),
    workedAt(launchId) {
      const at = Number(notes.note(`worked ${launchId}`) ?? NaN);
      return Number.isFinite(at) ? at : undefined;
    },
    setWorkedAt: (launchId, at) => notes.setNote(`worked ${launchId}`, String(at)),
  };
}

/** Another version may have written it: what cannot be read claims nothing. */
function readable(text: string): GuardRecord {
  try {
    const { heard, unarmedSince, missing, ownEndAt, ended } = JSON.parse(text) as Partial<GuardRecord>;
    return {
      ...(typeof heard?.at === 'number' && typeof heard.status?.ageMs === 'number' ? { heard } : {}),
      ...(typeof unarmedSince === 'number' ? { unarmedSince } : {}),
      ...(typeof missing?.since === 'number' ? { missing } : {}),
      ...(typeof ownEndAt === 'number' ? { ownEndAt } : {}),
      ...(typeof ended?.at === 'number' ? { ended } : {}),
    };
  } catch {
    return {};
  }
}
