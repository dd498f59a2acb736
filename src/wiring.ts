/**
 * Builds the product without the editor: adapters behind their ports, services on top. Used by the
 * extension and by the headless commands, so that both are the same product.
 */
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Caps } from './domain/caps.ts';
import { isRentError, RentError } from './domain/errors.ts';
import { defaultFilter, type OfferFilter } from './domain/filter.ts';
import { mayBill } from './domain/launch.ts';
import type { MachineLink, MachineLinks } from './domain/machineLink.ts';
import { providerIds, type ProviderId } from './domain/offer.ts';
import type { Clock, Log } from './domain/ports.ts';
import type { Provider, ProviderTraits } from './domain/provider.ts';
import type { TemplatePage } from './domain/start.ts';
import type { Store } from './domain/store.ts';
import type { FindSecrets, FolderSync } from './domain/sync.ts';
import { renewalCommand } from './guard/renewal.ts';
import { parseStatus } from './guard/status.ts';
import { lateHttp } from './providers/http/lateHttp.ts';
import { createRedactor, redactingLog } from './providers/http/redact.ts';
import type { Transport } from './providers/http/transport.ts';
import { createLambda } from './providers/lambda/lambda.ts';
import { createRunpod } from './providers/runpod/runpod.ts';
import { createVast } from './providers/vast/vast.ts';
import { Accounts, type Keys } from './services/accounts.ts';
import { Disks } from './services/disks.ts';
import { Fleet } from './services/fleet.ts';
import { Guard } from './services/guard.ts';
import { GuardEnds } from './services/guardEnds.ts';
import { guardKeeper } from './services/guardKeeper.ts';
import { HostMemory } from './services/hostMemory.ts';
import { Market } from './services/market.ts';
import { Meter } from './services/meter.ts';
import { Once } from './services/once.ts';
import { Protection, viewOf } from './services/protection.ts';
import { Rentals } from './services/rentals.ts';
import { afterLastRun } from './services/runBook.ts';
import { Runs } from './services/runs.ts';
import { createGuardLink } from './ssh/guardLink.ts';
import { createMachineLinks } from './ssh/link/machineLinks.ts';
import { createSsh, type SshDoor } from './ssh/ssh.ts';
import { createGuardMemory } from './store/guardMemory.ts';
import { createRunMemory } from './store/runMemory.ts';
import { openStore } from './store/sqliteStore.ts';

export const publicOrigins: Readonly<Record<ProviderId, string>> = {
  vast: 'https://console.vast.ai',
  runpod: 'https://api.runpod.io',
  lambda: 'https://cloud.lambda.ai',
};

export interface CoreOptions {
  /** One per user, shared by every window, profile and editor. */
  readonly stateFolder: string;
  readonly origins: Readonly<Record<ProviderId, string>>;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly filter?: OfferFilter;
  /** What all machines together may cost; nothing is capped unless said. */
  readonly caps?: () => Caps;
  /** Nothing but datacentres may be rented. */
  readonly datacentreOnly?: () => boolean;
  /** The way to the providers and to machines; the network unless said. */
  readonly transport?: Transport;
  readonly ssh?: SshDoor;
}

type ReadTemplates = (provider: ProviderId, query: string, signal: AbortSignal) => Promise<TemplatePage>;

export interface Core {
  /** The log that was given, with every key struck out that was ever used. */
  readonly log: Log;
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly market: Market;
  readonly accounts: Accounts;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly rentals: Rentals;
  readonly disks: Disks;
  readonly hosts: HostMemory;
  readonly templates: ReadTemplates;
  readonly guard: Guard;
  readonly protection: Protection;
  readonly guardEnds: GuardEnds;
  readonly runs: Runs;
  readonly once: Once;
  readonly ssh: SshDoor;
  /** The ways to our machines: their commands, files and ports. */
  readonly links: MachineLinks;
  /** Folders here and on our machines. What looks like a secret stays here unless somebody is asked. */
  readonly sync: FolderSync;
  readonly findSecrets: FindSecrets;
  /** The folder on a machine that a person means by what they type. */
  readonly folderOn: (link: MachineLink, path: string, signal: AbortSignal) => Promise<string>;
  readonly store: Store;
  dispose(): void;
}

