/**
 * Brings work from a machine that was taken away to another one: the old one is made to wait no longer, another is
 * rented, files and the last checkpoints go there, and the same command goes on. It ends no machine: whether the old one
 * goes is asked when the work is seen to run on the new.
 */
import type { Credentials, TransferProgress } from '../domain/dataStore.ts';
import { RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { MachineLink, MachineLinks } from '../domain/machineLink.ts';
import { nextDeed, newMachine, type Move, type MoveDeed } from '../domain/move.ts';
import type { Log } from '../domain/ports.ts';
import { isLive, type RunSeen } from '../domain/run.ts';
import type { Journal } from '../domain/store.ts';
import type { FolderSync, SkippedFile, SyncProgress } from '../domain/sync.ts';
import { listRuns, readRuns } from '../scripts/runList.ts';
import { attend, isAttended, leave, type AttendanceDeps } from './attendance.ts';
import type { OnStage, RentRequest } from './creating.ts';
import type { DataTransfers } from './dataTransfers.ts';
import type { Fleet } from './fleet.ts';
import type { MoveBook } from './moveBook.ts';
import type { Ready } from './readiness.ts';
import type { Rentals } from './rentals.ts';
import type { Runs } from './runs.ts';

export interface MoverDeps extends AttendanceDeps {
  readonly store: AttendanceDeps['store'] & Pick<Journal, 'launches' | 'launch'>;
  readonly fleet: Pick<Fleet, 'owner' | 'find' | 'refresh'>;
  readonly book: MoveBook;
  readonly rentals: Pick<Rentals, 'stop' | 'rent'>;
  readonly runs: Pick<Runs, 'start' | 'remoteFolder'>;
  readonly links: MachineLinks;
  readonly sync: Pick<FolderSync, 'up'>;
  readonly transfers: Pick<DataTransfers, 'tools' | 'install' | 'copy'>;
  /** Where work belongs on that launch's provider's machines. */
  readonly workspaceOf: (launchId: string) => string;
  readonly log: Log;
}

export type MoveStage = 'folder' | 'files' | 'checkpoints' | 'starting';

export interface CarryOn {
  /** Of the bucket that the checkpoints are in. */
  readonly credentials?: Credentials;
  readonly signal: AbortSignal;
  readonly onStage: (stage: MoveStage) => void;
  readonly onFiles?: (progress: SyncProgress) => void;
  readonly onData?: (progress: TransferProgress) => void;
  readonly onLeftOut?: (files: readonly SkippedFile[]) => void;
}

export class Mover {
  readonly #deps: MoverDeps;

  constructor(deps: MoverDeps) {
    this.#deps = deps;
  }

  /** What is to be done next; `seen` asks the new machine, and nobody knows when it cannot be asked. */
  async next(move: Move, signal: AbortSignal): Promise<MoveDeed> {
    const { store, fleet } = this.#deps;
    const launches = store.launches();
    const seen = move.to !== undefined && move.step === 'starting' && isFine(await this.#workOn(move.to, move, signal));
    return nextDeed(move, { launches, seen, stateOf: ({ instanceId }) => (instanceId === undefined ? undefined : fleet.find(instanceId)?.state) });
  }

  /** Whether a window is at it. */
  isAttended(move: Move): boolean {
    return isAttended(this.#deps, attendanceOf(move));
  }

  leave(move: Move): void {
    leave(this.#deps, attendanceOf(move));
  }

  /**
   * The one way in which a move rents: the old machine waits no more before the request leaves, so that never two of
   * them run. Throws `notAllowed` when it runs again already, or a machine of this move exists.
   */
  async rent(move: Move, request: RentRequest, onStage: OnStage, signal: AbortSignal): Promise<Ready> {
    const { book, rentals, store } = this.#deps;
    attend(this.#deps, attendanceOf(move));
    await this.#part(move);
    if (newMachine(move, store.launches()) !== undefined) throw new RentError('inFlight', { detail: 'a machine of this move is there already' });
    book.step(move.launchId, 'renting');
    const ready = await rentals.rent({ ...request, movedFrom: move.launchId }, (stage) => {
      attend(this.#deps, attendanceOf(move));
      onStage(stage);
    }, signal);
    book.step(move.launchId, 'restoring', ready.launch.id);
    return ready;
  }

  /** Files, checkpoints, and the work itself, on the new machine. Safe to repeat: what is there is not sent again. */
  async carryOn(move: Move, order: CarryOn): Promise<Move> {
    const { book, runs, store } = this.#deps;
    const { signal, onStage } = order;
    const fresh = newMachine(move, store.launches());
    if (fresh?.instanceId === undefined) throw new RentError('gone', { detail: 'the machine it was to go on with' });
    book.step(move.launchId, 'restoring', fresh.id);
    attend(this.#deps, attendanceOf(move));
    onStage('folder');
    const folder = await this.#folderFor(move, fresh.instanceId, signal);
    const { words, afterwards, from } = move.work;
    onStage('files');
    await runs.start({
      instance: fresh.instanceId, id: move.run, words, afterwards, folder, signal,
      ...(from === undefined ? {} : { from }),
      ...(order.onFiles === undefined ? {} : { onUpload: order.onFiles }),
      ...(order.onLeftOut === undefined ? {} : { onLeftOut: order.onLeftOut }),
      // After the project's own files: an older checkpoint among them must not take the newer one's place.
      prepare: async (link) => {
        attend(this.#deps, attendanceOf(move));
        onStage('checkpoints');
        await this.#restore(move, fresh.id, link, folder, order);
        signal.throwIfAborted();
        book.step(move.launchId, 'starting');
        onStage('starting');
      },
    });
    const run = await this.#workOn(fresh.id, move, signal);
    if (!isFine(run)) {
      book.step(move.launchId, 'failed');
      throw new RentError('notStarted', { detail: run?.tail || 'it is not on the new machine' });
    }
    return book.step(move.launchId, 'going');
  }

  /** The old machine is gone, or stays because the person wants it. */
  close(move: Move): void {
    this.#deps.book.step(move.launchId, 'done');
    this.leave(move);
  }

  giveUp(move: Move): void {
    this.#deps.book.step(move.launchId, 'failed');
    this.leave(move);
  }

  async #part(move: Move): Promise<void> {
    const { fleet, rentals, store } = this.#deps;
    await fleet.refresh();
    const old = fleet.find(move.instanceId);
    // Gone altogether is as good as stopped for good.
    if (old === undefined) return;
    if (old.state !== 'stopped') throw new RentError('notAllowed', { detail: `the machine to move from is ${old.state} again` });
    if (store.launch(move.launchId)?.state !== 'stopped') await rentals.stop(move.instanceId);
  }

  async #restore({ checkpoints, work }: Move, alias: string, link: MachineLink, folder: string, { credentials = {}, signal, onFiles, onData }: CarryOn): Promise<void> {
    const { sync, transfers, workspaceOf } = this.#deps;
    if (checkpoints.kind === 'none') return;
    const remoteFolder = below(folder, checkpoints.folder);
    if (checkpoints.kind === 'here') {
      await sync.up({ link, localFolder: checkpoints.localFolder, remoteFolder, signal, vet: () => Promise.resolve([]), ...(onFiles === undefined ? {} : { onProgress: onFiles }) });
      return;
    }
    const { store } = checkpoints.place;
    const tools = await transfers.tools(alias, [workspaceOf(alias)], signal);
    const problem = store.kind !== 'hub' && tools.rclone === undefined ? await transfers.install(alias, store, signal) : undefined;
    if (problem !== undefined) throw new RentError('notStarted', { detail: `rclone could not be installed there: ${problem}; ${work.folder} was not restored` });
    await transfers.copy({ alias, place: checkpoints.place, credentials, direction: 'pull', folder: remoteFolder, signal, onProgress: (progress) => onData?.(progress) });
  }

  /** The same place in another machine's work folder; elsewhere the same path. */
  async #folderFor({ launchId, work }: Move, id: InstanceId, signal: AbortSignal): Promise<string> {
    const { runs, workspaceOf } = this.#deps;
    if (work.from !== undefined) return runs.remoteFolder(id, lastName(work.folder), signal);
    const usual = `${workspaceOf(launchId)}/`;
    return work.folder.startsWith(usual) ? runs.remoteFolder(id, work.folder.slice(usual.length), signal) : work.folder;
  }

  async #workOn(alias: string, { run }: Move, signal: AbortSignal): Promise<RunSeen | undefined> {
    const { stdout } = await this.#deps.links.of(alias).run(listRuns(), { signal, repeatable: true });
    const runs = readRuns(stdout);
    if (runs === undefined) throw new RentError('sshUnreachable', { detail: 'the machine does not tell of its runs' });
    return runs.find(({ id }) => id === run);
  }
}

/** It goes on, or it has done its work: one that ended otherwise has not gone on. */
const isFine = (run: RunSeen | undefined): boolean => run !== undefined && (isLive(run) || run.exitCode === 0);

const attendanceOf = ({ launchId }: Move): string => `move ${launchId}`;
const lastName = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';
const below = (folder: string, path: string): string => (path === '' ? folder : `${folder.replace(/\/+$/, '')}/${path}`);
