/** Judges a bad day by the market's ledger: what existed and what it cost, against what people were promised. */
import { guardGraceMs, guardHookMs, guardTickMs } from '../../src/domain/guard.ts';
import { isOurLabel, type Launch } from '../../src/domain/launch.ts';
import type { Rental } from '../../src/practice/rental.ts';
import type { World } from '../../src/practice/world.ts';
import type { Ended } from './ending.ts';
import type { Evidence } from './evidence.ts';
import type { Schedule } from './schedule.ts';
import type { Weather } from './weather.ts';

export type ViolationKind = 'orphan' | 'doubleRent' | 'lostIntent' | 'foreignTouched' | 'spendError' | 'overBudget' | 'hung';

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /** The worst over the rentals whose books are closed. */
  readonly spendErrorUsd: number;
  readonly spendErrorPct: number;
  /** The worst over all rentals. */
  readonly overBudgetUsd: number;
}

export interface Case {
  readonly schedule: Schedule;
  readonly evidence: Evidence;
  readonly world: World;
  readonly weather: Weather;
  readonly ended: Ended;
}

/** From a limit to the end of a machine, with nothing in the way: grace, hook, two looks and the call itself. */
const boundMs = guardGraceMs + guardHookMs + 2 * guardTickMs + 60_000;

export function judge(given: Case): Verdict {
  const ours = given.world.rentals.all().filter(({ label }) => label !== null && isOurLabel(label, given.ended.install));
  const budgets = ours.map((rental) => overBudget(given, rental));
  const spends = settledOnes(given, ours).map((rental) => spendError(given, rental));
  return {
    violations: [
      ...ours.flatMap((rental) => orphan(given, rental)),
      ...doubleRents(given, ours),
      ...lostIntents(given, ours),
      ...given.evidence.foreign.map((detail): Violation => ({ kind: 'foreignTouched', detail })),
      ...given.evidence.uncaught.map((detail): Violation => ({ kind: 'hung', detail: `uncaught: ${detail}` })),
      ...spends.flatMap(({ violation }) => violation ?? []),
      ...budgets.flatMap(({ violation }) => violation ?? []),
    ],
    spendErrorUsd: Math.max(0, ...spends.map(({ usd }) => usd)),
    spendErrorPct: Math.max(0, ...spends.map(({ pct }) => pct)),
    overBudgetUsd: Math.max(0, ...budgets.map(({ usd }) => usd)),
  };
}

const idOf = (rental: Rental): string => `${rental.provider}:${rental.id}`;
const iso = (at: number): string => new Date(at).toISOString().slice(8, 19);
const named = (rental: Rental): string => `${idOf(rental)} (${rental.label?.slice(-6) ?? ''}, ${rental.state})`;

/** What people agreed to for one machine, at its most generous. */
function agreement({ evidence, ended }: Case, rental: Rental): { leaseEndsAt: number; budget: number } | undefined {
  const launch = ended.launches.find(({ id }) => id === rental.label);
  const click = evidence.clicks.find(({ name }) => name === launch?.quote.name);
  if (click === undefined) return undefined;
  const all = [click, ...evidence.agreed.filter(({ label }) => label === rental.label)];
  return { leaseEndsAt: Math.max(...all.map((each) => each.leaseEndsAt)), budget: Math.max(...all.map((each) => each.budget)) };
}

interface Burn {
  readonly from: number;
  readonly to: number;
}

/** When it cost more than its disk. */
function burnsOf({ world, ended }: Case, rental: Rental): Burn[] {
  const stretches = world.ledger.bill(rental.provider, rental.id)?.stretches.filter(({ kind }) => kind === 'gpu') ?? [];
  return stretches.map(({ from, to }) => ({ from, to: to ?? ended.at }));
}

/** When a burn has to be over that meets a limit. A machine that the market starts again by itself has a guard only once it is up. */
const overBy = ({ weather }: Case, { from }: Burn, limitAt: number): number => weather.calmFrom(Math.max(limitAt, from + bootMs)) + boundMs;

/** Before its container runs no guard can count or act. */
const bootMs = 3 * 60_000;

/** Runs past everything agreed, or exists without anybody knowing. */
function orphan(given: Case, rental: Rental): Violation[] {
  const { ended } = given;
  const agreed = agreement(given, rental);
  const late = agreed && burnsOf(given, rental).find((burn) => burn.to > overBy(given, burn, agreed.leaseEndsAt));
  if (agreed && late) return [{ kind: 'orphan', detail: `${named(rental)} burned until ${iso(late.to)}, agreed was ${iso(agreed.leaseEndsAt)}` }];
  if (ended.shown === undefined || rental.state === 'destroyed') return [];
  const shown = ended.shown.find(({ id }) => id === idOf(rental));
  if (shown === undefined || !shown.ours || shown.launch === undefined) return [{ kind: 'orphan', detail: `${named(rental)} exists and is not shown as ours` }];
  return shown.state === 'ending' ? [{ kind: 'orphan', detail: `${named(rental)} was to be ended and still exists` }] : [];
}

