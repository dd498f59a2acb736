/** Ties the areas of the interface together; `registerProduct` is all that the rest knows of it. */
import * as vscode from 'vscode';
import { providerIds } from '../domain/offer.ts';
import type { Disposable } from '../domain/ports.ts';
import { burnOfAll } from '../domain/spend.ts';
import { awaySpend } from '../services/away.ts';
import type { Appeared } from '../services/alertWatch.ts';
import { copiesNote, movesNote } from '../services/leftNotes.ts';
import { Once } from '../services/once.ts';
import { ShownSession } from '../services/shownSession.ts';
import { watchActivity } from './activity.ts';
import { commandIds, registerCommands, type AllHandlers } from './commandIds.ts';
import { createContextKeys } from './contextKeys.ts';
import { all, onAny } from './disposables.ts';
import { Documents } from './documents.ts';
import { registerEstimate } from './estimate/estimateArea.ts';
import { disposing } from './firstUse.ts';
import { registerGpu } from './gpu/gpuArea.ts';
import { watchDisks } from './instances/diskNote.ts';
import { withExtras } from './instances/extras.ts';
import { listenToGuard } from './instances/guardListener.ts';
import { registerInstancesView } from './instances/instancesView.ts';
import { watchOutbids } from './instances/outbidListener.ts';
import { listenToProtection } from './instances/protectionListener.ts';
import { OffersList } from './offers/offersList.ts';
import { registerOffersView } from './offers/offersView.ts';
import { registerPod } from './pod/podArea.ts';
import { registerPorts } from './ports/portsArea.ts';
import { sharedBy, type ProductDeps } from './productDeps.ts';
import { reportLater } from './report.ts';
import { listenToRuns } from './runs/runListener.ts';
import { registerRunTasks } from './runs/runTasks.ts';
import { tellWhatWentOn } from './spend/awayNote.ts';
import { watchBalances } from './spend/balanceNote.ts';
import { closingWords, type EndsItself } from './spend/closing.ts';
import { registerSpend } from './spend/spendArea.ts';
import { listenToSaves } from './sync/saveListener.ts';
import { onSettingsChange } from './vscodeSettings.ts';

export function registerProduct(deps: ProductDeps): Disposable {
  const { log, market, accounts, fleet, meter, disks, hosts, knowing, protection, marks, settings, preferences, look } = deps;
  const shared = sharedBy(deps);
  const { practice, voice, now, namedJob } = shared;
  const report = (error: unknown): void => reportLater(shared, error);
  const setContext = createContextKeys((...args) => void vscode.commands.executeCommand(...args));
  setContext('gpuRental.practice', practice);

  const documents = new Documents('gpu-rental');
  const showText = (name: string, text: string): Promise<void> => documents.show(name, () => text);
  const list = new OffersList({ market, preferences, accounts, hosts, knowing, namedJob });
  const once = new Once(marks, log);
  const telling = { ...shared, once, report };

  const pod = registerPod({
    ...telling,
    connect: async (instance, again) => (await deeds()).flows.connect(instance, again),
    worked: (alias) => protection.worked(alias),
  });
  const looking = { tree: false, explorer: false };
  const looked = (): boolean => looking.tree || looking.explorer;
  const tellLook = (): void => look.offers(looked(), preferences.filter);
  const onLooking = (where: keyof typeof looking) => (visible: boolean): void => {
    const before = looked();
    looking[where] = visible;
    // Who looks at both has them read once.
    if (looked() !== before) tellLook();
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
  const estimates = registerEstimate({ ...shared, list, report, rent: async (...wanted) => (await deeds()).rent(...wanted) });
  const onMachines = { ...shared, showText, folders: ['/workspace'] };
  const gpuArea = registerGpu(onMachines);
  const portsArea = registerPorts(onMachines);
  const others = { ...gpuArea.handlers, ...portsArea.handlers, ...spendArea.handlers, ...estimates.handlers };
  const deeds = disposing(async () => (await import('./deeds.ts')).createDeeds({
    ...shared, list, report, showText, others, onPod: pod, onExplorerVisible: onLooking('explorer'), shownEstimate: estimates.shown,
  }));
  // What another window left unfinished, or what is copied now and then.
  if (deps.store.note(movesNote) || deps.store.note(copiesNote)) deeds().then((done) => done.takeUp()).catch(report);
  const tell = async (appeared: Appeared): Promise<void> =>
    (await import('./market/appeared.ts')).tellAppeared({ ...shared, rent: async (offer) => (await deeds()).rent(offer, undefined, undefined) }, appeared);
  const handlers = Object.fromEntries(commandIds.map((id) => [id, async (argument: unknown) => (await deeds()).handlers[id](argument)])) as AllHandlers;
  return all([
    registerOffersView({ list, namedJob, preferences, knowing, practice, now, setContext, voice, onVisible: onLooking('tree') }),
    registerInstancesView({
      ...shared, presence: pod.presence, extras: withExtras(gpuArea, portsArea), pinnedBy: deps.ssh.pinnedBy, setContext,
      closing: () => closingWords(fleet.instances, now(), endsItself, voice), onVisible: onInstancesVisible,
    }),
    registerCommands(handlers, vscode.commands.registerCommand, report),
    listenToGuard({ ...telling, burn: () => burnOfAll(fleet.instances) }),
    listenToProtection(telling),
    listenToRuns(telling),
    listenToSaves(telling),
    knowing.onDidAppear((appeared) => void tell(appeared).catch(report)),
    registerRunTasks(async () => (await deeds()).runs),
    watchOutbids(telling),
    watchDisks(telling),
    watchActivity((alias) => protection.worked(alias)),
    vscode.window.registerTerminalProfileProvider('gpuRental.terminal', pod.profiles(async () => (await deeds()).terminalPlace())),
    watchBalances({ ...telling, onDidChange, read: () => ({ instances: fleet.instances, balances: accounts.balances, now: now() }) }),
    tellWhatWentOn({
      ...telling,
      from: deps.lastOpen,
      spent: (from, to) => awaySpend(meter.books(), from, to),
      signedIn: () => providerIds.some((provider) => accounts.signedIn(provider)),
    }),
    preferences.onDidChange(tellLook),
    accounts.onDidChange(glance),
    { dispose: () => closed.abort() },
    onSettingsChange('gpuRental.limits', () => preferences.settingsChanged()),
    onSettingsChange('gpuRental.sensitiveWork', () => preferences.settingsChanged()),
    deeds,
    pod,
    spendArea,
    gpuArea,
    portsArea,
    estimates,
    list,
    documents,
  ]);
}
