/** Uploads and downloads as a person asks for them: which folder, what is going on, and what came of it. */
import { basename } from 'node:path';
import type { MachineLink, MachineLinks } from '../../domain/machineLink.ts';
import type { FindSecrets, FolderSync, SyncResult } from '../../domain/sync.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { nameOf } from '../instances/instanceRow.ts';
import type { Downloaded } from '../instances/workPlace.ts';
import { reportError, type ReportDeps } from '../report.ts';
import type { Pairs } from './pairs.ts';
import { doneWords, progressWords, skippedText } from './syncWords.ts';
import { vetting } from './vetting.ts';

export interface TransferDeps extends ReportDeps {
  readonly machines: MachineLinks;
  readonly sync: FolderSync;
  readonly findSecrets: FindSecrets;
  readonly folderOn: (link: MachineLink, path: string, signal: AbortSignal) => Promise<string>;
  readonly pairs: Pairs;
  readonly downloaded: Downloaded;
  readonly showText: (name: string, text: string) => Promise<void>;
}

export async function upload(deps: TransferDeps, instance: FleetInstance, localFolder: string): Promise<void> {
  const { voice, pairs, sync } = deps;
  const name = basename(localFolder);
  await transfer(deps, instance, { way: 'up', title: voice.t('Uploading {0}', name), localFolder, usual: name }, async (link, remoteFolder, shared) => {
    const vetted = vetting(deps, localFolder, shared.signal);
    const result = await sync.up({ link, localFolder, remoteFolder, vet: vetted.vet, ...shared });
    await pairs.keep(localFolder, { alias: link.alias, remoteFolder, allowed: vetted.allowed });
    return result;
  });
}

export async function download(deps: TransferDeps, instance: FleetInstance, usual: string, pickFolder: (title: string) => Promise<string | undefined>): Promise<void> {
  const { voice, sync, downloaded } = deps;
  await transfer(deps, instance, { way: 'down', title: voice.t('Downloading from {0}', nameOf(instance)), usual, pickFolder }, async (link, remoteFolder, shared, localFolder) => {
    const result = await sync.down({ link, localFolder, remoteFolder, ...shared });
    await downloaded(instance, remoteFolder, result, shared.signal);
    return result;
  });
}

interface Course {
  readonly way: 'up' | 'down';
  readonly title: string;
  readonly usual: string;
  readonly localFolder?: string;
  readonly pickFolder?: (title: string) => Promise<string | undefined>;
}
type Shared = Pick<Parameters<FolderSync['up']>[0], 'signal' | 'onProgress'>;
type Work = (link: MachineLink, remoteFolder: string, shared: Shared, localFolder: string) => Promise<SyncResult>;

async function transfer(deps: TransferDeps, instance: FleetInstance, course: Course, work: Work): Promise<void> {
  const { dialogs, voice: { t }, machines, folderOn, pairs, showText } = deps;
  const { alias } = instance;
  if (alias === undefined) return;
  const known = course.localFolder === undefined ? undefined : pairs.of(course.localFolder);
  const remote = await dialogs.input({
    title: course.title,
    prompt: t('Folder on the machine: a whole path, or one below its work folder'),
    value: known?.alias === alias ? known.remoteFolder : course.usual,
    refuse: (text) => (text.trim() === '' ? t('A folder is needed.') : undefined),
  });
  if (remote === undefined) return;
  const localFolder = course.localFolder ?? (await course.pickFolder?.(t('Download into this folder')));
  if (localFolder === undefined) return;
  try {
    const result = await dialogs.progress(course.title, true, async (tell, signal) => {
      const link = machines.of(alias);
      const folder = await folderOn(link, remote.trim(), signal);
      return work(link, folder, { signal, onProgress: (progress) => tell(progressWords(progress, t)) }, localFolder);
    });
    const buttons = result.skipped.length === 0 ? [] : [{ id: 'skipped', label: t('Show what was left out') } as const];
    const chosen = await dialogs.notify({ level: 'info', text: doneWords(result, course.way, t), buttons });
    if (chosen === 'skipped') await showText(`${t('Left out')}.txt`, skippedText(result.skipped));
  } catch (error) {
    await reportError(deps, error, { provider: instance.provider, retry: () => transfer(deps, instance, course, work) });
  }
}
