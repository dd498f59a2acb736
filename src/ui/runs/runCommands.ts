import { isLive, type RunRecord } from '../../domain/run.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { goBack } from '../dialogs.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { instanceNode } from '../instances/instancesModel.ts';
import { reportError, reportLater, type ReportDeps } from '../report.ts';
import { projectIn, runPlace, typedCommand, type OpenFile, type RunPlace, runnableOf } from './runnable.ts';
import { downloadRun, type DownloadDeps } from './runDownload.ts';
import { chooseOtherEnd, launchRun, prepareRun, type RunFlowDeps, type WantedRun } from './runFlow.ts';
import { historyText } from './runHistory.ts';
import { runOfNode } from './runNodes.ts';
import { askStop, type ShownRun } from './runScreen.ts';
import { commandText, runRow } from './runWords.ts';

export interface RunCommandDeps extends RunFlowDeps, ReportDeps, Pick<DownloadDeps, 'makeApart' | 'pickFolder' | 'downloaded'> {
  /** The file in front, or the one that was pointed at. */
  readonly openFile: (argument: unknown) => OpenFile | undefined;
  /** The folder that commands run in when no file is meant. */
  readonly projectFolder: () => RunPlace | undefined;
  /** Brings a run's log to the front. */
  readonly showLog: (shown: ShownRun, title: string) => void;
  /** A machine may be gone while its runs are remembered. */
  readonly showText: (name: string, text: string) => Promise<void>;
}

/** Whatever is remembered, what goes on, what has a machine that answers. */
type Able = 'any' | 'live' | 'reach';

/** Of what a typed command begins with, in letters. */
const longestBeginning = 400;

interface Chosen {
  readonly instance: FleetInstance;
  readonly record: RunRecord;
}

export function runCommands(deps: RunCommandDeps) {
  const { dialogs, runs, voice, showLog } = deps;
  const { t } = voice;
  const on = (which: Able, act: (chosen: Chosen) => Promise<void>) => async (argument?: unknown): Promise<void> => {
    const chosen = await chooseRun(deps, argument, which);
    if (chosen !== undefined) await reported(deps, chosen.instance, () => act(chosen));
  };
  const never = (): AbortSignal => new AbortController().signal;

  return {
    'gpuRental.run.file': async (argument) => {
      const file = deps.openFile(argument);
      if (file === undefined) await dialogs.notify({ level: 'info', text: t('Open a Python file or a notebook first.'), buttons: [] });
      else await reported(deps, machineOf(deps, file), async () => start(deps, runnableOf(await inItsProject(deps, file))));
    },
    'gpuRental.run.command': async () => {
      const folder = deps.projectFolder();
      if (folder === undefined) return void await dialogs.notify({ level: 'info', text: t('Open a folder first: one of this computer is sent to the machine.'), buttons: [] });
      const file = deps.openFile(undefined);
      const text = await dialogs.input({
        title: t('Run on GPU'), prompt: t('The command, as you would type it in the folder of the project'), placeholder: 'python3 train.py --epochs 3',
        ...(file?.folder === folder.folder && file.alias === folder.alias ? { value: `${commandText(runnableOf(file), longestBeginning)} `, goesOn: true } : {}),
        refuse: (typed) => (typed.trim() === '' ? t('Type a command.') : undefined),
      });
      if (text !== undefined) await start(deps, { ...runPlace(folder), words: typedCommand(text) });
    },
    'gpuRental.run.history': () => deps.showText('runs.txt', historyText(runs.history(), deps.now(), voice)),
    'gpuRental.run.showLog': on('any', async ({ instance, record }) => {
      if (instance.state === 'ready' && instance.alias !== undefined) showLog({ instance: instance.id, alias: instance.alias, run: record.run.id }, commandText(record.run.about, 30));
      else await deps.showText('run.log', record.run.tail === '' ? t('Its log was on the machine, which does not run.') : record.run.tail);
    }),
    'gpuRental.run.stop': on('live', async ({ instance, record: { run } }) => {
      const answer = await askStop(dialogs, run.afterwards !== 'keep', t);
      if (answer !== undefined) await runs.stop(instance.id, run.id, answer === 'stopKeep', never());
    }),
    'gpuRental.run.afterwards': on('any', async ({ instance, record: { run } }) => {
      const afterwards = await chooseOtherEnd(deps, instance);
      if (afterwards !== undefined) await runs.setAfterwards(instance.id, run.id, afterwards, never());
    }),
    'gpuRental.run.again': on('reach', async ({ instance, record: { run, from } }) => {
      const { words, folder } = run.about;
      await start(deps, { ...(from === undefined ? { folder } : runPlace({ folder: from })), words, machine: instance.id });
    }),
    'gpuRental.run.download': on('reach', ({ instance, record }) => downloadRun(deps, instance, record)),
  } satisfies CommandHandlers;
}

