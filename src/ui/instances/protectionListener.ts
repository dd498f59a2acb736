import type { Disposable } from '../../domain/ports.ts';
import type { InstanceId } from '../../domain/instance.ts';
import type { GuardEnds } from '../../services/guardEnds.ts';
import type { Runs } from '../../services/runs.ts';
import type { GuardWarning, Protection } from '../../services/protection.ts';
import type { CommandId } from '../commandIds.ts';
import type { Dialogs, Note } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Voice } from '../voice.ts';
import { foundNote, graceNote, keptNote, lossNote, unheardNote, type ProtectionAnswer } from './protectionNotes.ts';

export interface ProtectionListenerDeps {
  readonly protection: Pick<Protection, 'onDidLose' | 'onDidWarn' | 'onDidMiss' | 'tell'>;
  readonly guardEnds: Pick<GuardEnds, 'onDidFind'>;
  readonly runs: Pick<Runs, 'keepMachine'>;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly now: () => number;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

const commandOf: Readonly<Record<Exclude<ProtectionAnswer, 'instances' | 'keep'>, CommandId>> = {
  extend: 'gpuRental.instance.extendLease',
  raise: 'gpuRental.instance.setBudget',
  stop: 'gpuRental.instance.stop',
  start: 'gpuRental.instance.start',
  destroy: 'gpuRental.instance.destroy',
};

/** "Keep it running" leaves idleness alone for as long as it may last, an hour at least. */
const leastHoldMs = 3_600_000;

/** Brings what the guards do before a person. */
export function listenToProtection({ protection, guardEnds, runs, dialogs, editor, now, voice, report }: ProtectionListenerDeps): Disposable {
  const ask = async (note: Note<ProtectionAnswer>, id: InstanceId): Promise<boolean> => {
    const answer = await dialogs.notify(note);
    if (answer === 'instances') await editor.showView('gpuRental.instances');
    else if (answer !== undefined && answer !== 'keep') await editor.run(commandOf[answer], id);
    return answer === 'keep';
  };
  const warn = async (warning: GuardWarning): Promise<void> => {
    const { instance } = warning;
    if (!(await ask(graceNote(warning, voice), instance.id))) return;
    await ask(keptNote(instance, await keep(warning), voice), instance.id);
  };
  const keep = async ({ instance, reason }: GuardWarning): Promise<string> => {
    const { signal } = new AbortController();
    if (reason === 'run') return (await runs.keepMachine(instance.id, signal)) ? 'heard' : 'unreachable';
    return protection.tell(instance.id, signal, Math.max(leastHoldMs, instance.limits?.idleMs ?? 0));
  };
  const subscriptions = [
    protection.onDidLose((lost) => void ask(lossNote(lost, now(), voice), lost.instance.id).catch(report)),
    protection.onDidMiss((missed) => void ask(unheardNote(missed, now(), voice), missed.instance.id).catch(report)),
    protection.onDidWarn((warning) => void warn(warning).catch(report)),
    guardEnds.onDidFind((found) => void ask(foundNote(found, now(), voice), found.id).catch(report)),
  ];
  return { dispose: () => subscriptions.forEach((subscription) => subscription.dispose()) };
}
