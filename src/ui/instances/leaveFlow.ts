/**
 * What comes before a machine is destroyed: a look at what is still on it, one question, and what the person chose.
 * Looking never stands in the way of destroying; what was to be brought home or wiped and was not, does.
 */
import { isBare } from '../../domain/leftBehind.ts';
import { isAbort } from '../../domain/errors.ts';
import { allows } from '../../domain/instance.ts';
import type { ProviderId } from '../../domain/offer.ts';
import type { ProviderTraits } from '../../domain/provider.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Leaving, Look, Place } from '../../services/leaving.ts';
import type { Button } from '../dialogs.ts';
import { reportLater, type ReportDeps } from '../report.ts';
import { destroyConsent } from './confirmations.ts';
import { canDo } from './instanceContext.ts';
import { nameOf } from './instanceRow.ts';
import { allTheSame, doubtWords, holdingWords, isLook, progressWords, unwipedWords, wipeWords, type Seen } from './leavingWords.ts';

export interface LeaveDeps extends ReportDeps {
  readonly leaving: Pick<Leaving, 'look' | 'canFetch' | 'bringHome' | 'wipe'>;
  /** Names of its files that are open in this window and not saved. */
  readonly unsaved: (alias: string) => readonly string[];
  /** Sensitive work is done in this workspace. */
  readonly sensitive: () => boolean;
  /** A folder of this computer for what comes from it; undefined when the person turned away. */
  readonly downloadFolder: (instance: FleetInstance) => Promise<string | undefined>;
  readonly traits: (provider: ProviderId) => Pick<ProviderTraits, 'workspaceFolder'>;
  /** By the provider's clock. */
  readonly now: () => number;
}

type Way = 'fetch' | 'fetchWipe' | 'destroy' | 'stop' | 'wipe';

/** What was chosen, and done as far as it comes before the end: the machine may go, or stop, or stays as it is. */
export async function leaveWell(deps: LeaveDeps, instance: FleetInstance, closeTerminals: () => void): Promise<'destroy' | 'stop' | undefined> {
  const seen = await lookAt(deps, instance);
  const way = await ask(deps, instance, seen);
  switch (way) {
    case 'fetch':
      return isLook(seen) && (await fetchAll(deps, instance, seen)) ? 'destroy' : undefined;
    case 'fetchWipe':
      return isLook(seen) && (await fetchAll(deps, instance, seen)) && (await wipe(deps, instance, closeTerminals)) ? 'destroy' : undefined;
    case 'wipe':
      return (await wipe(deps, instance, closeTerminals)) ? 'destroy' : undefined;
    default:
      return way;
  }
}

async function lookAt({ dialogs, leaving, traits, now, voice }: LeaveDeps, instance: FleetInstance): Promise<Seen> {
  const place = placeOf(instance, { traits, now });
  if (place === undefined || !allows(instance.state, 'open')) return 'closed';
  return (await dialogs.progress(voice.t('Looking at what is still on {0}', nameOf(instance)), true, (_, signal) => leaving.look(place, signal))) ?? 'unseen';
}

function ask({ dialogs, leaving, unsaved, sensitive, voice }: LeaveDeps, instance: FleetInstance, seen: Seen): Promise<Way | undefined> {
  const { t } = voice;
  const canStop = canDo(instance, 'stop');
  const open = instance.alias === undefined ? [] : unsaved(instance.alias);
  const held = isLook(seen) && !isBare(seen.left);
  const toFetch = isLook(seen) && leaving.canFetch && (seen.left.changed.files > 0 || seen.left.changed.partial);
  const careful = sensitive() && isLook(seen);
  const wiping = held || careful ? wipeWords(instance, voice) : undefined;
  const wipes: Button<Way> = { id: 'wipe', label: t('Wipe, then destroy') };
  const others: (Button<Way> | false)[] = [{ id: 'destroy', label: t('Destroy') }, canStop && { id: 'stop', label: t('Stop') }];
  // Enter presses the first: of sensitive work nothing is left behind unless somebody says so.
  const buttons: (Button<Way> | false)[] = careful
    ? [toFetch && { id: 'fetchWipe', label: t('Download, wipe, then destroy') }, wipes, ...others]
    : [toFetch && { id: 'fetch', label: t('Download, then destroy') }, ...others, held && wipes];
  return dialogs.confirm({
    ...destroyConsent(instance, canStop, voice, { words: holdingWords({ seen, unsaved: open }, voice), folder: held ? sizeOf(seen) : undefined, wiping }),
    buttons: buttons.filter((button) => button !== false),
    grave: true,
  });
}

const sizeOf = ({ left }: Look): { readonly path: string; readonly bytes: number } => ({ path: left.folder, bytes: left.usedBytes ?? 0 });

async function fetchAll(deps: LeaveDeps, instance: FleetInstance, { left }: Look): Promise<boolean> {
  const { dialogs, downloadFolder, leaving, voice } = deps;
  const { t } = voice;
  const place = placeOf(instance, deps);
  const localFolder = await downloadFolder(instance);
  if (place === undefined || localFolder === undefined) return false;
  const fetched = await carry(deps, instance, () =>
    dialogs.progress(t('Downloading from {0}', nameOf(instance)), true, (tell, signal) =>
      leaving.bringHome(place, left.folder, localFolder, signal, (progress) => tell(progressWords(progress, voice)))));
  return fetched !== undefined && agreed(deps, instance, doubtWords(fetched, voice));
}

async function wipe(deps: LeaveDeps, instance: FleetInstance, closeTerminals: () => void): Promise<boolean> {
  const { dialogs, leaving, voice } = deps;
  closeTerminals(); // shells write down what was typed as they end
  const place = placeOf(instance, deps);
  if (place === undefined) return false;
  const wiped = await carry(deps, instance, () =>
    dialogs.progress(voice.t('Wiping {0}', nameOf(instance)), true, (_, signal) => leaving.wipe(place, signal)));
  return wiped !== undefined && agreed(deps, instance, unwipedWords(wiped, voice));
}

/** Undefined when it failed or was cancelled; the person is told that nothing was destroyed. */
async function carry<T>(deps: LeaveDeps, instance: FleetInstance, work: () => Promise<T>): Promise<T | undefined> {
  const { dialogs, voice } = deps;
  const kept = voice.t('Nothing was destroyed: {0} goes on costing.', nameOf(instance));
  try {
    return await work();
  } catch (error) {
    if (isAbort(error)) dialogs.notify({ level: 'info', text: kept, buttons: [] }).catch(() => undefined);
    else reportLater(deps, error, { provider: instance.provider, more: kept });
    return undefined;
  }
}

async function agreed({ dialogs, voice }: LeaveDeps, instance: FleetInstance, doubt: string | undefined): Promise<boolean> {
  if (doubt === undefined) return true;
  return (await dialogs.confirm({ ...allTheSame(instance, doubt, voice), buttons: [{ id: 'destroy', label: voice.t('Destroy') }], grave: true })) === 'destroy';
}

/** Only what was rented here can be looked into. */
function placeOf({ ours, alias, provider, since }: FleetInstance, { traits, now }: Pick<LeaveDeps, 'traits' | 'now'>): Place | undefined {
  return ours && alias !== undefined ? { alias, folders: [traits(provider).workspaceFolder], ageMs: since === undefined ? undefined : now() - since } : undefined;
}
