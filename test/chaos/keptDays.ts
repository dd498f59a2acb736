import type { Schedule } from './schedule.ts';

export interface KeptDay {
  /** What it cost somebody once. */
  readonly was: string;
  readonly schedule: Schedule;
}

/** Whole, because the number of a day stands for another one whenever schedule.ts changes. */
export const keptDays: readonly KeptDay[] = [
  {
    was: 'a renewal in the first second of a machine began with 0, its guard took it for nobody, and ended what was in use',
    schedule: {
      seed: 9000200, windows: 2, accounts: ['vast', 'runpod'], offers: 6, creditUsd: 25, foreign: 2, endsAt: 8950626, ending: 'watched',
      happenings: [
        { at: 0, do: 'open', window: 0 },
        { at: 0, do: 'faults', faults: { 'two-factor': 0.1, 'list-truncated': 0 }, ms: 59154 },
        { at: 1594, do: 'open', window: 1 },
        { at: 3000, do: 'doom', window: 1, calls: 4 },
        { at: 16000, do: 'rent', windows: [0, 0], gapMs: 35, offer: 156, budgetUsd: 1, leaseMinutes: 240 },
        { at: 31000, do: 'stop', window: 1, pick: 0 },
        { at: 45172, do: 'rent', windows: [1], gapMs: 49, offer: 194, budgetUsd: 0.04, leaseMinutes: 15 },
        { at: 68192, do: 'sleep', ms: 8872434 },
        { at: 76291, do: 'crash', window: 1 },
        { at: 91708, do: 'offline', ms: 57713 },
        { at: 137552, do: 'open', window: 1 },
      ],
    },
  },
  {
    was: 'a pod that failed when it was started again burned for ever, for RunPod stops no such pod',
    schedule: {
      seed: 31000040, windows: 2, accounts: ['runpod'], offers: 6, creditUsd: 25, foreign: 2, endsAt: 378581, ending: 'watched',
      happenings: [
        { at: 0, do: 'open', window: 0 },
        { at: 0, do: 'late', provider: 'runpod', lateMs: 20000, ms: 31741 },
        { at: 0, do: 'faults', faults: { 'list-empty': 0.5 }, ms: 45973 },
        { at: 0, do: 'diskFull', window: 1, ms: 220490 },
        { at: 19000, do: 'rent', windows: [0], gapMs: 8, offer: 586, budgetUsd: 0.01, leaseMinutes: 240 },
        { at: 105522, do: 'open', window: 1 },
        { at: 143946, do: 'rent', windows: [0], gapMs: 11, offer: 989, budgetUsd: 0.04, leaseMinutes: 30 },
        { at: 204033, do: 'stop', window: 0, pick: 2 },
        { at: 231886, do: 'stop', window: 0, pick: 5 },
        { at: 248581, do: 'faults', faults: { 'bad-image': 1 }, ms: 120000 },
        { at: 268861, do: 'start', window: 0, pick: 0 },
        { at: 333302, do: 'faults', faults: { html: 0.9, slow: 0.3 }, ms: 13570 },
      ],
    },
  },
  {
    was: 'a list that left before a machine was made was held against it: it was called gone at the first look, and came back',
    schedule: {
      seed: 81000197, windows: 3, accounts: ['runpod'], offers: 6, creditUsd: 25, foreign: 1, endsAt: 503395, ending: 'watched',
      happenings: [
        { at: 0, do: 'open', window: 0 },
        { at: 0, do: 'doubleCreate' },
        { at: 18687, do: 'rent', windows: [1], gapMs: 38, offer: 820, budgetUsd: 0.01, leaseMinutes: 8 },
        { at: 19000, do: 'rent', windows: [0, 0], gapMs: 38, offer: 897, budgetUsd: 1, leaseMinutes: 8 },
        { at: 22000, do: 'late', provider: 'runpod', lateMs: 22000, ms: 200000 },
        { at: 27857, do: 'open', window: 1 },
        { at: 28000, do: 'doom', window: 2, calls: 28 },
        { at: 29000, do: 'cancel', window: 0 },
        { at: 29000, do: 'doom', window: 2, calls: 7 },
        { at: 53763, do: 'open', window: 2 },
        { at: 64810, do: 'rent', windows: [1], gapMs: 7, offer: 867, budgetUsd: 0.04, leaseMinutes: 240 },
        { at: 108687, do: 'cancel', window: 1 },
        { at: 171460, do: 'start', window: 2, pick: 0 },
        { at: 187779, do: 'faults', faults: { slow: 0 }, ms: 282918 },
        { at: 493395, do: 'open', window: 2 },
      ],
    },
  },
];
