import { formatRate } from '../../domain/money.ts';
import type { InstanceId } from '../../domain/instance.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Meter } from '../../services/meter.ts';
import type { Once } from '../../services/once.ts';
import type { Dialogs, Note } from '../dialogs.ts';
import type { Editor } from '../editor.ts';
import type { Voice } from '../voice.ts';
import { rateAndMonth } from '../words.ts';
import { nameOf } from './instanceRow.ts';

export function outbidNote(instance: FleetInstance, { t }: Voice): Note<'instances' | 'destroy'> {
  const { burn, rates } = instance;
  return {
    level: 'warning',
    text: t('{0} was outbid, and what ran on it has stopped. Its disk goes on costing {1}. It starts again by itself, for {2}, when its bid is enough.', nameOf(instance), rateAndMonth(burn, t), formatRate(rates.running)),
    buttons: [{ id: 'instances', label: t('Show instances') }, { id: 'destroy', label: t('Destroy') }],
  };
}

export interface OutbidDeps {
  readonly fleet: Pick<Fleet, 'instances' | 'acts' | 'onDidChange'>;
  readonly meter: Pick<Meter, 'costsSince'>;
  readonly once: Once;
  readonly dialogs: Dialogs;
  readonly editor: Editor;
  readonly voice: Voice;
  readonly report: (error: unknown) => void;
}

/** The market stops a machine without a word: it is said once each time, in the window that acts. */
export function watchOutbids({ fleet, meter, once, dialogs, editor, voice, report }: OutbidDeps): Disposable {
  const tell = async (instance: FleetInstance): Promise<void> => {
    const answer = await dialogs.notify(outbidNote(instance, voice));
    if (answer === 'instances') await editor.showView('gpuRental.instances');
    if (answer === 'destroy') await editor.run('gpuRental.instance.destroy', instance.id);
  };
  // All windows know since when it costs no more than its disk, which tells one time from the next.
  const isNews = (id: InstanceId): boolean => {
    const since = meter.costsSince(id);
    return since !== undefined && once.first(`outbid/${id}`, since);
  };
  return fleet.onDidChange(() => {
    for (const instance of fleet.instances) {
      if (wasOutbid(instance) && fleet.acts(instance.provider) && isNews(instance.id)) tell(instance).catch(report);
    }
  });
}

/** One that never became ready is ended, and one that we start or stop has somebody who hears of it. */
const wasOutbid = ({ outbid, state, launch }: FleetInstance): boolean => outbid && state === 'stopped' && launch?.state === 'ready';
