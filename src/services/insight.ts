import type { FinishCost } from '../domain/filter.ts';
import type { HostIncident } from '../domain/hostMemory.ts';
import type { Insight, Standing } from '../domain/insight.ts';
import type { Offer } from '../domain/offer.ts';

export interface InsightSources {
  readonly hosts: { incidentOf(offer: Offer): HostIncident | undefined };
  /** Of the job that was named, where one was. */
  readonly finish?: FinishCost;
  /** Undefined until what the market showed was read. */
  readonly memory: () => { standingOf(offer: Offer): Standing | undefined } | undefined;
}

/** What is known of an offer from here: cheap to ask for every offer of a market. */
export const createInsight = ({ hosts, memory, finish }: InsightSources): Insight => (offer) => {
  const [standing, incident, cost] = [memory()?.standingOf(offer), hosts.incidentOf(offer), finish?.(offer)];
  return { ...(standing === undefined ? {} : { standing }), ...(incident === undefined ? {} : { incident }), ...(cost === undefined ? {} : { finish: cost }) };
};
