/** One bad day, fully determined by its seed. Times are milliseconds from its beginning. */
import { createRandom, type Random } from '../../src/practice/random.ts';
import type { FaultName, Provider } from '../../src/practice/faults.ts';
import type { Deed } from './evidence.ts';
import type { Outage } from './weather.ts';

export type Happening =
  | { readonly do: 'open' | 'close' | 'crash'; readonly window: number }
  /** Dies at its n-th call to the outside from now. */
  | { readonly do: 'doom'; readonly window: number; readonly calls: number }
  | { readonly do: 'freeze' | 'diskFull'; readonly window: number; readonly ms: number }
  /** Hangs once its n-th request from now has left. */
  | { readonly do: 'stall'; readonly window: number; readonly requests: number; readonly ms: number }
  | { readonly do: 'sleep' | 'offline'; readonly ms: number }
  | { readonly do: 'setClock'; readonly skewMs: number }
  | { readonly do: 'rent'; readonly windows: readonly number[]; readonly gapMs: number; readonly offer: number; readonly budgetUsd: number; readonly leaseMinutes: number }
  | { readonly do: 'cancel'; readonly window: number }
  | { readonly do: Deed; readonly window: number; readonly pick: number }
  | { readonly do: 'renew'; readonly window: number; readonly pick: number; readonly leaseMinutes: number }
  | { readonly do: 'setBudget'; readonly window: number; readonly pick: number; readonly budgetUsd: number }
  | { readonly do: 'faults'; readonly faults: Readonly<Record<string, number>>; readonly ms: number }
  | { readonly do: 'outage'; readonly provider: Provider; readonly how: Outage; readonly ms: number }
  | { readonly do: 'revokeKey'; readonly provider: Provider; readonly ms: number }
  | { readonly do: 'lag'; readonly provider: Provider; readonly lagMs: number; readonly ms: number }
  /** Most lists, and some looks at one machine, come so much later than they were true. */
  | { readonly do: 'late'; readonly provider: Provider; readonly lateMs: number; readonly ms: number }
  | { readonly do: 'doubleCreate' };

export type Timed = Happening & { readonly at: number };

export type Accounts = readonly [Provider, ...Provider[]];

