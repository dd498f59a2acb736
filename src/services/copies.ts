/**
 * Keeps copies of what runs save, for as long as an editor is open: nothing that opens a bucket is written on a machine,
 * so nobody else could. Several windows share the plans; each copy is made by the one that takes it up first.
 */
import { createEmitter } from '../domain/emitter.ts';
import { isAbort } from '../domain/errors.ts';
import { isDue, type CopyPlan } from '../domain/copyPlan.ts';
import type { Credentials, DataPlace } from '../domain/dataStore.ts';
import type { MachineLinks } from '../domain/machineLink.ts';
import { mayBill } from '../domain/launch.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { isLive } from '../domain/run.ts';
import type { Journal, Notes, Store } from '../domain/store.ts';
import type { FolderSync } from '../domain/sync.ts';
import { readStillFiles, stillFilesScript, stillSeconds } from '../scripts/stillFiles.ts';
import type { DataTransfers } from './dataTransfers.ts';
import type { Fleet } from './fleet.ts';
import { copiesNote } from './leftNotes.ts';
import type { Runs } from './runs.ts';

const most = 20;

export interface CopiesDeps {
  readonly store: Notes & Pick<Store, 'atomically'> & Pick<Journal, 'launch'>;
  readonly fleet: Pick<Fleet, 'find'>;
  readonly runs: Pick<Runs, 'of'>;
  readonly links: MachineLinks;
  readonly sync: Pick<FolderSync, 'down'>;
  readonly transfers: Pick<DataTransfers, 'tools' | 'install' | 'copy'>;
  /** Of a bucket, where they were kept. */
  readonly credentials: (place: DataPlace) => Promise<Credentials | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

export class Copies {
  readonly #deps: CopiesDeps;
  readonly #failed = createEmitter<CopyPlan>();
  /** The first failure after a copy that came to its end. */
  readonly onDidFail = this.#failed.event;

  constructor(deps: CopiesDeps) {
    this.#deps = deps;
  }

  get plans(): readonly CopyPlan[] {
    return readPlans(this.#deps.store.note(copiesNote));
  }

  /** The newest, of one run or of all of a machine. */
  of(launchId: string, run?: string): CopyPlan | undefined {
    return this.plans.find((plan) => plan.launchId === launchId && (run === undefined || plan.run === run));
  }

  /** Takes the place of what was planned for the same run. */
  set(plan: CopyPlan): void {
    this.#write((plans) => [plan, ...plans.filter((other) => !isSame(other, plan))].slice(0, most));
  }

  drop(plan: CopyPlan): void {
    this.#write((plans) => plans.filter((other) => !isSame(other, plan)));
  }

  /** How often it is worth asking whether a copy is due, milliseconds; undefined while none can be. */
  get everyMs(): number | undefined {
    const able = this.plans.filter((plan) => plan.over !== true);
    return able.length === 0 ? undefined : Math.min(60_000, ...able.map(({ everyMs }) => everyMs));
  }

  async check(signal: AbortSignal): Promise<void> {
    for (const plan of this.plans) {
      signal.throwIfAborted();
      const launch = this.#deps.store.launch(plan.launchId);
      if (launch === undefined || !mayBill.includes(launch.state)) this.drop(plan);
      else if (this.#deps.fleet.find(plan.instanceId)?.state === 'ready' && this.#claim(plan)) await this.#copy(plan, signal);
    }
  }

  /** Between the look and the word, no other window may take it up. */
  #claim(plan: CopyPlan): boolean {
    const { store, clock } = this.#deps;
    return store.atomically(() => {
      const now = clock.now();
      const known = this.plans.find((other) => isSame(other, plan));
      if (known === undefined || !isDue(known, now)) return false;
      this.set({ ...known, triedAt: now });
      return true;
    });
  }

  async #copy(plan: CopyPlan, signal: AbortSignal): Promise<void> {
    const { clock, log, runs } = this.#deps;
    const at = clock.now();
    // Asked before the copy, and for long enough: what it saved last is not left out because it is new.
    const record = runs.of(plan.launchId).find(({ run }) => run.id === plan.run);
    const over = record !== undefined && !isLive(record.run) && at - record.at > stillSeconds * 1000;
    try {
      const copied = await (plan.to.kind === 'here' ? this.#pull(plan, plan.to.localFolder, signal) : this.#push(plan, plan.to.place, signal));
      this.#note(plan, (known) => ({ ...withoutProblem(known), triedAt: at, ...(copied ? { copiedAt: at } : {}), ...(over ? { over } : {}) }));
    } catch (error) {
      if (isAbort(error) && signal.aborted) throw error;
      log.warn(`what ${plan.run} saved could not be copied`, error);
      const problem = error instanceof Error ? error.message : String(error);
      this.#note(plan, (known) => ({ ...known, triedAt: at, problem }));
      if (plan.problem === undefined) this.#failed.fire({ ...plan, triedAt: at, problem });
    }
  }

  /** False when nothing is there yet. */
  async #pull({ launchId, remoteFolder }: CopyPlan, localFolder: string, signal: AbortSignal): Promise<boolean> {
    const link = this.#deps.links.of(launchId);
    const { stdout } = await link.run(stillFilesScript(remoteFolder), { signal, repeatable: true });
    const only = readStillFiles(stdout);
    if (only === undefined) throw new Error('the machine does not say what lies there');
    if (only.length === 0) return false;
    // What was replaced while it was read is left out, and found whole the next time.
    const { skipped } = await this.#deps.sync.down({ link, localFolder, remoteFolder, only, signal });
    return skipped.length < only.length;
  }

