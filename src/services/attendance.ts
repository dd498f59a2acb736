/** A window that waits for a machine says so, that no other asks the provider for the same; one that was closed falls silent. */
import type { Clock, Log } from '../domain/ports.ts';
import type { Notes } from '../domain/store.ts';
import type { Fleet } from './fleet.ts';

export interface AttendanceDeps {
  readonly store: Notes;
  readonly fleet: Pick<Fleet, 'owner'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Longer than any single step of waiting; said more often than that, but not with every look. */
const silentMs = 90_000;
const sayEveryMs = 10_000;

const noteOf = (launchId: string): string => `awaited ${launchId}`;

/** To be called again and again while somebody waits. */
export function attend(deps: AttendanceDeps, launchId: string): void {
  if (silenceOf(deps, launchId) < sayEveryMs) return;
  say(deps, launchId, deps.clock.now());
}

/** Where it was this window that waited: whoever takes over need not wait for the silence. */
export function leave(deps: AttendanceDeps, launchId: string): void {
  if (deps.store.note(noteOf(launchId))?.endsWith(` ${deps.fleet.owner}`)) say(deps, launchId, 0);
}

export const isAttended = (deps: AttendanceDeps, launchId: string): boolean => silenceOf(deps, launchId) < silentMs;

/** A clock that was set back must not make anybody present for as long as that. */
const silenceOf = ({ store, clock }: AttendanceDeps, launchId: string): number => Math.abs(clock.now() - Number(store.note(noteOf(launchId))?.split(' ')[0] ?? 0));

function say({ store, fleet, log }: AttendanceDeps, launchId: string, at: number): void {
  try {
    store.setNote(noteOf(launchId), `${at} ${fleet.owner}`);
  } catch (error) {
    // Then two may wait for one machine, which costs nothing but questions.
    log.warn(`that somebody waits for ${launchId} cannot be kept`, error);
  }
}