export interface Schedule {
  readonly seed: number;
  readonly windows: number;
  /** Where people have an account. */
  readonly accounts: Accounts;
  readonly offers: number;
  readonly creditUsd: number;
  readonly foreign: number;
  readonly happenings: readonly Timed[];
  /** When the bad day is over: the sky clears, and the ending begins. */
  readonly endsAt: number;
  /** `watched`: a window is there in the end. `abandoned`: none ever opens again. `settled`: watched, everything is destroyed, and the books are compared days later. */
  readonly ending: 'watched' | 'abandoned' | 'settled';
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const leases: readonly [number, ...number[]] = [4, 8, 15, 30, 60, 240];
const budgets: readonly [number, ...number[]] = [0.01, 0.04, 0.2, 1, 5];

/** What a day is about: a machine that is being made, one that somebody works on, or anything. */
type Theme = 'birth' | 'life' | 'any';

interface Day {
  readonly theme: Theme;
  readonly accounts: Accounts;
  readonly windows: number;
  readonly length: number;
}

export function makeSchedule(seed: number): Schedule {
  const random = createRandom(`chaos/${seed}`);
  const theme = random.weighted<Theme>([['birth', 4], ['life', 5], ['any', 3]]);
  const day: Day = {
    theme,
    accounts: random.weighted<Accounts>([[['vast'], 2], [['runpod'], 2], [['vast', 'runpod'], 3]]),
    windows: random.weighted([[1, 4], [2, 5], [3, 1]]),
    length: (theme === 'birth' ? random.pick([2, 3, 4]) : random.pick([4, 5, 6])) * minute,
  };
  const happenings = [...opening(random, day), ...rents(random, day), ...deeds(random, day), ...troubles(random, day), ...lives(random, day)]
    .toSorted((a, b) => a.at - b.at);
  return {
    seed,
    windows: day.windows,
    accounts: day.accounts,
    offers: 6,
    creditUsd: random.weighted([[25, 9], [1, 1]]),
    foreign: random.integer(0, 2),
    happenings,
    endsAt: Math.max(day.length, ...happenings.map(({ at, ...what }) => at + ('ms' in what ? what.ms : 0))) + 10 * second,
    ending: random.weighted([['watched', 5], ['abandoned', 3], ['settled', 2]]),
  };
}

function opening(random: Random, { windows, length }: Day): Timed[] {
  return Array.from({ length: windows }, (_, window) => ({ at: window === 0 ? 0 : random.integer(0, length / 2), do: 'open', window }));
}

function rents(random: Random, day: Day): Timed[] {
  const { windows, length } = day;
  const count = random.weighted([[1, 6], [2, 3], [3, 1]]);
  return Array.from({ length: count }, (_, index): Timed[] => {
    const at = index === 0 ? random.integer(2, 20) * second : random.integer(2 * second, length * 0.7);
    const window = index === 0 ? 0 : random.integer(0, windows - 1);
    const other = (window + 1) % windows;
    const clicks = random.weighted<readonly number[]>([[[window], 6], [[window, window], 2], [[window, other], 2]]);
    const rent: Timed = {
      at, do: 'rent', windows: clicks, gapMs: random.integer(0, 50), offer: random.integer(0, 999),
      budgetUsd: random.pick(budgets), leaseMinutes: random.pick(leases),
    };
    return random.weighted<() => Timed[]>([
      [() => [rent], 14],
      [() => [rent, ...calledOff(random, day, at + random.integer(1, 120) * second, window)], 3],
      [() => [rent, ...changedMind(random, day, at + random.integer(10, 70) * second, random.pick([window, other]))], 3],
    ])();
  }).flat();
}

function calledOff(random: Random, day: Day, at: number, window: number): Timed[] {
  return [{ at, do: 'cancel', window }, ...(random.chance(0.3) ? [lateWords(random, day, at)] : [])];
}

/** It is to go, or to stop, before it was ever ready; whoever waits for it goes on looking. */
function changedMind(random: Random, day: Day, at: number, window: number): Timed[] {
  const trouble = random.chance(0.5) ? [lateWords(random, day, at)] : hindrance(random, day, at, window);
  return [{ at, do: random.weighted([['destroy', 3], ['stop', 1]]), window, pick: 0 }, ...trouble];
}

function deeds(random: Random, day: Day): Timed[] {
  const { theme, windows, length } = day;
  const count = { birth: random.integer(0, 1), life: random.integer(1, 3), any: random.integer(0, 3) }[theme];
  return Array.from({ length: count }, (): Timed[] => {
    // A machine needs a minute or two before there is anything to ask of it.
    const at = random.integer(Math.round(length * (theme === 'life' ? 0.35 : random.pick([0.2, 0.6]))), length);
    const window = random.integer(0, windows - 1);
    const pick = random.integer(0, 5);
    return random.weighted<() => Timed[]>([
      [() => [{ at, do: 'stop', window, pick }, ...hindrance(random, day, at, window)], 4],
      [() => toAndFro(random, day, at), 3],
      [() => overNoon(random, at, window), 2],
      [() => [{ at, do: 'start', window, pick }], 1],
      [() => [{ at, do: 'destroy', window, pick }, ...hindrance(random, day, at, window)], 4],
      [() => [{ at, do: 'renew', window, pick, leaseMinutes: random.pick(leases) }], 2],
      [() => [{ at, do: 'setBudget', window, pick, budgetUsd: random.pick(budgets) }], 1],
    ])();
  }).flat();
}

/** Stopped for an hour or so, and started again: its time goes on, its use does not. */
function overNoon(random: Random, at: number, window: number): Timed[] {
  const ms = random.integer(20, 100) * minute;
  const started = at + 30 * second + ms;
  return [
    { at, do: 'stop', window, pick: 0 }, { at: at + 25 * second, do: 'sleep', ms }, { at: started, do: 'start', window, pick: 0 },
    ...(random.chance(0.5) ? [{ at: started + random.integer(60, 120) * second, do: 'crash', window } as const] : []),
  ];
}

/** Stopped, started, and stopped again while nothing can be reached; another window may hang with what it saw between. */
function toAndFro(random: Random, { windows }: Day, at: number): Timed[] {
  const [window, other] = [0, 1];
  const started = at + random.integer(30, 50) * second;
  const ended = started + random.integer(30, 60) * second;
  const thawed = ended + random.integer(5, 25) * second;
  const from = started - 18 * second;
  return [
    { at, do: 'stop', window, pick: 0 }, { at: started, do: 'start', window, pick: 0 },
    { at: ended - second, do: 'offline', ms: random.integer(20, 180) * second }, { at: ended, do: 'stop', window, pick: 0 },
    ...(windows === 1 ? [] : [{ at: from, do: 'stall', window: other, requests: random.integer(1, 2), ms: thawed - from } as const]),
  ];
}

/** A wish that cannot be carried out at once, in a window that may not live to see it done. */
function hindrance(random: Random, day: Day, at: number, window: number): Timed[] {
  if (random.chance(0.4)) return [];
  const ms = random.integer(10 * second, 6 * minute);
  const before = Math.max(0, at - second);
  const provider = random.pick(day.accounts);
  const trouble = random.weighted<Timed>([
    [{ at: before, do: 'offline', ms }, 2],
    [{ at: before, do: 'outage', provider, how: 'refusing', ms }, 2],
    [lateWords(random, day, at), 2],
    [{ at: before, do: 'faults', faults: { [random.pick(['two-factor', 'destroy-lies', 'server-error'])]: 1 }, ms }, 3],
  ]);
  const death: Timed[] = random.chance(0.5) ? [{ at: at + random.pick([random.integer(3, 15), random.integer(15, 90)]) * second, do: 'crash', window }] : [];
  return [trouble, ...death];
}

/** From a little before on, what is asked of a provider is answered with what was. */
const lateWords = (random: Random, { accounts }: Day, at: number): Timed => ({
  at: Math.max(0, at - random.integer(1, 20) * second), do: 'late', provider: random.pick(accounts), lateMs: lateness(random), ms: random.integer(30, 240) * second,
});

/** A request is given up after thirty seconds. */
const lateness = (random: Random): number => random.integer(10, 28) * second;

/** Faults that come with one create, and those of a provider in trouble. */
const momentary: readonly [FaultName, ...FaultName[]] = [
  'create-timeout-before', 'create-timeout-after', 'create-500-after', 'phantom-create', 'new-contract-error', 'offer-gone', 'no-capacity',
  'no-credit', 'bad-image', 'ssh-late', 'host-key-changes', 'price-higher', 'start-queued',
];
const lasting: readonly [FaultName, ...FaultName[]] = [
  'html', 'half-json', 'rate-limit', 'list-empty', 'list-truncated', 'server-error', 'slow', 'flicker', 'destroy-lies', 'outbid', 'two-factor',
];

function troubles(random: Random, { theme, accounts, length }: Day): Timed[] {
  const born = theme === 'birth';
  return Array.from({ length: random.weighted([[0, 1], [1, 3], [2, 4], [4, 3]]) }, (): Timed => {
    // What goes wrong for a machine that runs goes wrong once it does.
    const at = theme === 'life' ? random.integer(Math.round(length * 0.25), length) : random.chance(0.4) ? 0 : random.integer(0, length);
    const ms = Math.round(random.pick([20 * second, minute, 3 * minute, 6 * minute]) * random.between(0.5, 1));
    const provider = random.pick(accounts);
    return random.weighted<() => Timed>([
      [() => ({ at: born ? 0 : at, do: 'faults', faults: { [random.pick(momentary)]: random.pick([0.5, 1]) }, ms: Math.max(ms, 2 * minute) }), born ? 8 : 2],
      [() => ({ at, do: 'faults', faults: { [random.pick(lasting)]: random.pick([0.1, 0.4, 0.9]), [random.pick(lasting)]: random.pick([0, 0.3]) }, ms }), 5],
      [() => ({ at, do: 'faults', faults: { [random.pick(['list-empty', 'list-truncated'])]: random.pick([0.5, 1]) }, ms }), born ? 1 : 3],
      [() => ({ at, do: 'outage', provider, how: random.chance(0.5) ? 'silent' : 'refusing', ms }), 2],
      [() => ({ at, do: 'revokeKey', provider, ms }), 1],
      [() => ({ at: 0, do: 'lag', provider, lagMs: random.integer(5, 300) * second, ms: length }), born ? 3 : 1],
      [() => ({ at, do: 'late', provider, lateMs: lateness(random), ms }), 2],
      [() => ({ at, do: 'offline', ms }), 2],
      [() => ({ at: 0, do: 'doubleCreate' }), born ? 2 : 0],
    ])();
  });
}

function lives(random: Random, { windows, length }: Day): Timed[] {
  return Array.from({ length: random.weighted([[0, 2], [1, 4], [2, 3], [3, 2]]) }, (): Timed[] => {
    const at = random.integer(second, length);
    const window = random.integer(0, windows - 1);
    const reopened: Timed[] = random.chance(0.7) ? [{ at: at + random.integer(second, 6 * minute), do: 'open', window }] : [];
    return random.weighted<() => Timed[]>([
      // Few calls are made between one click and the next, so most dooms come soon.
      [() => [{ at: random.chance(0.7) ? random.integer(0, 30) * second : at, do: 'doom', window, calls: Math.round(2 ** random.between(0, 7)) }, ...reopened], 6],
      [() => [{ at, do: 'crash', window }, ...reopened], 1],
      [() => [{ at, do: 'close', window }, ...reopened], 2],
      [() => [{ at, do: 'sleep', ms: Math.round(random.pick([minute, 20 * minute, 3 * hour, 30 * hour]) * random.between(0.5, 1)) }], 2],
      [() => [{ at, do: 'freeze', window, ms: random.integer(5 * second, 6 * minute) }], 1],
      [() => [{ at, do: 'stall', window, requests: random.integer(1, 4), ms: random.integer(5 * second, 3 * minute) }], 2],
      [() => [{ at, do: 'setClock', skewMs: random.integer(-hour, hour) }], 2],
      [() => [{ at: random.chance(0.5) ? 0 : at, do: 'diskFull', window, ms: random.integer(5 * second, 4 * minute) }], 1],
    ])();
  }).flat();
}
