import type { InstanceId } from '../../domain/instance.ts';
import type { ProviderId } from '../../domain/offer.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { PodPresence, PresenceChange } from '../../services/pod/presence.ts';
import type { Dialogs } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Voice } from '../voice.ts';
import type { PodEditor } from './podEditor.ts';
import { presenceNote } from './presenceNotes.ts';

export interface PresenceListenerDeps {
  readonly presence: Pick<PodPresence, 'onDidChange'>;
  readonly dialogs: Dialogs;
  readonly editor: Pick<Editor, 'run' | 'showView'>;
  readonly voice: Voice;
  readonly pod: Pick<PodEditor, 'refreshExplorer'>;
  /** Whether this window is the one that looks into what ended machines of that provider, and tells it. */
  readonly explains: (provider: ProviderId) => boolean;
  /** Finds out where it is now, and tells what is wrong when it does not answer. */
  readonly reconnect: (instance: FleetInstance) => Promise<void>;
  readonly report: (error: unknown) => void;
}

export interface PresenceListener extends Disposable {
  tell(change: Pick<PresenceChange, 'name' | 'now' | 'instance'>): Promise<void>;
  /** Something of that machine could not be shown, and stands empty until it is asked for again. */
  missing(alias: string): void;
}

/** Says of a machine that goes, once for each time; one that comes back is shown and not told. */
export function listenToPresence({ presence, dialogs, editor, voice, pod, explains, reconnect, report }: PresenceListenerDeps): PresenceListener {
  const missing = new Set<string>();

  async function tell(change: Pick<PresenceChange, 'name' | 'now' | 'instance'>): Promise<void> {
    const note = presenceNote(change, voice);
    const answer = note && (await dialogs.notify(note));
    if (answer === 'instances') await editor.showView('gpuRental.instances');
    if (answer === 'start') await editor.run('gpuRental.instance.start', change.instance?.id satisfies InstanceId | undefined);
    if (answer === 'reconnect' && change.instance !== undefined) await reconnect(change.instance);
  }

  const heard = async (change: PresenceChange): Promise<void> => {
    if (change.now !== 'here') return isExplained(change, explains) ? undefined : tell(change);
    if (missing.delete(change.alias)) await pod.refreshExplorer();
  };
  const listening = presence.onDidChange((change) => void heard(change).catch(report));
  return { tell, missing: (alias) => void missing.add(alias), dispose: () => listening.dispose() };
}

/** A machine whose guard was heard: why it ended is told in a moment, by whoever looks into that. */
const isExplained = ({ now, instance }: PresenceChange, explains: PresenceListenerDeps['explains']): boolean =>
  instance?.guard?.status !== undefined && explains(instance.provider) && (now === 'gone' || (now === 'away' && instance.state === 'stopped' && !instance.outbid));