export async function createCore(options: CoreOptions): Promise<Core> {
  const { stateFolder, clock } = options;
  const secrets = new Set<string>();
  const keys = remembering(options.keys, secrets);
  const log = redactingLog(options.log, createRedactor(() => secrets));
  const store = await openStore(stateFolder, () => clock.now()).catch(async (error: unknown) => {
    log.error('the journal cannot be opened; renting is off', error);
    const { noStore } = await import('./store/noStore.ts');
    return noStore(isRentError(error) ? error : new RentError('noJournal', { cause: error }));
  });
  const make = (id: ProviderId, key: () => Promise<string | undefined>): Provider => createProvider(id, key, { ...options, log }, () => hasEndpoints(store, clock.now()));
  const providers = new Map(providerIds.map((id) => [id, make(id, () => keys.get(id))]));
  const trial = (id: ProviderId, key: string): Provider => {
    secrets.add(key.trim());
    return make(id, () => Promise.resolve(key));
  };
  const accounts = new Accounts(keys, providers, trial, log);
  const meter = new Meter(store, clock);
  const owner = randomBytes(8).toString('hex');
  const signedIn = (id: ProviderId): boolean => accounts.signedIn(id);
  const memory = createGuardMemory(store);
  const fleet = new Fleet({ providers, signedIn, store, meter, clock, log, owner, guardOf: (launch) => viewOf({ memory, providers, clock }, launch) });
  const ssh = options.ssh ?? createSsh({ folder: join(stateFolder, 'ssh'), clock, log, install: store.install });
  const links = createMachineLinks({
    connect: (options) => ssh.connect(options),
    endpoints: (alias) => fleet.instances.find((instance) => instance.alias === alias)?.endpoints ?? [],
    clock,
    log,
  });
  const link = createGuardLink({
    links,
    dialect: { command: renewalCommand, read: (alias, printed) => parseStatus(printed, alias) },
    clock,
  });
  const acts = (provider: ProviderId): boolean => fleet.acts(provider);
  const protection = new Protection({ fleet, providers, memory, link, clock, log, acts, providerNow: () => meter.providerNow() });
  const once = new Once(store, log);
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const runMemory = createRunMemory(store);
  const transferring = folderSync(clock);
  const runs = new Runs({ links, sync: transferring.sync, fleet, providers, memory: runMemory, journal: store, once, clock, log, random, acts });
  const guardEnds = new GuardEnds({ fleet, journal: store, providers, memory, clock, log, acts, afterRun: (launchId) => afterLastRun(runMemory, launchId) });
  const hosts = new HostMemory({ store, clock, log });
  const rentals = new Rentals({
    providers, store, fleet, meter, ssh, clock, log, random, keeper: guardKeeper(protection, guardEnds), hosts, datacentreOnly: options.datacentreOnly,
  });
  const guard = new Guard({
    fleet, meter, once, log, stop: (id) => rentals.endAtLimit(id), ...(options.caps === undefined ? {} : { caps: options.caps }),
  });
  const disks = new Disks({ providers, signedIn, clock, log });
  const templates: ReadTemplates = async (id, query, signal) => (await providers.get(id)?.templates?.(query, signal)) ?? { templates: [], dropped: 0, more: false };
  const market = new Market(providers, options.filter ?? defaultFilter, clock, log);
  const watch = hosts.watch(fleet, guardEnds);
  const dispose = (): void => {
    watch.dispose();
    links.dispose();
    leave(store, owner, log);
  };
  return { log, providers, market, accounts, fleet, meter, rentals, disks, hosts, templates, guard, protection, guardEnds, runs, once, ssh, links, ...transferring, store, dispose };
}

