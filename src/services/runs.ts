import { createEmitter } from '../domain/emitter.ts';
import { isAbort, RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { MachineLink, MachineLinks } from '../domain/machineLink.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import type { Afterwards, RunId, RunMemory, RunRecord } from '../domain/run.ts';
import type { FolderSync, SkippedFile, SyncOrder, SyncProgress, SyncResult } from '../domain/sync.ts';
import type { Journal } from '../domain/store.ts';
import { askWorkFolder, readWorkFolder } from '../scripts/workFolder.ts';
import type { Fleet } from './fleet.ts';
import { launchName, type FleetInstance } from './fleetInstance.ts';
import { followLog, type LogChunk } from './followLog.ts';
import type { Once } from './once.ts';
import { type Machine, RunBook } from './runBook.ts';
import type { RunLaunch } from './runLaunch.ts';
import type { Spared } from './runSparing.ts';

export interface RunsDeps {
  readonly links: MachineLinks;
  readonly sync: FolderSync;
  readonly fleet: Pick<Fleet, 'instances' | 'find'>;
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly memory: RunMemory;
  readonly journal: Pick<Journal, 'launches'>;
  readonly once: Once;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: (bytes: number) => Uint8Array;
  /** Whether this window is the one that asks machines of that provider; every one is, unless said. */
  readonly acts?: (provider: ProviderId) => boolean;
}

/** `remoteFolder` says which folder is usual. */
export interface RunOrder extends RunLaunch {
  readonly instance: InstanceId;
  /** Sent there first. */
  readonly from?: string;
  readonly signal: AbortSignal;
  /** Asked about the files that would go; without it those with secrets stay. */
  readonly vet?: NonNullable<SyncOrder['vet']>;
  /** Chosen by who must be able to send it again; a machine takes a run of one name once. */
  readonly id?: RunId;
  /** What else has to be there before it starts, once its files are. */
  readonly prepare?: (link: MachineLink) => Promise<void>;
  readonly onUpload?: (progress: SyncProgress) => void;
  /** What was not sent, and why: the run does without it. */
  readonly onLeftOut?: (files: readonly SkippedFile[]) => void;
}

/** A rental and what ran on it; without a machine when that is gone. */
export interface RunsOfLaunch {
  readonly name: string;
  readonly instance?: FleetInstance;
  readonly records: readonly RunRecord[];
}

/** Why a run cannot end its machine. */
export type NoEnd = 'noGuard' | 'guardSilent';

const liveEveryMs = 10_000;
/** Somebody may start runs from another computer. */
const otherwiseEveryMs = 5 * 60_000;

// What is said to machines is read when there is one to say it to.
const changing = () => import('../scripts/runChange.ts');

/** Commands that go on by themselves on our machines: started, followed, and remembered when the machine is gone. */
export class Runs {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #deps: RunsDeps;
  readonly #book: RunBook;
  readonly #askedAt = new Map<string, number>();

  constructor(deps: RunsDeps) {
    this.#deps = deps;
    this.#book = new RunBook(deps);
  }

  get onDidEnd(): RunBook['onDidEnd'] {
    return this.#book.onDidEnd;
  }

  /** What is known of a machine's runs, newest first, also when the machine is gone. */
  of(launchId: string): readonly RunRecord[] {
    return this.#book.of(launchId);
  }

  /** Everything that is remembered, newest rental first. */
  history(): readonly RunsOfLaunch[] {
    const { journal, fleet } = this.#deps;
    return journal.launches().flatMap((launch) => {
      const records = this.of(launch.id);
      const instance = fleet.instances.find(({ alias }) => alias === launch.id);
      return records.length === 0 ? [] : [{ name: launchName(launch), records, ...(instance === undefined ? {} : { instance }) }];
    });
  }

  /** Why `then` could be nothing but `keep` there; undefined where a run can end its machine. */
  whyNoEnd({ provider, launch, guard }: FleetInstance): NoEnd | undefined {
    const carries = launch !== undefined && this.#deps.providers.get(provider)?.traits.carriesGuard(launch.quote.image) === true;
    if (!carries) return 'noGuard';
    return guard?.protection === 'unprotected' ? 'guardSilent' : undefined;
  }

  /** Where a local folder's runs usually are on that machine. */
  async remoteFolder(id: InstanceId, localName: string, signal: AbortSignal): Promise<string> {
    const { instance, link } = this.#ready(id);
    const usual = this.#deps.providers.get(instance.provider)?.traits.workspaceFolder;
    const { stdout } = await link.run(askWorkFolder(usual === undefined ? [] : [usual]), { signal, repeatable: true });
    const folder = readWorkFolder(stdout);
    if (folder === undefined) throw new RentError('sshUnreachable', { detail: 'the machine does not say where work is done' });
    return localName === '' ? folder : `${folder.replace(/\/+$/, '')}/${localName}`;
  }

  /**
   * Sends the folder, starts the command and leaves it to itself. Throws `noGuard` before anything is sent when the
   * machine could not be ended as asked, and `notStarted` when the machine did not take it.
   */
  async start(order: RunOrder): Promise<RunId> {
    const { clock, random, sync } = this.#deps;
    const { instance, link } = this.#ready(order.instance);
    const why = order.afterwards === 'keep' ? undefined : this.whyNoEnd(instance);
    if (why !== undefined) throw new RentError('noGuard', { detail: why });
    const { folder, from, signal, vet, onUpload } = order;
    const { newRunId, launchRun, justStarted } = await import('./runLaunch.ts');
    const id = order.id ?? newRunId(clock.now(), random);
    const spared = await this.#spare(instance, signal);
    try {
      if (from !== undefined) {
        const { skipped } = await sync.up({
          link, localFolder: from, remoteFolder: folder, signal, ...(vet === undefined ? {} : { vet }), ...(onUpload === undefined ? {} : { onProgress: onUpload }),
        });
        if (skipped.length > 0) order.onLeftOut?.(skipped);
      }
      await order.prepare?.(link);
      await launchRun(link, clock, id, order, signal);
    } catch (error) {
      await spared.endAgain();
      throw error;
    }
    this.#book.keep(instance.alias, justStarted(id, order, clock.now()), {}, from);
    await this.#look(instance, link, signal).catch((error: unknown) => this.#deps.log.warn(`${id} was started and could not be looked at`, error));
    return id;
  }

  /** Asks one machine. Throws `sshUnreachable`. */
  async refresh(id: InstanceId, signal: AbortSignal): Promise<readonly RunRecord[]> {
    const { instance, link } = this.#ready(id);
    await this.#look(instance, link, signal);
    return this.of(instance.alias);
  }

  /** How often a check is worth making, milliseconds; undefined while no machine of ours runs. */
  get everyMs(): number | undefined {
    const machines = this.#machines();
    if (machines.length === 0) return undefined;
    return machines.some(({ alias }) => !this.#askedAt.has(alias) || this.#book.anyLive(alias)) ? liveEveryMs : otherwiseEveryMs;
  }

  /** Asks the machines whose runs go on, and now and then the others. */
  async check(signal: AbortSignal): Promise<void> {
    const { links, log, clock } = this.#deps;
    const due = this.#machines().filter(({ alias }) => this.#book.anyLive(alias) ||
      Math.abs(clock.now() - (this.#askedAt.get(alias) ?? -Infinity)) >= otherwiseEveryMs);
    await Promise.all(due.map((instance) => this.#look(instance, links.of(instance.alias), signal).catch((error: unknown) => {
      if (isAbort(error) && signal.aborted) throw error;
      log.debug(`the runs of ${instance.id} cannot be asked`, error);
    })));
  }

  /** The log from a byte on, until the run is over. */
  follow(id: InstanceId, run: RunId, options: { readonly signal: AbortSignal; readonly offset?: number; readonly once?: boolean; readonly onLost?: (error: Error) => void }): AsyncIterable<LogChunk> {
    return followLog({ ...options, link: this.#ready(id).link, id: run, clock: this.#deps.clock });
  }

  /** Mildly first, and after ten seconds for good; what was chosen for afterwards holds unless `keep`. */
  async stop(id: InstanceId, run: RunId, keep: boolean, signal: AbortSignal): Promise<void> {
    await this.#change(id, (await changing()).stopRun(run, keep), signal);
  }

  /** Also after its end: then the guard hears it at once. Throws `noGuard`. */
  async setAfterwards(id: InstanceId, run: RunId, afterwards: Afterwards, signal: AbortSignal): Promise<void> {
    const why = afterwards === 'keep' ? undefined : this.whyNoEnd(this.#ready(id).instance);
    if (why !== undefined) throw new RentError('noGuard', { detail: why });
    await this.#change(id, (await changing()).setAfterwards(run, afterwards), signal);
  }

  /** Brings a folder of the machine home, which does not end meanwhile because of a run. */
  async download(id: InstanceId, remoteFolder: string, localFolder: string, signal: AbortSignal, onProgress: (progress: SyncProgress) => void): Promise<SyncResult> {
    const { instance, link } = this.#ready(id);
    const spared = await this.#spare(instance, signal);
    try {
      return await this.#deps.sync.down({ link, localFolder, remoteFolder, signal, onProgress });
    } finally {
      await spared.endAgain();
    }
  }

  /** Takes back what ended runs left for the guard, for good. False when the machine does not confirm it. */
  async keepMachine(id: InstanceId, signal: AbortSignal): Promise<boolean> {
    const { keepMachine, readKeptMachine } = await changing();
    return readKeptMachine(await this.#change(id, keepMachine(), signal));
  }

  async #spare({ id, alias }: Machine, signal: AbortSignal): Promise<Spared> {
    const { links, log } = this.#deps;
    const { spare } = await import('./runSparing.ts');
    return spare(links.of(alias), signal, (error) => log.error(`${id} was to end after its run and could not be told again`, error));
  }

  async #change(id: InstanceId, script: string, signal: AbortSignal): Promise<string> {
    const { instance, link } = this.#ready(id);
    const { stdout } = await link.run(script, { signal, repeatable: true });
    await this.#look(instance, link, signal);
    return stdout;
  }

  async #look(instance: Machine, link: MachineLink, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const [{ listRuns, readRuns }, { lookAtProgress }] = await Promise.all([import('../scripts/runList.ts'), import('./runProgress.ts')]);
    const seen = readRuns((await link.run(listRuns(), { signal, repeatable: true })).stdout);
    if (seen === undefined) throw new RentError('sshUnreachable', { detail: 'the machine does not tell of its runs' });
    this.#askedAt.set(instance.alias, clock.now());
    this.#book.takeIn(instance, seen, lookAtProgress);
    this.#changed.fire();
  }

  #machines(): Machine[] {
    const { fleet, acts = () => true } = this.#deps;
    return fleet.instances.filter(isMachine).filter(({ provider }) => acts(provider));
  }

  #ready(id: InstanceId): { instance: Machine; link: MachineLink } {
    const instance = this.#deps.fleet.find(id);
    if (instance === undefined || !isMachine(instance)) throw new RentError('notAllowed', { detail: `${id} is not a machine of ours that runs` });
    return { instance, link: this.#deps.links.of(instance.alias) };
  }
}

const isMachine = (instance: FleetInstance): instance is Machine => instance.ours && instance.state === 'ready' && instance.alias !== undefined;
