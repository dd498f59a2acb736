import type { Offer } from './offer.ts';

/** What a rental is for, as far as choosing an offer needs to know it. */
export type JobUse = 'batch' | 'exploration' | 'production';

export interface Job {
  /** Of work on one machine like it, when nothing interrupts it. */
  readonly hours: number;
  readonly use: JobUse;
  /** Hours of work between two saves from which it can go on. Absent: an interruption loses all that was done. */
  readonly checkpointHours?: number;
  /** To be moved to the machine before it can begin, in GB. */
  readonly dataGb: number;
  /** Not to be run where a private host could read it. */
  readonly sensitive: boolean;
  /** The machine that the hours are of: on others they say nothing. Absent: the work takes as long on any. */
  readonly on?: Pick<Offer, 'gpu' | 'gpuCount'>;
  /** That each GPU has to have, in GB. */
  readonly vramGb?: number;
}
