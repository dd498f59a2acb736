/**
 * Everything that a person does by a command. It is read when the first of them is used: most windows never do more
 * than look, and nobody waits for what they do not use.
 */
import { randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { OfferFilter } from '../domain/filter.ts';
import { sumRates } from '../domain/money.ts';
import type { Offer, ProviderId } from '../domain/offer.ts';
import type { Disposable } from '../domain/ports.ts';
import { articleRangesOf } from '../estimate/catalogue/articleRanges.ts';
import { Copies } from '../services/copies.ts';
import { DataTransfers } from '../services/dataTransfers.ts';
import { Leaving } from '../services/leaving.ts';
import { Market } from '../services/market.ts';
import { MoveBook } from '../services/moveBook.ts';
import { Mover } from '../services/mover.ts';
import { outbidHistory } from '../services/outbidHistory.ts';
import type { Ready } from '../services/readiness.ts';
import { runJob } from '../services/runner.ts';
import { signIn } from './accounts/signIn.ts';
import { accountCommands } from './accounts/accountCommands.ts';
import { estimatedScript } from './advice/estimatedScript.ts';
import type { AllHandlers, CommandHandlers } from './commandIds.ts';
import { dataCommands } from './data/dataCommands.ts';
import { createDataKeys } from './data/dataKeys.ts';
import { Routes } from './data/routes.ts';
import { onAny } from './disposables.ts';
import { endpointCommands } from './endpoints/endpointFlow.ts';
import type { registerEstimate } from './estimate/estimateArea.ts';
import { disposing } from './firstUse.ts';
import type { registerGpu } from './gpu/gpuArea.ts';
import { guideCommands } from './guide/guideCommands.ts';
import { bidCommands } from './instances/bidFlow.ts';
import { instanceCommands } from './instances/instanceCommands.ts';
import { InstanceFlows } from './instances/instanceFlows.ts';
import { moveFiles } from './instances/moveFiles.ts';
import { moveCommands, offerToGoOn } from './instances/moveFlow.ts';
import { type Downloaded, workPlace } from './instances/workPlace.ts';
import { candidates } from './market/candidates.ts';
import { marketCommands } from './market/marketCommands.ts';
import { isLeftOut } from './offers/leftOut.ts';
import { offersCommands } from './offers/offersCommands.ts';
import type { OffersList } from './offers/offersList.ts';
import { offerNode } from './offers/offersModel.ts';
import type { PodArea } from './pod/podArea.ts';
import { placeFor, podCommands } from './pod/podCommands.ts';
import type { TerminalAsked } from './pod/podTerminals.ts';
import type { registerPorts } from './ports/portsArea.ts';
import { practiceCommands } from './practiceCommands.ts';
import type { Shared } from './productDeps.ts';
import { setupScriptCommands } from './project/setupScriptCommand.ts';
import { downloadFolder, firstFolderName, openNew, projectFolder, unsavedOn } from './project/vscodeProject.ts';
import { announceReady } from './readyNote.ts';
import type { Purse } from './rent/purse.ts';
import { RentFlow } from './rent/rentFlow.ts';
import type { Wish } from './rent/terms.ts';
import { copiesCommands, planWords } from './runs/copiesFlow.ts';
import { createRunDesk, type RunDesk } from './runs/runArea.ts';
import { showFile } from './runs/runPlaces.ts';
import { askAboutScript } from './sensitive/scriptSecrets.ts';
import { mayRent } from './sensitive/sensitiveGate.ts';
import { limitWorkspace, workspaceSigns } from './sensitive/vscodeSigns.ts';
import type { registerSpend } from './spend/spendArea.ts';
import { Pairs } from './sync/pairs.ts';
import { syncCommands } from './sync/syncArea.ts';
import { volumeCommands } from './volumes/volumeCommands.ts';

export interface DeedsDeps extends Shared {
  readonly list: OffersList;
  readonly onPod: PodArea;
  readonly report: (error: unknown) => void;
  readonly showText: (name: string, text: string) => Promise<void>;
  readonly onExplorerVisible: (visible: boolean) => void;
  /** What areas that are there anyway do themselves. */
  readonly others: Others;
  /** The estimate that is open. */
  readonly shownEstimate: ReturnType<typeof registerEstimate>['shown'];
}

type HandlersOf<Register extends (...deps: never) => { readonly handlers: CommandHandlers }> = ReturnType<Register>['handlers'];
type Others = HandlersOf<typeof registerGpu> & HandlersOf<typeof registerPorts> & HandlersOf<typeof registerSpend> & HandlersOf<typeof registerEstimate>;

export interface Deeds extends Disposable {
  readonly handlers: AllHandlers;
  readonly flows: InstanceFlows;
  readonly runs: RunDesk;
  /** What an earlier window began: told, and copies go on. */
  takeUp(): Promise<void>;
  /** `script`: what it is rented for, where that lies on this computer. */
  rent(offer: Offer, limits: Wish | undefined, script: string | undefined): Promise<void>;
  /** Where a terminal is wanted, when nobody said. */
  terminalPlace(): Promise<TerminalAsked | undefined>;
}

export function createDeeds(deps: DeedsDeps): Deeds {
  const parts = partsOf(deps);
  const { flows, renting, runs, pod, moving, copying, explorer, guide } = parts;
  return {
    handlers: { ...deps.others, ...ownHandlers(deps, parts) },
    flows,
    runs,
    takeUp: () => offerToGoOn(moving),
    rent: async (offer, limits, script) => {
      if (script === undefined || (await aboutScript(deps, script)) !== undefined) await renting.rent(offer, limits);
    },
    terminalPlace: () => placeFor(pod, undefined, 'gpuRental.instance.openTerminal'),
    dispose: () => {
      copying.dispose();
      runs.dispose();
      explorer.dispose();
      guide.dispose();
    },
  };
}

function partsOf(deps: DeedsDeps) {
  const { machines, sync, marks, clock, log, voice, list, market, preferences, hosts, knowing, namedJob, onPod, report, showText } = deps;
  const onReady = (ready: Ready): void => void announceReady(deps, ready).catch(report);
  const purse = (provider: ProviderId): Purse => purseOf(deps, provider);
  const leaving = new Leaving({ machines, sync, marks, clock, log });
  const downloaded: Downloaded = async (instance, ...came) => {
    const place = workPlace(instance, deps);
    if (place !== undefined) await leaving.noteDownload(place, ...came);
  };
  const flows = new InstanceFlows({
    ...deps, purse, onReady,
    leaving,
    closeTerminals: (alias) => onPod.closeTerminals(alias),
    unsaved: unsavedOn,
    sensitive: () => preferences.limited,
    downloadFolder: (instance) => downloadFolder(instance, voice.t),
  });
  const leftOut = (offer: Offer): boolean => isLeftOut(offer, preferences, (one) => hosts.incidentOf(one));
  const rent = {
    ...deps, purse, onReady,
    project: firstFolderName,
    offers: () => candidates(list.model.offers, knowing.made?.alerts.met ?? [], leftOut),
    outbids: () => outbidHistory(deps),
    readAgain: () => void market.refresh(preferences.filter).catch(report),
    askToSignIn: (provider: ProviderId) => signIn(deps, provider),
    mayRent: (offer: Offer) => mayRent({ ...deps, signs: workspaceSigns, limit: limitWorkspace }, offer),
  };
  const renting = new RentFlow(rent);
  const runs = createRunDesk({ ...deps, downloaded, pairs: new Pairs(deps.memory), offers: () => list.model.offers, report, showText });
  const apart = leavingParts(deps);
  const search = async (filter: OfferFilter, signal: AbortSignal): Promise<readonly Offer[]> => {
    // What may not be rented here is not found either.
    const wanted = preferences.limited ? { ...filter, datacentreOnly: true } : filter;
    const found = new Market(deps.providers, wanted, clock, log);
    await found.refresh(wanted, signal);
    return found.view.offers.filter((offer) => !leftOut(offer));
  };
  const moving = { ...rent, ...apart, flows, search, journal: deps.store, random: randomly, trusted: () => vscode.workspace.isTrusted };
  const explorer = disposing(async () => {
    const [{ createExplorer }, lists] = await Promise.all([import('./explorer/explorer.ts'), deps.elsewhere.prices()]);
    return createExplorer({
      ...deps,
      ranges: articleRangesOf,
      listed: () => lists.prices,
      onDidLearn: onAny(hosts.onDidChange, knowing.onDidChange, namedJob.onDidChange),
      rent: (offer) => renting.rent(offer),
      estimate: async (offer) => deps.others['gpuRental.offer.estimate'](offerNode(offer.id)),
      onVisible: deps.onExplorerVisible,
    });
  });
  const guide = disposing(async () => {
    const { GuideDesk } = await import('./guide/guideDesk.ts');
    return new GuideDesk({ ...deps, diskGb: () => preferences.filter.diskGb, readOffers: () => market.refresh(preferences.filter), run: (command) => deps.editor.run(command) });
  });
  return { flows, renting, rent, runs, downloaded, moving, explorer, guide, ...apart, pod: { ...deps, flows, presence: onPod.presence } };
}

/** What outlives a machine: copies of what its runs save, and moves to another. */
function leavingParts(deps: DeedsDeps) {
  const { machines, store, clock, log, fleet, hosts, rentals, runs, sync, traits, dialogs, voice, report } = deps;
  const [routes, dataKeys, transfers] = [new Routes(deps.memory), createDataKeys(deps.secrets), new DataTransfers(machines, { clock, fetched: (...came) => hosts.fetched(...came) })];
  const copies = new Copies({ store, fleet, runs, links: machines, sync, transfers, credentials: (place) => dataKeys.get(place), clock, log });
  const copying = runJob({ name: 'copies', everyMs: () => copies.everyMs, run: (signal) => copies.check(signal) }, clock, log);
  copies.onDidFail((plan) => void dialogs.notify({ level: 'warning', text: planWords(plan, clock.now(), voice), buttons: [] }).catch(report));
  const book = new MoveBook(store, clock);
  const mover = new Mover({
    store, fleet, book, rentals, runs, links: machines, sync, transfers, clock, log,
    workspaceOf: (launchId) => traits(store.launch(launchId)?.provider ?? 'vast').workspaceFolder,
  });
  return { routes, dataKeys, transfers, copies, copying, book, mover, ...moveFiles(deps.storage) };
}

function ownHandlers(deps: DeedsDeps, { flows, renting, rent, runs, downloaded, routes, dataKeys, transfers, pod, moving, copying, explorer, guide }: ReturnType<typeof partsOf>) {
  const { fleet, list, preferences, editor, onPod, showText } = deps;
  return {
    ...offersCommands({
      ...deps, rent: (offer, limits) => renting.rent(offer, limits),
      estimated: () => estimatedScript(deps.shownEstimate()),
      sensitive: () => preferences.limited,
    }),
    ...marketCommands(deps),
    'gpuRental.offers.explore': async () => (await explorer()).open(),
    ...volumeCommands({ ...deps, offers: () => list.model.offers, rent: (offer, volume) => renting.rent(offer, undefined, volume), askToSignIn: (provider) => signIn(deps, provider) }),
    ...instanceCommands({
      ...deps, flows, showText,
      liveAliases: () => fleet.instances.flatMap(({ alias }) => alias ?? []),
      openTerminal: async (asked) => (await onPod.terminals()).open(asked),
    }),
    ...bidCommands({ ...rent, flows }),
    ...moveCommands(moving),
    ...endpointCommands({ ...rent, notes: deps.store, serverless: deps.providers.get('runpod')?.serverless }),
    ...copiesCommands({ ...moving, wakeCopies: () => copying.wake() }),
    ...podCommands(pod),
    ...accountCommands(deps),
    ...runs.handlers,
    ...guideCommands(deps, guide),
    ...dataCommands({ ...deps, flows, routes, transfers, dataKeys }),
    ...setupScriptCommands({ ...deps, routes, projectFolder, openNew }),
    ...syncCommands({ ...deps, downloaded }),
    ...practiceCommands({ ...deps, practice: deps.control, busy: () => renting.busy || flows.busy }),
    'gpuRental.limits.edit': () => editor.openSettings('gpuRental.limits'),
    'gpuRental.log.show': () => editor.showLog(),
  } satisfies CommandHandlers;
}

const aboutScript = (deps: DeedsDeps, path: string): ReturnType<typeof askAboutScript> =>
  askAboutScript({ ...deps, showFile }, { folder: dirname(path), file: basename(path) }, deps.voice.t('Rent all the same'));

/** What is left to spend at a provider, and what goes on costing there. */
function purseOf({ accounts, fleet, disks, guard }: DeedsDeps, provider: ProviderId): Purse {
  const balance = accounts.balance(provider);
  const instances = fleet.instances.filter((instance) => instance.provider === provider).map((instance) => instance.burn);
  const volumes = disks.volumes.filter((volume) => volume.provider === provider).flatMap(({ rate }) => rate ?? []);
  return { caps: guard.capUses(), burn: sumRates([...instances, ...volumes]), ...(balance === undefined ? {} : { balance }) };
}

const randomly = (bytes: number): Uint8Array => randomBytes(bytes);
