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
  {
    was: 'the price for the second of two clicks came after the clock had been set, and a second machine was rented',
    schedule: {
      seed: 12004666, windows: 2, accounts: ['runpod'], offers: 6, creditUsd: 25, foreign: 0, endsAt: 3051079, ending: 'watched',
      happenings: [
        { at: 0, do: 'open', window: 0 },
        { at: 0, do: 'late', provider: 'runpod', lateMs: 21000, ms: 255653 },
        { at: 0, do: 'faults', faults: { 'list-empty': 1 }, ms: 46805 },
        { at: 0, do: 'faults', faults: { 'list-empty': 0.5 }, ms: 48706 },
        { at: 2000, do: 'rent', windows: [0], gapMs: 15, offer: 37, budgetUsd: 0.04, leaseMinutes: 240 },
        { at: 66248, do: 'rent', windows: [1, 1], gapMs: 31, offer: 397, budgetUsd: 0.2, leaseMinutes: 60 },
        { at: 73321, do: 'open', window: 1 },
        { at: 155899, do: 'rent', windows: [0, 1], gapMs: 5, offer: 494, budgetUsd: 0.2, leaseMinutes: 60 },
        { at: 160403, do: 'setClock', skewMs: 1531573 },
        { at: 251079, do: 'stop', window: 1, pick: 0 },
        { at: 276079, do: 'sleep', ms: 2760000 },
        { at: 295010, do: 'late', provider: 'runpod', lateMs: 12000, ms: 14736 },
        { at: 296250, do: 'crash', window: 1 },
        { at: 493825, do: 'open', window: 1 },
        { at: 3041079, do: 'start', window: 1, pick: 0 },
      ],
    },
  },
  {
    was: 'the price for the second of two clicks came after the machine of the first had been stopped, and a second one was rented',
    schedule: {
      seed: 41003382, windows: 1, accounts: ['runpod'], offers: 6, creditUsd: 25, foreign: 0, endsAt: 120000, ending: 'watched',
      happenings: [
        { at: 0, do: 'open', window: 0 },
        { at: 4000, do: 'late', provider: 'runpod', lateMs: 20000, ms: 60000 },
        { at: 5000, do: 'rent', windows: [0, 0], gapMs: 5, offer: 780, budgetUsd: 1, leaseMinutes: 15 },
        { at: 16000, do: 'stop', window: 0, pick: 0 },
      ],
    },
  },
  {
    was: 'the second machine of one create took the place of the first in the journal, and the first was shown for ever after its end',
    schedule: {
      seed: 211000121, windows: 2, accounts: ['runpod'], offers: 6, creditUsd: 25, foreign: 1, endsAt: 330185, ending: 'settled',
      happenings: [
        { at: 0, do: 'open', window: 0 },
        { at: 0, do: 'faults', faults: { 'bad-image': 1 }, ms: 229492 },
        { at: 0, do: 'doubleCreate' },
        { at: 2000, do: 'rent', windows: [0], gapMs: 2, offer: 365, budgetUsd: 5, leaseMinutes: 30 },
        { at: 3000, do: 'cancel', window: 0 },
        { at: 3523, do: 'stall', window: 1, requests: 1, ms: 140916 },
        { at: 4229, do: 'revokeKey', provider: 'runpod', ms: 178810 },
        { at: 20000, do: 'doom', window: 0, calls: 58 },
        { at: 44432, do: 'late', provider: 'runpod', lateMs: 24000, ms: 151339 },
        { at: 75263, do: 'open', window: 1 },
        { at: 181052, do: 'open', window: 0 },
        { at: 204516, do: 'outage', provider: 'runpod', how: 'refusing', ms: 115669 },
        { at: 205516, do: 'stop', window: 1, pick: 1 },
        { at: 270516, do: 'crash', window: 1 },
      ],
    },
  },
  {
    was: 'lists that had lacked a machine counted as looks at its own address: it was called gone too early, and came back',
    schedule: {
      seed: 311000191, windows: 2, accounts: ['vast', 'runpod'], offers: 6, creditUsd: 25, foreign: 0, endsAt: 470230, ending: 'watched',
      happenings: [
        { at: 0, do: 'open', window: 0 },
        { at: 0, do: 'lag', provider: 'vast', lagMs: 105000, ms: 360000 },
        { at: 17000, do: 'rent', windows: [0, 1], gapMs: 11, offer: 226, budgetUsd: 0.2, leaseMinutes: 4 },
        { at: 20000, do: 'doom', window: 1, calls: 19 },
        { at: 87369, do: 'open', window: 1 },
        { at: 233122, do: 'faults', faults: { 'list-truncated': 0.5 }, ms: 227108 },
        { at: 296783, do: 'stall', window: 1, requests: 1, ms: 145975 },
        { at: 301961, do: 'destroy', window: 1, pick: 4 },
        { at: 307886, do: 'start', window: 1, pick: 2 },
      ],
    },
  },
  {
    was: 'a list that came late set the time back by what it was late: the next look seemed to be half a minute after the last',
    schedule: {
      seed: 311000345, windows: 1, accounts: ['vast', 'runpod'], offers: 6, creditUsd: 25, foreign: 2, endsAt: 3265906, ending: 'watched',
      happenings: [
        { at: 0, do: 'open', window: 0 },
        { at: 3000, do: 'rent', windows: [0, 0], gapMs: 44, offer: 161, budgetUsd: 0.2, leaseMinutes: 30 },
        { at: 77092, do: 'rent', windows: [0, 0], gapMs: 26, offer: 17, budgetUsd: 0.04, leaseMinutes: 60 },
        { at: 87092, do: 'late', provider: 'runpod', lateMs: 25000, ms: 32000 },
        { at: 100000, do: 'cancel', window: 0 },
        { at: 105092, do: 'destroy', window: 0, pick: 0 },
        { at: 214211, do: 'stall', window: 0, requests: 3, ms: 174658 },
        { at: 228906, do: 'stop', window: 0, pick: 0 },
        { at: 253906, do: 'sleep', ms: 2880000 },
        { at: 294266, do: 'faults', faults: { 'two-factor': 0.1, outbid: 0 }, ms: 36062 },
        { at: 328127, do: 'late', provider: 'vast', lateMs: 26000, ms: 80000 },
        { at: 329127, do: 'destroy', window: 0, pick: 3 },
        { at: 335127, do: 'crash', window: 0 },
        { at: 3138906, do: 'start', window: 0, pick: 0 },
        { at: 3255906, do: 'crash', window: 0 },
      ],
    },
  },
];
