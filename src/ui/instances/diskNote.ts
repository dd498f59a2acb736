import { chargeFor, formatUsd } from '../../domain/money.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Meter } from '../../services/meter.ts';
import type { Once } from '../../services/once.ts';
import type { Dialogs, Note } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Voice } from '../voice.ts';
import { duration, rateAndMonth } from '../words.ts';
import { nameOf } from './instanceRow.ts';

const dayMs = 24 * 3_600_000;
/** A disk that nobody comes back to is brought to mind this many days after its machine stopped. */
const remindAfter = [30, 7, 3, 1] as const;

export function diskNote(instance: FleetInstance, stoppedMs: number, { t }: Voice): Note<'start' | 'destroy'> {
  const { burn } = instance;
  return {
    level: 'warning',
    text: t('{0} has been stopped for {1}. Its disk costs {2}, {3} since then, and goes on until you destroy it.', nameOf(instance), duration(Math.floor(stoppedMs / dayMs) * dayMs, t), rateAndMonth(burn, t), formatUsd(chargeFor(burn, stoppedMs))),
    buttons: [{ id: 'start', label: t('Start') }, { id: 'destroy', label: t('Destroy') }],
  };
}

export interface DiskDeps {
  readonly fleet: Pick<Fleet, 'instances' | 'acts' | 'onDidChange'>;
  readonly meter: Pick<Meter, 'costsSince'>;
  readonly once: Once;
  readonly now: () => number;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

/** In the window that acts, and each time once. */
export function watchDisks({ fleet, meter, once, now, dialogs, editor, voice, report }: DiskDeps): Disposable {
  const tell = async (instance: FleetInstance, stoppedMs: number): Promise<void> => {
    const answer = await dialogs.notify(diskNote(instance, stoppedMs, voice));
    if (answer !== undefined) await editor.run(`gpuRental.instance.${answer}`, instance.id);
  };
  return fleet.onDidChange(() => {
    for (const instance of fleet.instances) {
      const { id, ours, state, burn, provider } = instance;
      const since = ours && state === 'stopped' && burn > 0 && fleet.acts(provider) ? meter.costsSince(id) : undefined;
      if (since === undefined) continue;
      const days = remindAfter.find((step) => now() - since >= step * dayMs);
      if (days !== undefined && once.first(`disk/${id}/${since}`, days)) tell(instance, now() - since).catch(report);
    }
  });
}
