/** Ties the areas of the interface together; `registerProduct` is all that the rest knows of it. */
import * as vscode from 'vscode';
import type { OfferFilter } from '../domain/filter.ts';
import { sumRates } from '../domain/money.ts';
import { providerIds, type ProviderId } from '../domain/offer.ts';
import type { Clock, Disposable, Log } from '../domain/ports.ts';
import type { ProviderTraits } from '../domain/provider.ts';
import { burnOfAll, type Spend } from '../domain/spend.ts';
import type { MachineLinks } from '../domain/machineLink.ts';
import type { PinnedBy } from '../domain/ssh.ts';
import type { Marks } from '../domain/store.ts';
import type { TemplatePage } from '../domain/start.ts';
import type { Accounts } from '../services/accounts.ts';
import { awaySpend } from '../services/away.ts';
import type { Disks } from '../services/disks.ts';
import type { Fleet } from '../services/fleet.ts';
import type { Guard } from '../services/guard.ts';
import type { GuardEnds } from '../services/guardEnds.ts';
import type { Market } from '../services/market.ts';
import type { Meter } from '../services/meter.ts';
import { Once } from '../services/once.ts';
import type { Protection } from '../services/protection.ts';
import type { Ready } from '../services/readiness.ts';
import type { Rentals } from '../services/rentals.ts';
import type { Runs } from '../services/runs.ts';
import { ShownSession } from '../services/shownSession.ts';
import { watchActivity } from './activity.ts';
import { signIn } from './accounts/signIn.ts';
import { accountCommands } from './accounts/accountCommands.ts';
import { registerCommands, type AllHandlers } from './commandIds.ts';
import { createContextKeys } from './contextKeys.ts';
import type { Dialogs } from './dialogs.ts';
import { all, onAny } from './disposables.ts';
import { Documents } from './documents.ts';
import { registerEstimate } from './estimate/estimateArea.ts';
import type { Estimator } from './estimate/estimator.ts';
import { registerGpu } from './gpu/gpuArea.ts';
import { listenToGuard } from './instances/guardListener.ts';
import { withExtras } from './instances/extras.ts';
import { instanceCommands } from './instances/instanceCommands.ts';
import { InstanceFlows } from './instances/instanceFlows.ts';
import { registerInstancesView } from './instances/instancesView.ts';
import { watchDisks } from './instances/diskNote.ts';
import { watchOutbids } from './instances/outbidNote.ts';
import { listenToProtection } from './instances/protectionListener.ts';
import type { Links } from './links.ts';
import { offersCommands } from './offers/offersCommands.ts';
import { OffersList } from './offers/offersList.ts';
import { registerOffersView } from './offers/offersView.ts';
import type { OfferPreferences } from './offers/preferences.ts';
import { registerPod } from './pod/podArea.ts';
import { placeFor, podCommands } from './pod/podCommands.ts';
import type { Memory } from './pod/shellMemory.ts';
import { vscodePod } from './pod/vscodePod.ts';
import { registerPorts } from './ports/portsArea.ts';
import { practiceCommands, type PracticeControl } from './practiceCommands.ts';
import { announceReady } from './readyNote.ts';
import type { SshFacts } from './remote/remoteEditor.ts';
import { vscodeRemote } from './remote/vscodeRemote.ts';
import type { Purse } from './rent/purse.ts';
import { RentFlow } from './rent/rentFlow.ts';
import type { StartMemory } from './rent/startMemory.ts';
import { reportLater } from './report.ts';
import { registerRuns } from './runs/runArea.ts';
import type { Settings } from './settings.ts';
import { tellWhatWentOn } from './spend/awayNote.ts';
import { watchBalances } from './spend/balanceNote.ts';
import { closingWords, type EndsItself } from './spend/closing.ts';
import { registerSync, type SyncAreaDeps } from './sync/syncArea.ts';
import { registerSpend } from './spend/spendArea.ts';
import type { Voice } from './voice.ts';
import { volumeCommands } from './volumes/volumeCommands.ts';
import { vscodeEditor } from './vscodeEditor.ts';
import { onSettingsChange } from './vscodeSettings.ts';

