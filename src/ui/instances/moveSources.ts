/** Which work is moved, and from where it can go on. */
import type { Launch } from '../../domain/launch.ts';
import type { Checkpoints } from '../../domain/move.ts';
import { isLive, type RunRecord } from '../../domain/run.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { goBack } from '../dialogs.ts';
import { nameOf } from './instanceRow.ts';
import type { MoveDeps } from './moveFlow.ts';
import { checkpointsWords } from './moveWords.ts';

/** What went on when the machine was taken away: it may still be thought to, or to have failed of it. */
export const unfinishedWork = (records: readonly RunRecord[]): RunRecord | undefined =>
  records.find(({ run }) => isLive(run) || run.state === 'lost') ?? records.find(({ run }) => run.exitCode !== 0);

/** Undefined when the person turned away. */
export async function chooseCheckpoints(deps: MoveDeps, instance: FleetInstance, launch: Launch, record: RunRecord): Promise<Checkpoints | undefined> {
  const { dialogs, now, setApart, voice } = deps;
  const { t } = voice;
  const found = await checkpointsOf(deps, launch, record);
  const chosen = await dialogs.pick({
    title: t('Move the work of {0}', nameOf(instance)),
    placeholder: t('From where does it go on? The disk of a stopped machine cannot be read'),
    choices: found.map((value, index) => ({ ...checkpointsWords(value, now(), voice), value, current: index === 0 })),
  });
  if (chosen === undefined || chosen === goBack || chosen.kind !== 'here' || chosen.at !== undefined) return chosen === goBack ? undefined : chosen;
  return { ...chosen, localFolder: await setApart(chosen.localFolder, launch.id, record.run.id) };
}

/** The surest first: what was copied on purpose, what was downloaded, what was sent to a bucket, and nothing. */
async function checkpointsOf({ copies, exists, routes }: MoveDeps, { id }: Launch, { run, from }: RunRecord): Promise<Checkpoints[]> {
  const plan = copies.of(id, run.id);
  const found: Checkpoints[] = [];
  if (plan?.copiedAt !== undefined) {
    found.push(plan.to.kind === 'here'
      ? { kind: 'here', localFolder: plan.to.localFolder, folder: plan.folder, at: plan.copiedAt }
      : { kind: 'bucket', place: plan.to.place, folder: plan.folder, at: plan.copiedAt });
  }
  const results = from === undefined ? undefined : `${from}/gpu-results/${run.id}`;
  if (results !== undefined && (await exists(results))) found.push({ kind: 'here', localFolder: results, folder: '' });
  const below = `${run.about.folder}/`;
  for (const { direction, place, folder } of routes.all) {
    if (direction === 'push' && place.store.kind !== 'hub' && `${folder}/`.startsWith(below)) found.push({ kind: 'bucket', place, folder: folder.slice(below.length) });
  }
  return [...found, { kind: 'none' }];
}
