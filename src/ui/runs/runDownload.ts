/** Brings home what a run left in its folder. */
import { posix } from 'node:path';
import type { Afterwards, RunRecord } from '../../domain/run.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Runs } from '../../services/runs.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { nameOf } from '../instances/instanceRow.ts';
import type { Voice } from '../voice.ts';
import { grouped } from '../words.ts';
import { uploadText } from './runFlow.ts';

export interface DownloadDeps {
  readonly runs: Pick<Runs, 'download' | 'keepMachine' | 'setAfterwards'>;
  readonly dialogs: Dialogs;
  readonly voice: Voice;
  /** What lies in that folder is never sent to a machine, nor into a repository. */
  readonly makeApart: (folder: string) => Promise<void>;
}

/**
 * A machine that is about to end waits until its files are home: what the run left for the guard is taken back first and
 * put again afterwards, also when the download fails, because nobody may be there to end the bill.
 */
export async function downloadRun(deps: DownloadDeps, instance: FleetInstance, { run, from }: RunRecord): Promise<void> {
  const { runs, dialogs, voice } = deps;
  const { t } = voice;
  const { folder } = run.about;
  if (from === undefined) return;
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
  if (to === undefined || to === goBack) return;
  if (to === apart) await deps.makeApart(results);
  const waits = run.state === 'ended' && run.afterwards !== 'keep';
  const result = await dialogs.progress(t('Downloading from {0}', nameOf(instance)), true, async (tell, signal) => {
    if (!waits) return runs.download(instance.id, folder, to, signal, (progress) => tell(uploadText(progress, voice)));
    await runs.keepMachine(instance.id, signal);
    try {
      return await runs.download(instance.id, folder, to, signal, (progress) => tell(uploadText(progress, voice)));
    } finally {
      await endAgain(runs, instance, run.id, run.afterwards);
    }
  });
  const skipped = result.skipped.length === 0 ? '' : ` ${t('Left out: {0}.', grouped(result.skipped.length))}`;
  await dialogs.notify({ level: 'info', text: t('{0} files are now in {1}.', grouped(result.files), to) + skipped, buttons: [] });
}

const endAgain = (runs: DownloadDeps['runs'], { id }: FleetInstance, run: string, afterwards: Afterwards): Promise<void> =>
  runs.setAfterwards(id, run, afterwards, new AbortController().signal);
