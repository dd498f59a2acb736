import type { UsdPerHour } from '../../domain/money.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { CapEvent, Guard } from '../../services/guard.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { CommandId } from '../commandIds.ts';
import type { Dialogs, Note } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Voice } from '../voice.ts';
import { capSetting } from '../rent/raiseCap.ts';
import type { GuardAnswer } from './guardNotes.ts';

export interface GuardListenerDeps {
  readonly guard: Pick<Guard, 'onDidWarn' | 'onDidEnd' | 'onDidNearCap'>;
  /** What all machines cost now. */
  readonly burn: () => UsdPerHour;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly now: () => number;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

const commandOf: Readonly<Record<Exclude<GuardAnswer, 'instances'>, CommandId>> = {
  extend: 'gpuRental.instance.extendLease',
  raise: 'gpuRental.instance.setBudget',
  stop: 'gpuRental.instance.stop',
  start: 'gpuRental.instance.start',
  destroy: 'gpuRental.instance.destroy',
  console: 'gpuRental.instance.openConsole',
};

/** Brings the guard's warnings before a person, with the way on beside them. */
export function listenToGuard({ guard, burn, dialogs, editor, now, voice, report }: GuardListenerDeps): Disposable {
  // What is said is read when there is something to say.
  const notes = () => import('./guardNotes.ts');
  const tell = async (note: (say: Awaited<ReturnType<typeof notes>>) => Note<GuardAnswer>, instance: FleetInstance): Promise<void> => {
    const answer = await dialogs.notify(note(await notes()));
    if (answer === 'instances') await editor.showView('gpuRental.instances');
    else if (answer !== undefined) await editor.run(commandOf[answer], instance.id);
  };
  const tellCap = async (event: CapEvent): Promise<void> => {
    switch (await dialogs.notify((await notes()).capNote(event, burn(), voice))) {
      case 'raiseCap':
        return editor.openSettings(capSetting(event.use.kind));
      case 'stop':
        return editor.run('gpuRental.instance.stop');
      case 'spend':
        return editor.run('gpuRental.spend.show');
      case 'instances':
        return editor.showView('gpuRental.instances');
      case undefined:
    }
  };
  const subscriptions = [
    guard.onDidWarn((event) => void tell((say) => say.warnNote(event, now(), voice), event.instance).catch(report)),
    guard.onDidEnd((event) => void tell((say) => say.endNote(event, voice), event.instance).catch(report)),
    guard.onDidNearCap((event) => void tellCap(event).catch(report)),
  ];
  return { dispose: () => subscriptions.forEach((subscription) => subscription.dispose()) };
}
