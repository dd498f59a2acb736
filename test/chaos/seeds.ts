export interface Seed {
  readonly schedule: number;
  readonly was: string;
  /** It still does. */
  readonly open?: true;
}

/**
 * Days that once cost somebody something, and what they cost. What a number stands for changes with schedule.ts: these
 * were found before its last change, so they are further days now, and unit tests hold the faults that they name.
 */
export const seeds: readonly Seed[] = [
  { schedule: 1034, was: 'a machine that a list showed late was thrown away as unknown, and its charges were dropped' },
  { schedule: 2046, was: 'the same, with the window open all the time' },
  { schedule: 1163, was: 'a clock set forward made a machine seem to have run an hour longer' },
  { schedule: 1174, was: 'a machine whose image could not be pulled burned past its lease, because nothing stops what has failed' },
  { schedule: 5_000_014, was: 'the second machine of one create was ended and shown as billing for ever' },
  { schedule: 7_000_126, was: 'a machine that its guard ended while the laptop slept was charged until the laptop woke, for no bill says that an hour cost nothing' },
  { schedule: 5_000_122, was: 'the same, with the machine that was shown ready' },
];
