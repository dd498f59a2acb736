/** How a bad day ends once the sky is clear: watched by a window, abandoned for good, or settled to the last cent. */
import type { FleetInstance } from '../../src/services/fleetInstance.ts';
import type { Launch } from '../../src/domain/launch.ts';
import type { Usd } from '../../src/domain/money.ts';
import { openStore } from '../../src/store/sqliteStore.ts';
import type { Schedule } from './schedule.ts';
import type { Surroundings, Window } from './window.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

export interface Ended {
  readonly at: number;
  readonly install: string;
  readonly launches: readonly Launch[];
  /** What the last window showed; undefined when there was none. */
  readonly shown?: readonly FleetInstance[];
  /** What we say each instance cost, once the providers' books have been read. */
  readonly spent?: ReadonlyMap<string, Usd>;
}

export interface EndingParts {
  readonly around: Surroundings;
  readonly windows: () => readonly Window[];
  readonly open: () => Promise<Window>;
  readonly tell: ((line: string) => void) | undefined;
}

/** Longer than anything the product lets pass before it has made up its mind. */
const longestDoubtMs = 75 * minute;
/** Every lease is over by then. */
const abandonedMs = 6 * hour;
/** Providers' books are closed by then. */
const booksMs = 60 * hour;
/**
 * By then it is believed that they hold no more. Vast's books are by the day: the last day that was metered, until
 * somebody found the machine gone, is over after 24 hours, final after 24 more, and taken for empty 24 hours after that.
 */
const emptyBooksMs = 76 * hour;

export async function endDay(ending: Schedule['ending'], parts: EndingParts): Promise<Ended> {
  const { timeline } = parts.around;
  if (ending === 'abandoned') {
    for (const window of parts.windows()) window.close();
    await timeline.run(timeline.now + abandonedMs);
    return { at: timeline.now, ...(await journalOf(parts)) };
  }
  const window = await parts.open();
  // One is enough to bring everything to rest, and has to be.
  for (const other of parts.windows()) if (other !== window) other.close();
  window.wakeInstances();
  await untilAtRest(parts);
  if (ending === 'watched') return { at: timeline.now, ...(await journalOf(parts)), shown: window.core?.fleet.instances ?? [] };
  return { ...(await settle(parts)) };
}

/** Destroys everything, waits for the books, and reads what the product says it all cost. */
async function settle(parts: EndingParts): Promise<Ended> {
  const { timeline, evidence } = parts.around;
  const window = await parts.open();
  const ours = (): readonly FleetInstance[] => window.core?.fleet.instances.filter((each) => each.ours) ?? [];
  for (const { id, launch } of ours()) {
    if (launch?.instanceId === id) void window.core?.rentals.destroy(id).catch((error: unknown) => evidence.note(timeline.now, `destroy ${id} in the end: ${String(error)}`));
  }
  await timeline.run(timeline.now + 20 * minute, () => ours().length === 0);
  const doneAt = timeline.now;
  await lookAgain(parts, doneAt + booksMs);
  const { core } = await lookAgain(parts, doneAt + emptyBooksMs);
  const spent = new Map((core?.meter.metered() ?? []).map((id) => [id as string, core?.meter.spentOn(id) ?? (0 as Usd)]));
  return { at: timeline.now, ...(await journalOf(parts)), shown: core?.fleet.instances ?? [], spent };
}

/** Nobody is there until then. Somebody looks twice: only a window that has become the one that acts reads the books. */
async function lookAgain(parts: EndingParts, at: number): Promise<Window> {
  const { timeline } = parts.around;
  for (const each of parts.windows()) each.close();
  await timeline.run(at);
  const window = await parts.open();
  await timeline.run(timeline.now + 20 * second);
  window.wakeInstances();
  await timeline.run(timeline.now + 40 * second);
  return window;
}

/** Until every machine is as it should be and nobody waits for anything, or that has taken too long. */
async function untilAtRest(parts: EndingParts): Promise<void> {
  const { timeline, evidence } = parts.around;
  const from = timeline.now;
  let calmSince: number | undefined;
  using journal = await readJournal(parts);
  while (timeline.now < from + longestDoubtMs) {
    await timeline.run(timeline.now + 20 * second);
    const waiting = [...evidence.clicks, ...evidence.wishes].some(({ outcome }) => outcome === 'waiting');
    const unsettled = journal.launches().some(({ state }) => !atRest.has(state));
    if (waiting || unsettled) calmSince = undefined;
    else calmSince ??= timeline.now;
    // One more look at everything before the end.
    if (calmSince !== undefined && timeline.now - calmSince >= 40 * second && timeline.now - from > 2 * minute) return;
  }
}

const atRest: ReadonlySet<string> = new Set<Launch['state'] | 'stopped'>(['ready', 'stopped', 'gone', 'refused', 'notCreated']);

async function journalOf(parts: EndingParts): Promise<Pick<Ended, 'install' | 'launches'>> {
  using journal = await readJournal(parts);
  return { install: journal.install, launches: journal.launches() };
}

interface ReadJournal extends Disposable {
  readonly install: string;
  launches(): readonly Launch[];
}

async function readJournal({ around: { stateFolder, timeline } }: EndingParts): Promise<ReadJournal> {
  const store = await openStore(stateFolder, () => timeline.now);
  return { install: store.install, launches: () => store.launches(), [Symbol.dispose]: () => store.close() };
}
