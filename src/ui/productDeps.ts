/** What the product is made of, and what all of its areas share. */
import * as vscode from 'vscode';
import type { OfferFilter } from '../domain/filter.ts';
import type { HostHistory } from '../domain/hostMemory.ts';
import type { MachineLink, MachineLinks } from '../domain/machineLink.ts';
import type { Offer, ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider, ProviderTraits } from '../domain/provider.ts';
import type { Spend } from '../domain/spend.ts';
import type { PinnedBy } from '../domain/ssh.ts';
import type { HourSeen } from '../domain/standing.ts';
import type { TemplatePage } from '../domain/start.ts';
import type { Marks, Store } from '../domain/store.ts';
import type { FindSecrets, FolderSync } from '../domain/sync.ts';
import type { Accounts } from '../services/accounts.ts';
import type { Disks } from '../services/disks.ts';
import type { Fleet } from '../services/fleet.ts';
import type { Guard } from '../services/guard.ts';
import type { HostMemory } from '../services/hostMemory.ts';
import { createInsight } from '../services/insight.ts';
import type { GuardEnds } from '../services/guardEnds.ts';
import type { Market } from '../services/market.ts';
import type { Meter } from '../services/meter.ts';
import type { Protection } from '../services/protection.ts';
import type { Rentals } from '../services/rentals.ts';
import type { Runs } from '../services/runs.ts';
import type { Dialogs } from './dialogs.ts';
import type { Estimator } from './estimate/estimator.ts';
import type { Elsewhere } from './guide/elsewhere.ts';
import type { Links } from './links.ts';
import type { Knowing } from './market/knowing.ts';
import { NamedJob } from './offers/namedJob.ts';
import type { Drawer, OfferPreferences } from './offers/preferences.ts';
import { vscodePod } from './pod/vscodePod.ts';
import type { PracticeControl } from './practiceCommands.ts';
import type { SshFacts } from './remote/remoteEditor.ts';
import { vscodeRemote } from './remote/vscodeRemote.ts';
import type { StartMemory } from './rent/startMemory.ts';
import type { SecretDrawer } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Voice } from './voice.ts';
import { vscodeEditor } from './vscodeEditor.ts';

export interface ProductDeps {
  readonly mode: 'real' | 'practice';
  readonly log: Log;
  readonly showLog: () => void;
  readonly market: Market;
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly accounts: Accounts;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly rentals: Rentals;
  readonly disks: Disks;
  readonly hosts: HostMemory;
  readonly knowing: Knowing;
  readonly starts: StartMemory;
  readonly templates: (provider: ProviderId, query: string, signal: AbortSignal) => Promise<TemplatePage>;
  readonly guard: Guard;
  readonly protection: Protection;
  readonly guardEnds: GuardEnds;
  readonly secrets: SecretDrawer;
  readonly machines: MachineLinks;
  readonly sync: FolderSync;
  readonly findSecrets: FindSecrets;
  /** A folder on a machine as a person wrote it, as that machine has it. */
  readonly folderOn: (link: MachineLink, path: string, signal: AbortSignal) => Promise<string>;
  readonly clock: Clock;
  readonly runs: Runs;
  readonly marks: Marks;
  readonly store: Store;
  /** When a window was last open before this one. */
  readonly lastOpen: number | undefined;
  readonly spend: () => Spend;
  readonly traits: Readonly<Record<ProviderId, ProviderTraits>>;
  readonly ssh: SshFacts & { readonly pinnedBy: (alias: string) => Promise<PinnedBy | undefined> };
  readonly settings: Settings;
  readonly preferences: OfferPreferences;
  readonly practice: PracticeControl;
  readonly estimator: Estimator;
  readonly elsewhere: Elsewhere;
  /** Where the extension lies: its panels are served from there. */
  readonly extension: vscode.Uri;
  /** Where it may keep files of its own. */
  readonly storage: vscode.Uri;
  /** What is remembered of this workspace alone. */
  readonly memory: Drawer;
  readonly dialogs: Dialogs;
  /** What somebody looks at, told at once and at every change: polls need no other reason. */
  readonly look: {
    offers(visible: boolean, filter: OfferFilter): void;
    instances(visible: boolean): void;
  };
}

export type Shared = ReturnType<typeof sharedBy>;

/** Everything of the product, and the doors to the editor. */
export function sharedBy(deps: ProductDeps) {
  const { mode, market, meter, traits, hosts, knowing, memory, preferences, showLog, storage } = deps;
  const voice: Voice = { t: vscode.l10n.t, nameOf: (provider) => traits[provider].name };
  const links: Links = traits;
  const now = (): number => meter.providerNow();
  // Nothing was lived through or seen, as far as anybody asked, until it was read.
  const past = {
    history: ((offer) => knowing.made?.history(offer)) satisfies HostHistory,
    hoursSeen: ({ gpu, vramGb }: Offer): readonly HourSeen[] => knowing.made?.memory.hoursSeen(gpu, vramGb) ?? [],
  };
  const namedJob = new NamedJob(memory, async (saved) =>
    (await import('./advice/jobFigures.ts')).jobFigures(saved, { ...past, voice, now, offers: () => market.view.offers, sensitive: () => preferences.limited }));
  return {
    ...deps,
    practice: mode === 'practice',
    ...past,
    namedJob,
    insight: createInsight({ hosts, memory: () => knowing.made?.memory, finish: (offer) => namedJob.figures?.cost(offer) }),
    control: deps.practice,
    voice,
    links,
    now,
    editor: vscodeEditor(showLog),
    remote: vscodeRemote,
    pod: vscodePod(storage),
    traits: (provider: ProviderId): ProviderTraits => traits[provider],
  };
}
