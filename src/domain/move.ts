/**
 * Work that goes on on another machine, because its own was taken away. What is kept here is enough for any window to
 * go on with it: nothing of it is sent twice, and nothing that holds the work's files ends before the work goes on.
 */
import type { DataPlace } from './dataStore.ts';
import type { InstanceId, InstanceState } from './instance.ts';
import { mayBill, type Launch } from './launch.ts';
import type { Afterwards, RunAbout, RunId } from './run.ts';

/**
 * parting -> renting -> restoring -> starting -> going -> done. `parting`: the old machine is made to wait no longer, so
 * that it cannot start again and bill beside the new one. `going`: the work was seen to run on the new one, and the old
 * may be ended. `failed`: given up; what there is stays as it is.
 */
export type MoveStep = 'parting' | 'renting' | 'restoring' | 'starting' | 'going' | 'done' | 'failed';

/** Where the last checkpoints are. The disk of a machine that is stopped cannot be read. */
export type Checkpoints =
  | { readonly kind: 'here'; readonly localFolder: string; readonly folder: string; readonly at?: number }
  | { readonly kind: 'bucket'; readonly place: DataPlace; readonly folder: string; readonly at?: number }
  /** Nowhere but on that disk: the work begins with what the project's folder here holds. */
  | { readonly kind: 'none' };

export interface Move {
  /** The machine that was taken away: one move at a time for each. */
  readonly launchId: string;
  readonly instanceId: InstanceId;
  /** What went on there. */
  readonly work: RunAbout & { readonly afterwards: Afterwards; readonly from?: string };
  readonly checkpoints: Checkpoints;
  /** What the work is called on the new machine: chosen before it is sent, because a machine takes a run of one name once. */
  readonly run: RunId;
  readonly step: MoveStep;
  /** The launch of the new machine, once there is one. */
  readonly to?: string;
  /** Epoch milliseconds, ours. */
  readonly changedAt: number;
}

const comesFrom: Readonly<Record<MoveStep, readonly MoveStep[]>> = {
  parting: ['done', 'failed'],
  renting: ['parting', 'renting', 'restoring', 'starting'],
  restoring: ['renting', 'restoring', 'starting'],
  starting: ['restoring', 'starting'],
  going: ['starting', 'going'],
  done: ['going', 'done'],
  failed: ['parting', 'renting', 'restoring', 'starting', 'failed'],
};

/** Whether a move may come to that step; a window that slept through another's doing is told no. */
export const mayBecome = (from: MoveStep, to: MoveStep): boolean => comesFrom[to].includes(from);
export const isOver = ({ step }: Pick<Move, 'step'>): boolean => step === 'done' || step === 'failed';

/** What is known when a move is taken up, by whichever window. */
export interface MoveFacts {
  readonly launches: readonly Launch[];
  /** How the machine of a launch is shown. */
  readonly stateOf: (launch: Launch) => InstanceState | undefined;
  /** Whether the work was seen on the new machine, running or run. */
  readonly seen: boolean;
}

/**
 * `wait`: a machine of this move may exist and is not ready. `offerEnd`: only now may the old machine be ended, and a
 * person is asked. `close`: it is gone, or nothing is left to do.
 */
export type MoveDeed = 'rent' | 'wait' | 'restore' | 'offerEnd' | 'close';

export function nextDeed(move: Move, facts: MoveFacts): MoveDeed {
  if (isOver(move)) return 'close';
  const old = facts.launches.find(({ id }) => id === move.launchId);
  const fresh = newMachine(move, facts.launches);
  if (move.step === 'going') return old !== undefined && mayBill.includes(old.state) ? 'offerEnd' : 'close';
  if (fresh === undefined) return 'rent';
  const state = facts.stateOf(fresh);
  // Whatever a step says was next: work that was seen there is not sent again.
  if (facts.seen && fresh.id === move.to) return 'offerEnd';
  return fresh.state === 'ready' && state === 'ready' ? 'restore' : 'wait';
}

/** The machine that was rented for it and may still exist; never a second one is rented beside it. */
export const newMachine = ({ launchId }: Pick<Move, 'launchId'>, launches: readonly Launch[]): Launch | undefined =>
  launches.find(({ quote, state }) => quote.movedFrom === launchId && mayBill.includes(state) && state !== 'ending');
