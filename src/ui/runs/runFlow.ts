/** From "run this" to a run that goes on by itself: which machine, with how many GPUs, and what then. */
import { posix } from 'node:path';
import { allIn, type Offer } from '../../domain/offer.ts';
import { formatRate, formatUsd } from '../../domain/money.ts';
import { afterwardsKinds, isLive, type Afterwards } from '../../domain/run.ts';
import type { SkippedFile, SyncProgress } from '../../domain/sync.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Runs } from '../../services/runs.ts';
import { goBack } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import { plain } from '../escape.ts';
import { instanceRow, nameOf } from '../instances/instanceRow.ts';
import { fileSize } from '../sizes.ts';
import type { Pairs } from '../sync/pairs.ts';
import { vetting, type VettingDeps } from '../sync/vetting.ts';
import type { Voice } from '../voice.ts';
import { duration, grouped, line, moment } from '../words.ts';
import type { ShownRun } from './runScreen.ts';
import { afterwardsChoice, noEndText } from './runWords.ts';

export interface RunFlowDeps extends VettingDeps {
  readonly runs: Runs;
  readonly fleet: Pick<Fleet, 'instances'>;
  readonly editor: Editor;
  readonly pairs: Pairs;
  readonly now: () => number;
  /** What could be rented, as it is listed now. */
  readonly offers: () => readonly Offer[];
  /** Unsaved work would not run. */
  readonly saveAll: () => Promise<void>;
  readonly trusted: () => boolean;
}

/** What is to run; whatever is left open is asked for. */
export interface WantedRun {
  readonly words: readonly string[];
  /** The local folder that goes there first; without one, everything is there already. */
  readonly from?: string;
  /** Of the machine: a whole path, or a name in its work folder. */
  readonly folder: string;
  /** The script and its arguments, where it is one that several GPUs can share. */
  readonly script?: readonly string[];
  readonly afterwards?: Afterwards;
  /** Name, id or alias of a machine. */
  readonly machine?: string;
}

export interface ReadyRun extends WantedRun {
  readonly instance: FleetInstance;
  readonly afterwards: Afterwards;
}

/** Undefined when the person turned away or was led to rent first. Nothing has been sent. */
export async function prepareRun(deps: RunFlowDeps, wanted: WantedRun): Promise<ReadyRun | undefined> {
  const { dialogs, voice: { t }, trusted } = deps;
  if (wanted.from !== undefined && !trusted()) {
    await dialogs.notify({ level: 'warning', text: t('Files are sent only from folders that you trust.'), buttons: [] });
    return undefined;
  }
  const instance = await chooseMachine(deps, wanted.machine);
  if (instance === undefined) return undefined;
  const words = await chooseGpus(deps, wanted, instance);
  if (words === undefined) return undefined;
  const afterwards = await chooseAfterwards(deps, instance, wanted.afterwards);
  return afterwards === undefined ? undefined : { ...wanted, instance, words, afterwards };
}

/** Sends and starts it. Throws what the machine refuses; cancelling before the start leaves nothing running. */
export async function launchRun(deps: RunFlowDeps, ready: ReadyRun, tell: (message: string) => void, signal: AbortSignal): Promise<ShownRun> {
  const { runs, dialogs, saveAll, voice, pairs } = deps;
  const { instance, words, from, afterwards } = ready;
  await saveAll();
  tell(voice.t('looking at the machine'));
  const folder = posix.isAbsolute(ready.folder) ? ready.folder : await runs.remoteFolder(instance.id, ready.folder, signal);
  const vetted = from === undefined ? undefined : vetting(deps, from, signal);
  const run = await runs.start({
    instance: instance.id, words, afterwards, folder, signal, ...(from === undefined ? {} : { from }), ...(vetted === undefined ? {} : { vet: vetted.vet }),
    onUpload: (progress) => tell(uploadText(progress, voice)),
    onLeftOut: (files) => void dialogs.notify({ level: 'warning', text: leftOutText(files, voice), buttons: [] }),
  });
  const alias = instance.alias ?? '';
  if (from !== undefined && vetted !== undefined && vetted.allowed.length > 0) {
    await pairs.keep(from, { alias, remoteFolder: folder, ...pairs.of(from), allowed: vetted.allowed });
  }
  return { instance: instance.id, alias, run };
}

export function uploadText({ filesDone, filesInAll, bytesDone, bytesInAll, leftMs }: SyncProgress, { t }: Voice): string {
  return line(
    t('sending {0} of {1} files', grouped(filesDone), grouped(filesInAll)),
    t('{0} of {1}', fileSize(bytesDone), fileSize(bytesInAll)),
    leftMs === undefined ? undefined : t('{0} left', duration(leftMs, t)),
  );
}

const mostNamed = 3;

function leftOutText(files: readonly SkippedFile[], { t }: Voice): string {
  const named = files.slice(0, mostNamed).map(({ path, why }) => `${plain(path, 80)} (${plain(why, 80)})`).join(', ');
  return files.length > mostNamed ? t('Not sent with the run: {0} and {1} more.', named, grouped(files.length - mostNamed)) : t('Not sent with the run: {0}.', named);
}

