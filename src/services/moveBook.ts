/** The moves of this installation, among the notes that all windows share. */
import { RentError } from '../domain/errors.ts';
import { isOver, mayBecome, type Move, type MoveStep } from '../domain/move.ts';
import type { Clock } from '../domain/ports.ts';
import type { Notes, Store } from '../domain/store.ts';
import { movesNote } from './leftNotes.ts';

/** Those that are over are of no use but to whoever still looks at them. */
const most = 8;

export class MoveBook {
  readonly #store: Notes & Pick<Store, 'atomically'>;
  readonly #clock: Clock;

  constructor(store: Notes & Pick<Store, 'atomically'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  get unfinished(): readonly Move[] {
    return readMoves(this.#store.note(movesNote)).filter((move) => !isOver(move));
  }

  of(launchId: string): Move | undefined {
    return readMoves(this.#store.note(movesNote)).find((move) => move.launchId === launchId);
  }

  /** Throws `inFlight` while one of the same machine is not over. */
  begin(move: Omit<Move, 'step' | 'changedAt'>): Move {
    return this.#store.atomically(() => {
      const before = this.of(move.launchId);
      if (before !== undefined && !isOver(before)) throw new RentError('inFlight', { detail: 'it is being moved already' });
      return this.#keep({ ...move, step: 'parting', changedAt: this.#clock.now() });
    });
  }

  /** Throws `notAllowed` when another window has brought it elsewhere. */
  step(launchId: string, step: MoveStep, to?: string): Move {
    return this.#store.atomically(() => {
      const move = this.of(launchId);
      if (move === undefined || !mayBecome(move.step, step)) throw new RentError('notAllowed', { detail: `the move cannot come from ${move?.step} to ${step}` });
      return this.#keep({ ...move, step, ...(to === undefined ? {} : { to }), changedAt: this.#clock.now() });
    });
  }

  #keep(move: Move): Move {
    const others = readMoves(this.#store.note(movesNote)).filter(({ launchId }) => launchId !== move.launchId);
    const all = [move, ...others].toSorted((a, b) => Number(isOver(a)) - Number(isOver(b))).slice(0, most);
    this.#store.setNote(movesNote, all.every(isOver) ? '' : JSON.stringify(all));
    return move;
  }
}

/** Another version may have written it. What a move would do is decided by what is read here, so half of one is none. */
function readMoves(text = ''): Move[] {
  try {
    const list: unknown = JSON.parse(text === '' ? '[]' : text);
    return Array.isArray(list) ? (list as unknown[]).filter(isMove) : [];
  } catch {
    return [];
  }
}

const steps: readonly MoveStep[] = ['parting', 'renting', 'restoring', 'starting', 'going', 'done', 'failed'];

function isMove(value: unknown): value is Move {
  const { launchId, instanceId, work, checkpoints, run, step, to, changedAt } = (value ?? {}) as Partial<Move>;
  return typeof launchId === 'string' && typeof instanceId === 'string' && typeof run === 'string' && typeof changedAt === 'number' && (to === undefined || typeof to === 'string') &&
    steps.includes(step as MoveStep) && Array.isArray(work?.words) && typeof work.folder === 'string' && typeof checkpoints === 'object' && ['here', 'bucket', 'none'].includes(checkpoints.kind);
}