  async #push({ launchId, remoteFolder }: CopyPlan, place: DataPlace, signal: AbortSignal): Promise<boolean> {
    const { credentials, transfers } = this.#deps;
    const keys = await credentials(place);
    if (keys === undefined) throw new Error('the keys of that bucket are not kept here');
    if ((await transfers.tools(launchId, [], signal)).rclone === undefined) {
      const problem = await transfers.install(launchId, place.store, signal);
      if (problem !== undefined) throw new Error(`rclone: ${problem}`);
    }
    const { files, same } = await transfers.copy({ alias: launchId, place, credentials: keys, direction: 'push', folder: remoteFolder, stillSeconds, signal, onProgress: () => undefined });
    return files + same > 0;
  }

  /** How a copy ended, on the plan as it is by then: it may be dropped, or go elsewhere now. */
  #note(plan: CopyPlan, ended: (known: CopyPlan) => CopyPlan): void {
    this.#write((plans) => plans.map((known) => (isSame(known, plan) && goesTo(known) === goesTo(plan) ? ended(known) : known)));
  }

  #write(change: (plans: readonly CopyPlan[]) => readonly CopyPlan[]): void {
    const { store } = this.#deps;
    store.atomically(() => {
      const plans = change(this.plans);
      store.setNote(copiesNote, plans.length === 0 ? '' : JSON.stringify(plans));
    });
  }
}

function withoutProblem(plan: CopyPlan): CopyPlan {
  const { problem: _, ...rest } = plan;
  return rest;
}

const goesTo = ({ to, remoteFolder }: CopyPlan): string => JSON.stringify([to, remoteFolder]);
const isSame = (a: CopyPlan, b: CopyPlan): boolean => a.launchId === b.launchId && a.run === b.run;

/** Another version may have written it: what cannot be read is left out. */
function readPlans(text = ''): CopyPlan[] {
  try {
    const list: unknown = JSON.parse(text === '' ? '[]' : text);
    return Array.isArray(list) ? (list as unknown[]).filter(isPlan) : [];
  } catch {
    return [];
  }
}

function isPlan(value: unknown): value is CopyPlan {
  const { launchId, instanceId, run, folder, remoteFolder, everyMs, to } = (value ?? {}) as Partial<CopyPlan>;
  return [launchId, instanceId, run, folder, remoteFolder].every((text) => typeof text === 'string') && typeof everyMs === 'number' && everyMs >= 60_000 &&
    (to?.kind === 'here' ? typeof to.localFolder === 'string' : to?.kind === 'bucket' && typeof to.place.path === 'string');
}
