/** What is held against hosts: written down where it is found out, and for as long as it counts. */
import { createEmitter } from '../domain/emitter.ts';
import { isRentError } from '../domain/errors.ts';
import { hostKey, incidentAt, isOtherGpu, isSlowLink, stillCounts, type HostIncident, type HostKey, type HostTrouble } from '../domain/hostMemory.ts';
import type { Launch } from '../domain/launch.ts';
import type { Offer } from '../domain/offer.ts';
import type { Clock, Disposable, Log } from '../domain/ports.ts';
import type { Incidents, Journal } from '../domain/store.ts';
import type { Fleet } from './fleet.ts';
import type { GuardEnds } from './guardEnds.ts';

export interface HostMemoryDeps {
  readonly store: Incidents & Pick<Journal, 'launch'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every offer of a market is asked about in one turn, and other windows write seldom. */
const sureMs = 1000;

export class HostMemory {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #deps: HostMemoryDeps;
  #known: { readonly at: number; readonly byHost: ReadonlyMap<HostKey, HostIncident> } | undefined;

  constructor(deps: HostMemoryDeps) {
    this.#deps = deps;
  }

  /** The newest trouble with its host that still counts. */
  incidentOf(offer: Offer): HostIncident | undefined {
    const { clock } = this.#deps;
    if (this.#known === undefined || clock.elapsed() - this.#known.at > sureMs) {
      this.#known = { at: clock.elapsed(), byHost: new Map(this.incidents.toReversed().map((incident) => [incident.host, incident])) };
    }
    const host = this.#known.byHost.size === 0 ? undefined : hostKey(offer);
    return host === undefined ? undefined : this.#known.byHost.get(host);
  }

  /** Those that still count, the newest first. */
  get incidents(): ReturnType<Incidents['incidents']> {
    const { store, clock } = this.#deps;
    const now = clock.now();
    return store.incidents().filter((incident) => stillCounts(incident, now));
  }

  forget(host: HostKey): void {
    this.#deps.store.forgive(host);
    this.#tell();
  }

  /** A machine did not come to be worked on. One that did once, or that somebody ended meanwhile, did not fail that way. */
  failed(launch: Launch, error: unknown): void {
    const { readyAt, state } = this.#deps.store.launch(launch.id) ?? launch;
    if (readyAt !== undefined || state !== 'created') return;
    if (isRentError(error, 'dud')) this.#blame(launch, 'neverReady');
    if (isRentError(error, 'sshUnreachable', 'sshRefused')) this.#blame(launch, 'noSsh');
  }

  /** It can be worked on, and its driver says which GPUs it has. */
  met(launch: Launch, gpus: readonly string[]): void {
    if (isOtherGpu(gpus, launch.quote.gpu)) this.#blame(launch, 'otherGpu');
  }

  /** It has fetched so much from a bucket or a hub, by its own word, in that time. */
  fetched(launchId: string, bytes: number, ms: number): void {
    const launch = this.#deps.store.launch(launchId);
    if (launch !== undefined && isSlowLink(bytes, ms, launch.quote.downMbps ?? 0)) this.#blame(launch, 'slowLink');
  }

  /** Interruptible machines are taken away by the market. */
  watch(fleet: Pick<Fleet, 'instances' | 'launchOf' | 'onDidChange'>, ends: Pick<GuardEnds, 'onDidFind'>): Disposable {
    const failing = fleet.onDidChange(() => {
      for (const { state, launch } of fleet.instances) if (state === 'failed' && launch?.state === 'ready') this.#lost(launch);
    });
    const found = ends.onDidFind(({ id, end }) => {
      const launch = fleet.launchOf(id);
      if (end.how === 'gone' && end.reason === undefined && launch?.readyAt !== undefined) this.#lost(launch);
    });
    return { dispose: () => [failing, found].forEach((part) => part.dispose()) };
  }

  #lost(launch: Launch): void {
    if (launch.quote.kind === 'on-demand') this.#blame(launch, 'lost');
  }

  /** Never throws: a full disk must not keep anybody from ending a machine that failed. */
  #blame({ id: launchId, quote: { host } }: Launch, trouble: HostTrouble): void {
    const { store, clock, log } = this.#deps;
    if (host === undefined) return;
    try {
      if (store.incidents().some((one) => one.launchId === launchId && one.trouble === trouble)) return;
      log.info(`${host} is remembered: ${trouble}`, launchId);
      store.blame({ launchId, host, ...incidentAt(trouble, clock.now()) });
      this.#tell();
    } catch (error) {
      log.warn(`what ${host} did could not be kept`, error);
    }
  }

  #tell(): void {
    this.#known = undefined;
    this.#changed.fire();
  }
}
