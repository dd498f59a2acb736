/**
 * Everything that a person does by a command. It is read when the first of them is used: most windows never do more
 * than look, and nobody waits for what they do not use.
 */
import { sumRates } from '../domain/money.ts';
import type { Offer, ProviderId } from '../domain/offer.ts';
import type { Disposable } from '../domain/ports.ts';
import { articleRangesOf } from '../estimate/catalogue/articleRanges.ts';
import { DataTransfers } from '../services/dataTransfers.ts';
import { Leaving } from '../services/leaving.ts';
import type { Ready } from '../services/readiness.ts';
import { signIn } from './accounts/signIn.ts';
import { accountCommands } from './accounts/accountCommands.ts';
import type { AllHandlers, CommandHandlers } from './commandIds.ts';
import { dataCommands } from './data/dataCommands.ts';
import { createDataKeys } from './data/dataKeys.ts';
import { Routes } from './data/routes.ts';
import { onAny } from './disposables.ts';
import type { registerEstimate } from './estimate/estimateArea.ts';
import { disposing } from './firstUse.ts';
import type { registerGpu } from './gpu/gpuArea.ts';
import { guideCommands } from './guide/guideCommands.ts';
import { instanceCommands } from './instances/instanceCommands.ts';
import { InstanceFlows } from './instances/instanceFlows.ts';
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
import { createRunDesk, type RunDesk } from './runs/runArea.ts';
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
}

type HandlersOf<Register extends (...deps: never) => { readonly handlers: CommandHandlers }> = ReturnType<Register>['handlers'];
type Others = HandlersOf<typeof registerGpu> & HandlersOf<typeof registerPorts> & HandlersOf<typeof registerSpend> & HandlersOf<typeof registerEstimate>;

export interface Deeds extends Disposable {
  readonly handlers: AllHandlers;
  readonly flows: InstanceFlows;
  readonly runs: RunDesk;
  rent(offer: Offer, limits: Wish | undefined): Promise<void>;
  /** Where a terminal is wanted, when nobody said. */
  terminalPlace(): Promise<TerminalAsked | undefined>;
}

export function createDeeds(deps: DeedsDeps): Deeds {
  const parts = partsOf(deps);
  const { flows, renting, runs, pod, explorer, guide } = parts;
  return {
    handlers: { ...deps.others, ...ownHandlers(deps, parts) },
    flows,
    runs,
    rent: (offer, limits) => renting.rent(offer, limits),
    terminalPlace: () => placeFor(pod, undefined, 'gpuRental.instance.openTerminal'),
    dispose: () => {
      runs.dispose();
      explorer.dispose();
      guide.dispose();
    },
  };
}

function partsOf(deps: DeedsDeps) {
  const { machines, sync, marks, clock, log, voice, list, market, preferences, hosts, knowing, onPod, report, showText } = deps;
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
    downloadFolder: (instance) => downloadFolder(instance, voice.t),
  });
  const leftOut = (offer: Offer): boolean => isLeftOut(offer, preferences, (one) => hosts.incidentOf(one));
  const renting = new RentFlow({
    ...deps, purse, onReady,
    project: firstFolderName,
    offers: () => candidates(list.model.offers, knowing.made?.alerts.met ?? [], leftOut),
    readAgain: () => void market.refresh(preferences.filter).catch(report),
    askToSignIn: (provider) => signIn(deps, provider),
  });
  const runs = createRunDesk({ ...deps, downloaded, pairs: new Pairs(deps.memory), offers: () => list.model.offers, report, showText });
  const explorer = disposing(async () => (await import('./explorer/explorer.ts')).createExplorer({
    ...deps,
    ranges: articleRangesOf,
    onDidLearn: onAny(hosts.onDidChange, knowing.onDidChange),
    rent: (offer) => renting.rent(offer),
    estimate: async (offer) => deps.others['gpuRental.offer.estimate'](offerNode(offer.id)),
    onVisible: deps.onExplorerVisible,
  }));
  const guide = disposing(async () => {
    const { GuideDesk } = await import('./guide/guideDesk.ts');
    return new GuideDesk({ ...deps, diskGb: () => preferences.filter.diskGb, readOffers: () => market.refresh(preferences.filter), run: (command) => deps.editor.run(command) });
  });
  return { flows, renting, runs, downloaded, explorer, guide, routes: new Routes(deps.memory), pod: { ...deps, flows, presence: onPod.presence } };
}

function ownHandlers(deps: DeedsDeps, { flows, renting, runs, downloaded, routes, pod, explorer, guide }: ReturnType<typeof partsOf>) {
  const { fleet, list, editor, machines, onPod, showText } = deps;
  return {
    ...offersCommands({ ...deps, rent: (offer) => renting.rent(offer) }),
    ...marketCommands(deps),
    'gpuRental.offers.explore': async () => (await explorer()).open(),
    ...volumeCommands({ ...deps, offers: () => list.model.offers, rent: (offer, volume) => renting.rent(offer, undefined, volume), askToSignIn: (provider) => signIn(deps, provider) }),
    ...instanceCommands({
      ...deps, flows, showText,
      liveAliases: () => fleet.instances.flatMap(({ alias }) => alias ?? []),
      openTerminal: async (asked) => (await onPod.terminals()).open(asked),
    }),
    ...podCommands(pod),
    ...accountCommands(deps),
    ...runs.handlers,
    ...guideCommands(deps, guide),
    ...dataCommands({ ...deps, flows, routes, transfers: new DataTransfers(machines), dataKeys: createDataKeys(deps.secrets) }),
    ...setupScriptCommands({ ...deps, routes, projectFolder, openNew }),
    ...syncCommands({ ...deps, downloaded }),
    ...practiceCommands({ ...deps, practice: deps.control, busy: () => renting.busy || flows.busy }),
    'gpuRental.limits.edit': () => editor.openSettings('gpuRental.limits'),
    'gpuRental.log.show': () => editor.showLog(),
  } satisfies CommandHandlers;
}

/** What is left to spend at a provider, and what goes on costing there. */
function purseOf({ accounts, fleet, disks, guard }: DeedsDeps, provider: ProviderId): Purse {
  const balance = accounts.balance(provider);
  const instances = fleet.instances.filter((instance) => instance.provider === provider).map((instance) => instance.burn);
  const volumes = disks.volumes.filter((volume) => volume.provider === provider).flatMap(({ rate }) => rate ?? []);
  return { caps: guard.capUses(), burn: sumRates([...instances, ...volumes]), ...(balance === undefined ? {} : { balance }) };
}
