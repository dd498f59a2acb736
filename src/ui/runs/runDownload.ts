/** Brings home what a run left in its folder. */
import { posix } from 'node:path';
import type { RunRecord } from '../../domain/run.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Runs } from '../../services/runs.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { nameOf } from '../instances/instanceRow.ts';
import type { Downloaded } from '../instances/workPlace.ts';
import type { Voice } from '../voice.ts';
import { grouped } from '../words.ts';
import { uploadText } from './runFlow.ts';

export interface DownloadDeps {
  readonly runs: Pick<Runs, 'download'>;
  readonly dialogs: Dialogs;
  readonly voice: Voice;
  readonly downloaded: Downloaded;
  /** What lies in that folder is never sent to a machine, nor into a repository. */
  readonly makeApart: (folder: string) => Promise<void>;
  /** Of this computer, with slashes. */
  readonly pickFolder: (label: string) => Promise<string | undefined>;
}

/** Throws what the download throws. */
export async function downloadRun(deps: DownloadDeps, instance: FleetInstance, record: RunRecord): Promise<void> {
  const { runs, dialogs, voice, downloaded } = deps;
  const { t } = voice;
  const { folder } = record.run.about;
  const to = record.from === undefined ? await chooseFolder(deps, record) : await chooseInProject(deps, record, record.from);
  if (to === undefined) return;
  const result = await dialogs.progress(t('Downloading from {0}', nameOf(instance)), true, async (tell, signal) => {
    const came = await runs.download(instance.id, folder, to, signal, (progress) => tell(uploadText(progress, voice)));
    await downloaded(instance, folder, came, signal);
    return came;
  });
  const skipped = result.skipped.length === 0 ? '' : ` ${t('Left out: {0}.', grouped(result.skipped.length))}`;
  await dialogs.notify({ level: 'info', text: t('{0} files are now in {1}.', grouped(result.files), to) + skipped, buttons: [] });
}

/** What never was on this computer goes into a folder of its own, so that nothing in the chosen one is replaced. */
async function chooseFolder({ pickFolder, voice: { t } }: DownloadDeps, { run }: RunRecord): Promise<string | undefined> {
  const chosen = await pickFolder(t('Download results into this folder'));
  return chosen === undefined ? undefined : posix.join(chosen, `${posix.basename(run.about.folder)}-${run.id}`);
}

async function chooseInProject({ dialogs, makeApart, voice: { t } }: DownloadDeps, { run }: RunRecord, from: string): Promise<string | undefined> {
  const results = posix.join(from, 'gpu-results');
  const apart = posix.join(results, run.id);
  const to = await dialogs.pick({
    title: t('Download results'),
    placeholder: t('Where to? Nothing here is removed'),
    choices: [
      { label: t('A folder of its own'), detail: apart, value: apart },
      { label: t('The project itself'), detail: t('Files that differ are replaced by those of the machine: {0}', from), value: from },
    ],
  });
  if (to === undefined || to === goBack) return undefined;
  if (to === apart) await makeApart(results);
  return to;
}