/** More creates than launches, more machines than launches, or more launches than wishes. */
function doubleRents({ evidence, ended }: Case, ours: readonly Rental[]): Violation[] {
  const sent = Map.groupBy(evidence.creates, ({ label }) => label);
  const twice = [...sent].filter(([, creates]) => creates.length > 1)
    .map(([label, creates]): Violation => ({ kind: 'doubleRent', detail: `the create of ${label.slice(-6)} was sent ${creates.length} times` }));
  const perLabel = [...Map.groupBy(ours.filter(({ state }) => state !== 'destroyed'), ({ label }) => label)]
    .filter(([, rentals]) => ended.shown !== undefined && rentals.length > 1)
    .map(([label, rentals]): Violation => ({ kind: 'doubleRent', detail: `${rentals.map(named).join(' and ')} live under ${label?.slice(-6) ?? ''}` }));
  const groupOf = (rental: Rental): string | undefined => {
    const launch = ended.launches.find(({ id }) => id === rental.label);
    return evidence.clicks.find(({ name }) => name === launch?.quote.name)?.group;
  };
  const perWish = [...Map.groupBy(ours, groupOf)].flatMap(([group, rentals]): Violation[] => {
    const [first, ...others] = rentals.toSorted((a, b) => a.createdAt - b.createdAt);
    const beside = group === undefined || first === undefined ? [] : others.filter((other) => other.label !== first.label && other.createdAt < (first.endedAt ?? Infinity));
    return beside.length === 0 ? [] : [{ kind: 'doubleRent', detail: `${rentals.map(named).join(' and ')} came of ${group ?? ''}` }];
  });
  return [...twice, ...perLabel, ...perWish];
}

/** Promises that came to nothing. */
function lostIntents({ evidence, ended, world }: Case, ours: readonly Rental[]): Violation[] {
  const lost = (detail: string): Violation => ({ kind: 'lostIntent', detail });
  const known = new Map(ended.launches.map((launch) => [launch.id, launch]));
  const unknown = [...new Set(evidence.creates.map(({ label }) => label))].filter((label) => !known.has(label))
    .map((label) => lost(`a create was sent for ${label.slice(-6)}, which no journal knows`));
  const waiting = [...evidence.clicks, ...evidence.wishes].filter(({ outcome, at }) => outcome === 'waiting' && ended.at - at > longestWaitMs)
    .map((each) => lost(`${'name' in each ? each.name : `${each.deed} of ${each.instanceId}`} waits since ${iso(each.at)}`));
  const undone = ended.shown === undefined ? [] : ours.filter((rental) => {
    const ending = endingOf(known.get(rental.label ?? ''));
    return rental.state !== 'destroyed' && ending;
  }).map((rental) => lost(`${named(rental)} exists, and its launch is ${known.get(rental.label ?? '')?.state ?? ''}`));
  const destroyed = ended.shown === undefined ? [] : evidence.wishes.filter(({ deed, accepted, instanceId }) => {
    const rental = world.rentals.all().find((each) => idOf(each) === instanceId);
    return deed === 'destroy' && accepted && rental !== undefined && rental.state !== 'destroyed';
  }).map(({ instanceId }) => lost(`${instanceId} was to be destroyed and exists`));
  return [...unknown, ...waiting, ...undone, ...destroyed];
}

const longestWaitMs = 60 * 60_000;

const endingOf = (launch: Launch | undefined): boolean => launch !== undefined && ['ending', 'gone', 'refused', 'notCreated'].includes(launch.state);

const settledOnes = ({ ended }: Case, ours: readonly Rental[]): readonly Rental[] =>
  ended.spent === undefined ? [] : ours.filter(({ state, endedAt }) => state === 'destroyed' && endedAt !== null && ended.at - endedAt > 50 * 3_600_000);

function spendError({ ended, world }: Case, rental: Rental): { usd: number; pct: number; violation?: Violation } {
  const truth = world.ledger.chargedMicros(rental.provider, rental.id, ended.at) / 1e6;
  const said = (ended.spent?.get(idOf(rental)) ?? 0) / 1e6;
  const usd = Math.abs(said - truth);
  const pct = truth === 0 ? 0 : (100 * usd) / truth;
  if (usd <= Math.max(0.002, truth * 0.001)) return { usd, pct };
  return { usd, pct, violation: { kind: 'spendError', detail: `${named(rental)}: we say $${said.toFixed(4)}, it was $${truth.toFixed(4)}` } };
}

/** What it burned after its budget was passed, beyond what passes until a guard has acted. */
function overBudget(given: Case, rental: Rental): { usd: number; violation?: Violation } {
  const { world, evidence, ended } = given;
  const agreed = agreement(given, rental);
  const burns = burnsOf(given, rental);
  const bill = world.ledger.bill(rental.provider, rental.id);
  const last = Math.max(0, ...burns.map(({ to }) => to));
  if (agreed === undefined || bill === undefined) return { usd: 0 };
  const spentBy = (at: number): number => world.ledger.amountMicros(bill, 0, at);
  // A machine that costs more than was agreed is ended by a window; its guard counts by the rate it was told.
  const rate = Math.max(0, ...bill.stretches.filter(({ kind }) => kind === 'gpu').map(({ nanoUsdPerHour }) => Number(nanoUsdPerHour) / 1000));
  const launch = ended.launches.find(({ id }) => id === rental.label);
  const told = evidence.quotes.get(launch?.quote.name ?? '') ?? rate;
  const budget = agreed.budget * Math.max(1, rate / told);
  if (spentBy(last) <= budget) return { usd: 0 };
  const passedAt = moment((at) => spentBy(at) >= budget, rental.createdAt, last);
  const over = burns.map((burn) => Math.max(0, spentBy(burn.to) - spentBy(Math.max(burn.from, overBy(given, burn, passedAt)))));
  const usd = over.reduce((sum, each) => sum + each, 0) / 1e6;
  return usd === 0 ? { usd } : { usd, violation: { kind: 'overBudget', detail: `${named(rental)} passed $${(budget / 1e6).toFixed(3)} at ${iso(passedAt)} and burned until ${iso(last)}` } };
}

/** The first moment from which `holds` is true, between two times; it stays true. */
function moment(holds: (at: number) => boolean, from: number, to: number): number {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