/** Read when the first of them is needed. */
function folderSync(clock: Clock): Pick<Core, 'sync' | 'findSecrets' | 'folderOn'> {
  const findSecrets: FindSecrets = async (...args) => (await import('./ssh/sync/secretScan.ts')).createSecretScan(clock)(...args);
  const sync = async (): Promise<FolderSync> => (await import('./ssh/sync/carefulSync.ts')).carefulSync((await import('./ssh/sync/folderSync.ts')).createFolderSync(clock), findSecrets);
  const folderOn: Core['folderOn'] = async (...args) => (await import('./ssh/sync/remoteFolder.ts')).remoteFolder(...args);
  return { findSecrets, folderOn, sync: { up: async (order) => (await sync()).up(order), down: async (order) => (await sync()).down(order) } };
}

/** Whoever is left takes over at once instead of after a silence. */
function leave(store: Store, owner: string, log: Log): void {
  try {
    store.release(owner);
  } catch (error) {
    log.warn('the right to poll could not be given back', error);
  }
  store.close();
}

function remembering(keys: Keys, secrets: Set<string>): Keys {
  return {
    async get(id) {
      const key = await keys.get(id);
      if (key !== undefined) secrets.add(key.trim());
      return key;
    },
    set(id, key) {
      secrets.add(key.trim());
      return keys.set(id, key);
    },
    delete: (id) => keys.delete(id),
  };
}

function createProvider(id: ProviderId, key: () => Promise<string | undefined>, { origins, clock, log, version, transport }: CoreOptions, endpoints: () => boolean): Provider {
  const http = lateHttp({
    origin: origins[id], key, clock, log, userAgent: `gpu-rental/${version}`, ...(transport === undefined ? {} : { transport }),
  });
  const signedIn = async (): Promise<boolean> => (await key()) !== undefined;
  switch (id) {
    case 'vast':
      return createVast(http, { clock, log, origin: origins[id] });
    case 'runpod':
      return createRunpod(http, { signedIn, origin: origins[id], endpoints });
    case 'lambda':
      return createLambda(http, { signedIn });
  }
}

/** Of ours there is or was one lately, or somebody wants to see them all. */
const hasEndpoints = (store: Store, now: number): boolean =>
  store.note('endpoints') !== undefined || store.launches().some(({ quote, state, changedAt }) => quote.serverless !== undefined && (mayBill.includes(state) || now - changedAt < dayMs));

const dayMs = 24 * 3_600_000;

export function traitsOf({ providers }: Core): Record<ProviderId, ProviderTraits> {
  return Object.fromEntries([...providers].map(([id, { traits }]) => [id, traits])) as Record<ProviderId, ProviderTraits>;
}

/** Where state lives when nothing says otherwise: per user, outside any editor's own storage. */
export function defaultStateFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'gpu-rental');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'gpu-rental');
  return join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'gpu-rental');
}

/** The folder that this user's windows and commands share. */
export const stateFolder = (env: NodeJS.ProcessEnv): string => env['GPU_RENTAL_HOME'] ?? defaultStateFolder(process.platform, env);

/** `GPU_RENTAL_VAST_URL` and its like: endpoints and keys given by the environment. */
export function fromEnvironment(env: NodeJS.ProcessEnv): { origins: Partial<Record<ProviderId, string>>; keys: Partial<Record<ProviderId, string>> } {
  const read = (what: 'URL' | 'KEY'): Partial<Record<ProviderId, string>> =>
    Object.fromEntries(
      providerIds.flatMap((id) => {
        const value = env[`GPU_RENTAL_${id.toUpperCase()}_${what}`]?.trim();
        return value ? [[id, what === 'URL' ? value.replace(/\/+$/, '') : value]] : [];
      }),
    );
  return { origins: read('URL'), keys: read('KEY') };
}
