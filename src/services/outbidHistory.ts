/** What this installation has lived through with interruptible machines: the one figure about them that nobody publishes. */
import type { OutbidHistory } from '../domain/bid.ts';
import type { Marks } from '../domain/store.ts';
import type { Fleet } from './fleet.ts';
import type { Meter } from './meter.ts';

export interface OutbidHistoryDeps {
  readonly meter: Pick<Meter, 'books'>;
  readonly fleet: Pick<Fleet, 'launchOf'>;
  readonly marks: Pick<Marks, 'highest'>;
}

const hourMs = 3_600_000;
const markOf = (launchId: string): string => `outbids/${launchId}`;

/** To be called once for each time, in the window that tells of it. */
export const countOutbid = (marks: Marks, launchId: string): boolean => marks.raise(markOf(launchId), (marks.highest(markOf(launchId)) ?? 0) + 1);

/** Hours in which it cost no more than its disk are hours in which nobody could take it away. */
export function outbidHistory({ meter, fleet, marks }: OutbidHistoryDeps): OutbidHistory {
  const launches = new Set<string>();
  let ms = 0;
  for (const { instanceId, from, to, rate } of meter.books().intervals) {
    const launch = fleet.launchOf(instanceId);
    if (launch?.quote.kind !== 'interruptible') continue;
    launches.add(launch.id);
    if (rate > launch.quote.rates.stopped) ms += to - from;
  }
  return { hours: ms / hourMs, times: [...launches].reduce((sum, id) => sum + (marks.highest(markOf(id)) ?? 0), 0) };
}
