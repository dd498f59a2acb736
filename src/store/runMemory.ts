import { afterwardsKinds, isLive, isRunId, type RunMemory, type RunRecord } from '../domain/run.ts';
import type { Notes } from '../domain/store.ts';

/** Of each machine. */
const most = 50;
/** What it said last is all that is left when the machine is gone. */
const lastWords = 2000;

/** What is known of the runs of each machine, among the notes that all windows share. */
export function createRunMemory(notes: Notes): RunMemory {
  const of = (launchId: string): readonly RunRecord[] => readable(notes.note(`runs ${launchId}`) ?? '[]');
  return {
    of,
    keep(record) {
      const kept = { ...record, run: { ...record.run, tail: isLive(record.run) ? '' : record.run.tail.slice(-lastWords) } };
      const others = of(record.launchId).filter(({ run }) => run.id !== record.run.id);
      const all = [kept, ...others].toSorted((a, b) => (a.run.id < b.run.id ? 1 : -1)).slice(0, most);
      notes.setNote(`runs ${record.launchId}`, JSON.stringify(all));
    },
  };
}

/** Another version may have written it: what cannot be read is left out. */
function readable(text: string): RunRecord[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? (list as unknown[]).filter(isRecord) : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is RunRecord {
  const { launchId, run, progress, at, from } = (value ?? {}) as Partial<RunRecord>;
  return typeof launchId === 'string' && typeof at === 'number' && (from === undefined || typeof from === 'string') && typeof progress === 'object' && typeof run === 'object' &&
    typeof run.id === 'string' && isRunId(run.id) && Array.isArray(run.about?.words) && typeof run.about.folder === 'string' &&
    typeof run.startedAt === 'number' && typeof run.ranMs === 'number' && afterwardsKinds.includes(run.afterwards);
}
