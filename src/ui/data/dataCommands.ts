/** Copies data between a machine and where it is kept: asked, consented to, followed, and told how it ended. */
import { TransferError, type Credentials } from '../../domain/dataStore.ts';
import type { DataRoute } from '../../domain/project.ts';
import type { ProviderId } from '../../domain/offer.ts';
import type { ProviderTraits } from '../../domain/provider.ts';
import type { DataTools, DataTransfers } from '../../services/dataTransfers.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { chooseInstance, type ChooseDeps } from '../instances/chooseInstance.ts';
import type { InstanceFlows } from '../instances/instanceFlows.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { reportError, type ReportDeps } from '../report.ts';
import type { DataKeys } from './dataKeys.ts';
import { askCredentials, askRoute } from './dataQuestions.ts';
import { copyConsent, copyProgress, copyResult, installWords, problemWords } from './dataWords.ts';
import type { Routes } from './routes.ts';

export interface DataDeps extends ReportDeps, ChooseDeps {
  readonly transfers: Pick<DataTransfers, 'tools' | 'install' | 'copy'>;
  readonly dataKeys: DataKeys;
  readonly routes: Pick<Routes, 'all' | 'add'>;
  readonly flows: Pick<InstanceFlows, 'connect'>;
  readonly traits: (provider: ProviderId) => Pick<ProviderTraits, 'workspaceFolder'>;
}

export function dataCommands(deps: DataDeps) {
  return {
    'gpuRental.instance.copyData': async (argument?: unknown): Promise<void> => {
      const instance = await chooseInstance(deps, argument, 'open');
      if (instance) await begin(deps, instance);
    },
  } satisfies CommandHandlers;
}

async function begin(deps: DataDeps, instance: FleetInstance): Promise<void> {
  const { dialogs, flows, routes, traits, transfers, voice } = deps;
  const ready = await flows.connect(instance, () => begin(deps, instance));
  if (ready === undefined) return;
  try {
    const tools = await dialogs.progress(voice.t('Looking at the programs on {0}', nameOf(instance)), true, (_, signal) => transfers.tools(ready.alias, [traits(instance.provider).workspaceFolder], signal));
    const route = await askRoute(deps, routes.all, tools.folder);
    if (route) await run(deps, { instance, alias: ready.alias, route, tools });
  } catch (error) {
    await reportError(deps, error, { provider: instance.provider, retry: () => begin(deps, instance) });
  }
}

interface Job {
  readonly instance: FleetInstance;
  readonly alias: string;
  readonly route: DataRoute;
  readonly tools: DataTools;
}

async function run(deps: DataDeps, job: Job): Promise<void> {
  const { dataKeys, dialogs, routes, voice } = deps;
  const { instance, route } = job;
  const kept = await dataKeys.get(route.place);
  const given = kept === undefined ? await askCredentials(deps, route.place, route.direction) : { credentials: kept, keep: false };
  if (given === undefined) return;
  const install = lacking(route, job.tools);
  const answer = await dialogs.confirm({
    ...copyConsent(route, nameOf(instance), install, voice),
    buttons: [{ id: 'copy', label: install === undefined ? voice.t('Copy') : voice.t('Install and copy') }],
    grave: false,
  });
  if (answer === undefined) return;
  if (given.keep) await dataKeys.set(route.place, given.credentials);
  await routes.add(route);
  if (install !== undefined && !(await installFirst(deps, job, install))) return;
  await copy(deps, job, given.credentials);
}

function lacking({ place, direction }: DataRoute, tools: DataTools): 'rclone' | 'huggingface_hub' | undefined {
  if (place.store.kind !== 'hub') return tools.rclone === undefined ? 'rclone' : undefined;
  // Without even python3 there is nothing to install with; the copy itself says so.
  return direction === 'push' && !tools.hubPush ? 'huggingface_hub' : undefined;
}

async function installFirst({ dialogs, transfers, voice }: DataDeps, { alias, instance, route }: Job, what: string): Promise<boolean> {
  const problem = await dialogs.progress(voice.t('Installing {0} on {1}', what, nameOf(instance)), true, (_, signal) => transfers.install(alias, route.place.store, signal));
  if (problem === undefined) return true;
  await dialogs.notify({ level: 'error', text: installWords(problem, voice), buttons: [] });
  return false;
}

async function copy(deps: DataDeps, job: Job, credentials: Credentials): Promise<void> {
  const { dataKeys, dialogs, log, transfers, voice } = deps;
  const { alias, instance, route } = job;
  const title = route.direction === 'pull' ? voice.t('Bringing data to {0}', nameOf(instance)) : voice.t('Sending results from {0}', nameOf(instance));
  try {
    const result = await dialogs.progress(title, true, (tell, signal) =>
      transfers.copy({ alias, ...route, credentials, signal, onProgress: (progress) => tell(copyProgress(progress, voice)) }));
    await dialogs.notify({ level: 'info', text: copyResult(result, voice), buttons: [] });
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    log.warn(`data could not be copied: ${error.message}`);
    // Keys that were refused are asked for again; anything else goes on where it was.
    const denied = error.problem === 'denied';
    const pressed = await dialogs.notify({
      level: 'error',
      text: problemWords(error.problem, route, voice),
      buttons: denied ? [{ id: 'again', label: voice.t('Other keys') }] : error.problem === 'noTool' ? [] : [{ id: 'again', label: voice.t('Try again') }],
    });
    if (pressed === undefined) return;
    if (!denied) return copy(deps, job, credentials);
    await dataKeys.forget(route.place);
    await run(deps, job);
  }
}
