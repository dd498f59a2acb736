import type { Disposable } from '../../domain/ports.ts';
import type { RunEnded } from '../../services/runBook.ts';
import type { Runs } from '../../services/runs.ts';
import type { CommandId } from '../commandIds.ts';
import type { Dialogs, Note } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { instanceNode } from '../instances/instancesModel.ts';
import type { Voice } from '../voice.ts';
import { endedText } from './runWords.ts';

export interface RunListenerDeps {
  readonly runs: Pick<Runs, 'onDidEnd' | 'keepMachine'>;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

export type EndAnswer = 'download' | 'log' | 'keep';

const commandOf: Readonly<Record<Exclude<EndAnswer, 'keep'>, CommandId>> = { download: 'gpuRental.run.download', log: 'gpuRental.run.showLog' };

export function endedNote({ instance, run, cost }: RunEnded, voice: Voice): Note<EndAnswer> {
  const { t } = voice;
  return {
    level: run.exitCode === 0 || run.stopped ? 'info' : 'warning',
    text: endedText(nameOf(instance), run, cost, voice),
    buttons: [
      { id: 'download', label: t('Download results') },
      { id: 'log', label: t('Show log') },
      ...(run.afterwards === 'keep' || run.state === 'lost' ? [] : [{ id: 'keep' as const, label: t('Keep it running') }]),
    ],
  };
}

/** Tells how runs ended, with the way on beside it. */
export function listenToRuns({ runs, dialogs, editor, voice, report }: RunListenerDeps): Disposable {
  const tell = async (ended: RunEnded): Promise<void> => {
    const { instance, run } = ended;
    const answer = await dialogs.notify(endedNote(ended, voice));
    if (answer === 'keep') await runs.keepMachine(instance.id, new AbortController().signal);
    else if (answer !== undefined) await editor.run(commandOf[answer], `${instanceNode(instance)}/run/${run.id}`);
  };
  return runs.onDidEnd((ended) => void tell(ended).catch(report));
}