async function chooseMachine(deps: RunFlowDeps, named: string | undefined): Promise<FleetInstance | undefined> {
  const { fleet, dialogs, voice, now } = deps;
  const { t } = voice;
  const able = fleet.instances.filter(({ ours, state, alias }) => ours && state === 'ready' && alias !== undefined);
  if (named !== undefined) {
    const isNamed = ({ id, name, alias }: FleetInstance): boolean => [id, name, alias].includes(named);
    const found = able.find(isNamed);
    if (found === undefined) {
      const known = fleet.instances.find(isNamed);
      await dialogs.notify({ level: 'error', text: t('No machine called {0} runs now.', known === undefined ? plain(named, 40) : nameOf(known)), buttons: [] });
    }
    return found;
  }
  if (able.length === 0) {
    await leadToRenting(deps);
    return undefined;
  }
  if (able.length === 1) return able[0];
  const chosen = await dialogs.pick({
    title: t('Run on GPU'),
    placeholder: t('On which machine?'),
    choices: able.map((value) => {
      const { label, description } = instanceRow(value, now(), voice);
      return { label, ...(description === undefined ? {} : { description }), value };
    }),
  });
  return chosen === goBack ? undefined : chosen;
}

/** Rents nothing by itself: it says what it would cost and opens the usual way. */
async function leadToRenting({ dialogs, editor, offers, voice }: RunFlowDeps): Promise<void> {
  const { t, nameOf: provider } = voice;
  const [cheapest] = offers().toSorted((a, b) => allIn(a) - allIn(b));
  const answer = await dialogs.confirm({
    title: t('No machine of yours runs.'),
    detail: cheapest === undefined
      ? t('Rent one first; then run this again.')
      : t('Rent one first; then run this again. The cheapest in the list now is {0} at {1} for {2}.', plain(cheapest.gpu, 40), provider(cheapest.provider), formatRate(allIn(cheapest))),
    buttons: [{ id: 'rent', label: t('Choose and rent') }, { id: 'offers', label: t('Show offers') }],
    grave: false,
  });
  if (answer === 'rent') await editor.run('gpuRental.offer.rent');
  if (answer === 'offers') await editor.showView('gpuRental.offers');
}

async function chooseGpus({ dialogs, voice: { t } }: RunFlowDeps, { words, script }: WantedRun, { gpuCount }: FleetInstance): Promise<readonly string[] | undefined> {
  if (script === undefined || gpuCount < 2) return words;
  const chosen = await dialogs.pick({
    title: t('Run on GPU'),
    placeholder: t('The machine has {0} GPUs', gpuCount),
    choices: [
      { label: t('Start it once'), detail: words.join(' '), value: words },
      { label: t('Start it on each GPU with torchrun'), detail: torchrun(gpuCount, script).join(' '), value: torchrun(gpuCount, script) },
    ],
  });
  return chosen === goBack ? undefined : chosen;
}

/**
 * Several GPUs of one machine, with nothing to agree on with another. The command `torchrun` of an image would start the
 * image's Python and not that of the project's environment; this is the same program.
 */
export const torchrun = (gpuCount: number, script: readonly string[]): readonly string[] =>
  ['python3', '-m', 'torch.distributed.run', '--standalone', `--nproc-per-node=${gpuCount}`, ...script];

async function chooseAfterwards(deps: RunFlowDeps, instance: FleetInstance, wanted: Afterwards | undefined): Promise<Afterwards | undefined> {
  const { dialogs, runs, voice } = deps;
  const { t } = voice;
  const why = runs.whyNoEnd(instance);
  if (wanted !== undefined && (wanted === 'keep' || why === undefined)) return wanted;
  if (why !== undefined) {
    const cost = afterwardsChoice('keep', instance, voice).detail;
    const answer = await dialogs.confirm({
      title: t('{0} cannot end itself after the run', nameOf(instance)),
      detail: `${noEndText(why, voice)} ${cost}`,
      buttons: [{ id: 'keep', label: t('Run, and keep the machine') }],
      grave: wanted !== undefined,
    });
    return answer;
  }
  const others = runs.of(instance.alias ?? '').some(({ run }) => isLive(run));
  const chosen = await dialogs.pick({
    title: endsAnyway(instance, deps.now(), voice),
    placeholder: others ? t('And when it has ended? Another run goes on: the last one to end decides') : t('And when it has ended?'),
    choices: afterwardsKinds.map((value) => ({ ...afterwardsChoice(value, instance, voice), value })),
  });
  return chosen === goBack ? undefined : chosen;
}

/** A run outlives everything but the machine's own limits. */
function endsAnyway({ limits }: FleetInstance, now: number, { t }: Voice): string {
  if (limits === undefined) return t('Run on GPU');
  return t('Run on GPU; whatever runs, the machine ends at {0} or at {1}', moment(limits.leaseEndsAt, now, t), formatUsd(limits.budget));
}

export const chooseOtherEnd = (deps: RunFlowDeps, instance: FleetInstance): Promise<Afterwards | undefined> => chooseAfterwards(deps, instance, undefined);