export interface ProductDeps extends Pick<SyncAreaDeps, 'machines' | 'sync' | 'findSecrets' | 'folderOn' | 'memory' | 'clock'> {
  readonly mode: 'real' | 'practice';
  readonly log: Log;
  readonly showLog: () => void;
  readonly market: Market;
  readonly accounts: Accounts;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly rentals: Rentals;
  readonly disks: Disks;
  readonly starts: StartMemory;
  readonly templates: (provider: ProviderId, query: string, signal: AbortSignal) => Promise<TemplatePage>;
  readonly guard: Guard;
  readonly protection: Protection;
  readonly guardEnds: GuardEnds;
  readonly machines: MachineLinks;
  readonly clock: Clock;
  readonly runs: Runs;
  readonly marks: Marks;
  /** When a window was last open before this one. */
  readonly lastOpen: number | undefined;
  readonly spend: () => Spend;
  readonly traits: Readonly<Record<ProviderId, ProviderTraits>>;
  readonly ssh: SshFacts & { readonly pinnedBy: (alias: string) => Promise<PinnedBy | undefined> };
  readonly settings: Settings;
  readonly preferences: OfferPreferences;
  readonly practice: PracticeControl;
  readonly estimator: Estimator;
  /** Where the extension lies: its panels are served from there. */
  readonly extension: vscode.Uri;
  /** Where it may keep files of its own. */
  readonly storage: vscode.Uri;
  /** What is remembered of this workspace alone. */
  readonly memory: Memory;
  readonly dialogs: Dialogs;
  /** What somebody looks at, told at once and at every change: polls need no other reason. */
  readonly look: {
    offers(visible: boolean, filter: OfferFilter): void;
    instances(visible: boolean): void;
  };
}