async function start(deps: RunCommandDeps, { script, ...wanted }: WantedRun): Promise<void> {
  const { dialogs, voice: { t }, showLog } = deps;
  const ready = await prepareRun(deps, { ...wanted, ...(script === undefined || wanted.words[0] !== 'python3' ? {} : { script }) });
  if (ready === undefined) return;
  await reported(deps, ready.instance, async () => {
    const shown = await dialogs.progress(t('Run on GPU'), true, (tell, signal) => launchRun(deps, ready, tell, signal));
    showLog(shown, commandText(ready, 30));
    if (ready.instance.kind === 'interruptible') offerCopies(deps, ready.instance, shown);
  });
}

/** Nobody is kept waiting by it: a notification may stay for hours. */
function offerCopies(deps: RunCommandDeps, instance: FleetInstance, { run }: ShownRun): void {
  const { dialogs, editor, voice: { t } } = deps;
  const text = t('{0} can be taken away at any time. Copies of its checkpoints let the work go on elsewhere.', nameOf(instance));
  const offer = async (): Promise<void> => {
    const answer = await dialogs.notify({ level: 'info', text, buttons: [{ id: 'copies', label: t('Copy checkpoints…') }] });
    if (answer === 'copies') await editor.run('gpuRental.run.copies', `${instanceNode(instance)}/run/${run}`);
  };
  offer().catch((error: unknown) => reportLater(deps, error));
}

const machineOf = ({ fleet }: RunCommandDeps, { alias }: Partial<RunPlace>): FleetInstance | undefined =>
  alias === undefined ? undefined : fleet.instances.find((instance) => instance.alias === alias);

/** A window may show all that a machine has, and a run wants the folder with its own requirements. */
async function inItsProject(deps: RunCommandDeps, file: OpenFile): Promise<OpenFile> {
  const machine = machineOf(deps, file);
  if (machine?.state !== 'ready' || file.folder === undefined) return file;
  const work = await deps.runs.remoteFolder(machine.id, '', new AbortController().signal);
  return file.folder === work ? { ...file, folder: projectIn(work, file.path) } : file;
}

async function reported(deps: RunCommandDeps, instance: FleetInstance | undefined, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    await reportError(deps, error, instance === undefined ? {} : { provider: instance.provider });
  }
}

export type ChooseRunDeps = Pick<RunCommandDeps, 'dialogs' | 'fleet' | 'voice' | 'now'> & { readonly runs: Pick<RunCommandDeps['runs'], 'of'> };

/** The run that a line stands for; without one, a person picks among those that allow it. */
export async function chooseRun({ dialogs, fleet, runs, voice, now }: ChooseRunDeps, argument: unknown, which: Able): Promise<Chosen | undefined> {
  const { t } = voice;
  const named = runOfNode(argument);
  const able = fleet.instances.flatMap((instance) => runs.of(instance.alias ?? '').map((record): Chosen => ({ instance, record })))
    .filter(({ instance, record: { run } }) => which === 'any' || (instance.state === 'ready' && (which === 'reach' || isLive(run))));
  const choices = named === undefined ? able : able.filter(({ instance, record }) => instance.id === named.instance && record.run.id === named.run);
  if (choices.length === 0) {
    await dialogs.notify({ level: 'info', text: t('No run allows that now.'), buttons: [] });
    return undefined;
  }
  if (choices.length === 1) return choices[0];
  const chosen = await dialogs.pick({
    title: t('Runs'),
    placeholder: t('Which run?'),
    choices: choices.map((value) => {
      const { label, description } = runRow(value.record, value.instance, now(), voice);
      return { label, ...(description === undefined ? {} : { description }), value };
    }),
  });
  return chosen === goBack ? undefined : chosen;
}
