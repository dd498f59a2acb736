import type { InstanceId } from '../../domain/instance.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Meter } from '../../services/meter.ts';
import type { Once } from '../../services/once.ts';
import type { TellOutbidDeps } from './outbidNote.ts';

export interface OutbidDeps extends TellOutbidDeps {
  readonly fleet: Pick<Fleet, 'instances' | 'acts' | 'onDidChange'>;
  readonly meter: Pick<Meter, 'costsSince'>;
  readonly once: Once;
  readonly report: (error: unknown) => void;
}

/** The market stops a machine without a word: it is said once each time, in the window that acts. */
export function watchOutbids(deps: OutbidDeps): Disposable {
  const { fleet, meter, once, report } = deps;
  // What is said is read when it has to be: most windows never see it happen.
  const tell = async (instance: FleetInstance): Promise<void> => (await import('./outbidNote.ts')).tellOutbid(deps, instance);
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