export function registerProduct(deps: ProductDeps): Disposable {
  const { mode, log, showLog, market, accounts, fleet, meter, disks, guard, protection, guardEnds, runs, marks, traits, settings, preferences, dialogs, look } = deps;
  const voice: Voice = { t: vscode.l10n.t, nameOf: (provider) => traits[provider].name };
  const practice = mode === 'practice';
  const now = (): number => meter.providerNow();
  const editor = vscodeEditor(showLog);
  const links: Links = traits;
  const shared = { ...deps, practice, voice, now, editor, links, remote: vscodeRemote, pod: vscodePod(deps.storage), traits: (provider: ProviderId) => traits[provider] };
  const report = (error: unknown): void => reportLater(shared, error);
  const setContext = createContextKeys((...args) => void vscode.commands.executeCommand(...args));
  setContext('gpuRental.practice', practice);

  const documents = new Documents('gpu-rental');
  const list = new OffersList({ market, preferences, accounts });
  const onReady = (ready: Ready): void => void announceReady(shared, ready).catch(report);
  const purse = (provider: ProviderId): Purse => {
    const balance = accounts.balance(provider);
    const machines = fleet.instances.filter((instance) => instance.provider === provider).map((instance) => instance.burn);
    const volumes = disks.volumes.filter((volume) => volume.provider === provider).flatMap(({ rate }) => rate ?? []);
    const burn = sumRates([...machines, ...volumes]);
    return { caps: guard.capUses(), burn, ...(balance === undefined ? {} : { balance }) };
  };
  const once = new Once(marks, log);
  const flows = new InstanceFlows({ ...shared, purse, onReady, closeTerminals: (alias) => pod.terminals.close(alias) });
  const pod = registerPod({ ...shared, once, flows, report, worked: (alias) => protection.worked(alias) });
  const onPod = { ...shared, flows, presence: pod.presence };
  const renting = new RentFlow({
    ...shared,
    purse,
    project: () => vscode.workspace.workspaceFolders?.[0]?.name ?? '',
    offers: () => list.model.offers,
    readAgain: () => void market.refresh(preferences.filter).catch(report),
    askToSignIn: (provider) => signIn(shared, provider),
    onReady,
  });
  const liveAliases = (): string[] => fleet.instances.flatMap(({ alias }) => alias ?? []);
  const showText = (name: string, text: string): Promise<void> => documents.show(name, () => text);

  let offersVisible = false;
  const tellLook = (): void => look.offers(offersVisible, preferences.filter);
  const onOffersVisible = (visible: boolean): void => {
    offersVisible = visible;
    tellLook();
  };

  const endsItself: EndsItself = ({ guard: onIt }) => (onIt?.protection === 'checking' ? undefined : onIt?.protection === 'protected');
  const onDidChange = onAny(meter.onDidChange, fleet.onDidChange, accounts.onDidChange, disks.onDidChange);
  const closed = new AbortController();
  let instancesVisible = false;
  const glance = (): void => {
    if (instancesVisible) disks.glance(closed.signal).catch((error: unknown) => log.warn('the volumes could not be looked at', error));
  };
  const onInstancesVisible = (visible: boolean): void => {
    instancesVisible = visible;
    look.instances(visible);
    glance();
  };
  const spendArea = registerSpend({ ...shared, documents, endsItself, report, onDidChange, shown: new ShownSession(marks, log), caps: () => settings.caps, volumes: () => disks.volumes });
  const estimates = registerEstimate({ ...shared, list, report, rent: (offer, limits) => renting.rent(offer, limits) });
  const onMachines = { ...shared, showText, folders: ['/workspace'] };
  const gpuArea = registerGpu(onMachines);
  const portsArea = registerPorts(onMachines);
  const syncing = registerSync({ ...shared, report, showText });
  const runArea = registerRuns({ ...shared, offers: () => list.model.offers, report, showText });
  const handlers: AllHandlers = {
    ...offersCommands({ ...shared, list, rent: (offer) => renting.rent(offer) }),
    ...volumeCommands({ ...shared, offers: () => list.model.offers, rent: (offer, volume) => renting.rent(offer, undefined, volume), askToSignIn: (provider) => signIn(shared, provider) }),
    ...instanceCommands({ ...shared, flows, liveAliases, showText, openTerminal: (asked) => pod.terminals.open(asked) }),
    ...podCommands(onPod),
    ...gpuArea.handlers,
    ...portsArea.handlers,
    ...accountCommands(shared),
    ...runArea.handlers,
    ...spendArea.handlers,
    ...estimates.handlers,
    ...syncing.handlers,
    ...practiceCommands({ ...shared, practice: deps.practice, busy: () => renting.busy || flows.busy }),
    'gpuRental.limits.edit': () => editor.openSettings('gpuRental.limits'),
    'gpuRental.log.show': () => editor.showLog(),
  };
  return all([
    registerOffersView({ list, preferences, practice, now, setContext, voice, onVisible: onOffersVisible }),
    registerInstancesView({
      fleet, meter, accounts, runs, presence: pod.presence, extras: withExtras(gpuArea, portsArea), pinnedBy: deps.ssh.pinnedBy, now, setContext, voice,
      closing: () => closingWords(fleet.instances, now(), endsItself, voice), onVisible: onInstancesVisible,
    }),
    listenToGuard({ guard, burn: () => burnOfAll(fleet.instances), dialogs, editor, now, voice, report }),
    listenToProtection({ protection, guardEnds, runs, dialogs, editor, now, voice, report }),
    watchOutbids({ ...shared, once, report }),
    watchDisks({ ...shared, once, report }),
    watchActivity((alias) => protection.worked(alias)),
    vscode.window.registerTerminalProfileProvider('gpuRental.terminal', pod.terminals.profiles(() => placeFor(onPod, undefined, 'gpuRental.instance.openTerminal'))),
    pod,
    watchBalances({ ...shared, once, report, onDidChange, read: () => ({ instances: fleet.instances, balances: accounts.balances, now: now() }) }),
    tellWhatWentOn({
      ...shared, once, report,
      from: deps.lastOpen,
      spent: (from, to) => awaySpend(meter.books(), from, to),
      signedIn: () => providerIds.some((provider) => accounts.signedIn(provider)),
    }),
    registerCommands(handlers, vscode.commands.registerCommand, report),
    preferences.onDidChange(tellLook),
    accounts.onDidChange(glance),
    { dispose: () => closed.abort() },
    onSettingsChange('gpuRental.limits', () => preferences.settingsChanged()),
    spendArea,
    gpuArea,
    portsArea,
    runArea,
    estimates,
    syncing,
    list,
    documents,
  ]);
}
