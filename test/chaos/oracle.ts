/** Judges a bad day by the market's ledger: what existed and what it cost, against what people were promised. */
import { guardFirstLeaseMs, guardGraceMs, guardHookMs, guardTickMs } from '../../src/domain/guard.ts';
import { dearerThanAgreed, type Launch } from '../../src/domain/launch.ts';
import type { UsdPerHour } from '../../src/domain/money.ts';
import type { Bill } from '../../src/practice/ledger.ts';
import type { Rental } from '../../src/practice/rental.ts';
import type { World } from '../../src/practice/world.ts';
import type { Attendance } from './attendance.ts';
import type { Ended } from './ending.ts';
import type { Agreed, Click, Evidence, Wish } from './evidence.ts';
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
  readonly attendance: Attendance;
  readonly ended: Ended;
}

/** What bills until it has stopped: a provider takes up to twelve seconds for that. */
const stoppingMs = 15_000;
/** From a limit to the end of a machine, with nothing in the way: what is promised, and what the provider takes. */
const boundMs = guardGraceMs + guardHookMs + guardTickMs + stoppingMs;

export function judge(given: Case): Verdict {
  const ours = given.world.rentals.all().filter((rental) => given.evidence.made.has(idOf(rental)));
  const budgets = ours.map((rental) => overBudget(given, rental));
  const spends = settledOnes(given, ours).map((rental) => spendError(given, rental));
  return {
    violations: [
      ...ours.flatMap((rental) => orphan(given, rental)),
      ...doubleRents(given, ours),
      ...lostIntents(given, ours),
      ...untold(given, ours),
      ...ghosts(given),
      ...ours.flatMap((rental) => [...dearer(given, rental), ...thrownAway(given, rental)]),
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

const launchOf = ({ ended }: Case, rental: Rental): Launch | undefined => ended.launches.find(({ id }) => id === rental.label);

const clickOf = (given: Case, rental: Rental): Click | undefined => {
  const name = launchOf(given, rental)?.quote.name;
  return given.evidence.clicks.find((click) => click.name === name);
};

/** What people agreed to for one machine, at its most generous. */
function agreement(given: Case, rental: Rental): { leaseEndsAt: number; budget: number } | undefined {
  const click = clickOf(given, rental);
  if (click === undefined) return undefined;
  const all = [click, ...given.evidence.agreed.filter(({ label }) => label === rental.label)];
  return {
    leaseEndsAt: Math.max(...all.map(({ leaseEndsAt }) => leaseEndsAt ?? 0)),
    budget: Math.max(...all.map(({ budget }) => budget ?? 0)),
  };
}

interface Burn {
  readonly from: number;
  readonly to: number;
  /** Its guard may have heard an editor in an earlier life. */
  readonly again: boolean;
  /** When its container began to run, for the last time, and had to have its guard; undefined when none ever did. */
  readonly guardedAt: number | undefined;
  /** It costs money before its container runs, and no guard counts that. */
  readonly bootMs: number;
}

/** When it cost more than its disk. */
function burnsOf({ world, evidence, ended }: Case, rental: Rental): Burn[] {
  const ran = evidence.started.filter(({ instanceId }) => instanceId === idOf(rental));
  const stretches = world.ledger.bill(rental.provider, rental.id)?.stretches.filter(({ kind }) => kind === 'gpu') ?? [];
  return stretches.map(({ from, to }) => {
    const end = to ?? ended.at;
    const own = ran.filter(({ at }) => at >= from && at <= end);
    return { from, to: end, again: own.length > 1 || ran[0] !== own[0], guardedAt: own.at(-1)?.at, bootMs: own[0] === undefined ? 0 : own[0].at - from };
  });
}

/** When a burn has to be over that meets a limit. A machine that is started again has a guard only once it is up, and that waits for an editor. */
function overBy({ weather, attendance }: Case, { from, again, guardedAt }: Burn, limitAt: number): number {
  // Where no container ever ran there is no guard: such a machine has to be ended by a window, which has to be there
  // for that once the weather lets it through. One that closes seconds after a provider was silent for minutes still
  // waits for the answers of its last questions.
  if (guardedAt === undefined) return weather.calmFrom(attendance.after(weather.calmFrom(Math.max(limitAt, from)), restMs)) + boundMs;
  return weather.calmFrom(Math.max(limitAt, guardedAt + (again ? guardFirstLeaseMs : 0))) + boundMs;
}

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
function doubleRents(given: Case, ours: readonly Rental[]): Violation[] {
  const { evidence, ended } = given;
  const sent = Map.groupBy(evidence.creates, ({ label }) => label);
  const twice = [...sent].filter(([, creates]) => creates.length > 1)
    .map(([label, creates]): Violation => ({ kind: 'doubleRent', detail: `the create of ${label.slice(-6)} was sent ${creates.length} times` }));
  const perLabel = [...Map.groupBy(ours.filter(({ state }) => state !== 'destroyed'), ({ label }) => label)]
    .filter(([, rentals]) => ended.shown !== undefined && rentals.length > 1)
    .map(([label, rentals]): Violation => ({ kind: 'doubleRent', detail: `${rentals.map(named).join(' and ')} live under ${label?.slice(-6) ?? ''}` }));
  const groupOf = (rental: Rental): string | undefined => clickOf(given, rental)?.group;
  const perWish = [...Map.groupBy(ours, groupOf)].flatMap(([group, rentals]): Violation[] => {
    const [first, ...others] = rentals.toSorted((a, b) => a.createdAt - b.createdAt);
    if (group === undefined || first === undefined) return [];
    // Who was told no may ask again, also where a machine was made all the same: that one is ended when it shows.
    const click = clickOf(given, first);
    const until = Math.min(first.endedAt ?? Infinity, click?.outcome === 'failed' ? (click.endedAt ?? Infinity) : Infinity);
    const beside = others.filter((other) => other.label !== first.label && other.createdAt < until);
    return beside.length === 0 ? [] : [{ kind: 'doubleRent', detail: `${rentals.map(named).join(' and ')} came of ${group}` }];
  });
  return [...twice, ...perLabel, ...perWish];
}

/** Promises that came to nothing. */
function lostIntents(given: Case, ours: readonly Rental[]): Violation[] {
  const { evidence, ended } = given;
  const known = new Map(ended.launches.map((launch) => [launch.id, launch]));
  const unknown = [...new Set(evidence.creates.map(({ label }) => label))].filter((label) => !known.has(label))
    .map((label) => lost(`a create was sent for ${label.slice(-6)}, which no journal knows`));
  const waiting = [...evidence.clicks, ...evidence.wishes].filter(({ outcome, at }) => outcome === 'waiting' && ended.at - at > longestWaitMs)
    .map((each) => lost(`${'name' in each ? each.name : `${each.deed} of ${each.instanceId}`} waits since ${iso(each.at)}`));
  const undone = ended.shown === undefined ? [] : ours.filter((rental) => rental.state !== 'destroyed' && isEnding(known.get(rental.label ?? '')))
    .map((rental) => lost(`${named(rental)} exists, and its launch is ${known.get(rental.label ?? '')?.state ?? ''}`));
  const wishes = ended.shown === undefined ? [] : evidence.wishes.filter(wasTaken).flatMap((wish) => ours.filter((rental) => idOf(rental) === wish.instanceId).flatMap((rental) => unmet(given, wish, rental)));
  const limits = [...Map.groupBy(evidence.agreed, ({ label }) => label)].flatMap(([label, agreed]) => {
    const held = known.get(label)?.quote.limits;
    const { budget, leaseEndsAt } = Object.assign({}, ...agreed) as Partial<Agreed>;
    const kept = held === undefined || ((budget ?? held.budget) === held.budget && (leaseEndsAt ?? held.leaseEndsAt) === held.leaseEndsAt);
    return kept ? [] : [lost(`the new limits of ${label.slice(-6)} are not the journal's`)];
  });
  return [...unknown, ...waiting, ...undone, ...wishes, ...limits];
}

const lost = (detail: string): Violation => ({ kind: 'lostIntent', detail });

/** A window that lives a little longer than the click has written it down, unless its disk was full. */
const wasTaken = ({ outcome, at, endedAt, writable }: Wish): boolean => writable && (outcome !== 'windowDied' || (endedAt ?? at) - at > 2000);

function unmet(given: Case, wish: Wish, rental: Rental): Violation[] {
  const { evidence } = given;
  const later = evidence.wishes.some((other) => other.instanceId === wish.instanceId && other.at >= wish.at && other !== wish && other.deed !== wish.deed);
  if (wish.deed === 'destroy' && rental.state !== 'destroyed') return [lost(`${named(rental)} was to be destroyed at ${iso(wish.at)}`)];
  if (wish.deed !== 'stop' || later) return [];
  const due = given.weather.calmFrom(given.attendance.after(given.weather.calmFrom(wish.at), restMs));
  // In the end everything had come to rest, however long somebody was there.
  const late = burnsOf(given, rental).find(({ from, to }) => from <= wish.at && (to > due + hangMs || (to === given.ended.at && to > given.weather.calmFrom(wish.at) + restMs)));
  return late === undefined ? [] : [lost(`${named(rental)} was to be stopped at ${iso(wish.at)} and burned until ${iso(late.to)}`)];
}

/**
 * Whoever looks after a provider asks again within fifteen seconds; where it fell silent, another one does so after
 * thirty. A look at the list, the request and the machine's own stopping take the rest, rationed by the provider.
 */
const restMs = 90_000;
/** A window hangs no longer than this in one go: it is there, and does nothing. */
const hangMs = 6 * 60_000;

/** What people were told while the ledger said otherwise. */
function untold(given: Case, ours: readonly Rental[]): Violation[] {
  const { evidence, ended } = given;
  return ours.flatMap((rental) => {
    const done = evidence.wishes.filter(({ instanceId, outcome }) => instanceId === idOf(rental) && outcome === 'done');
    const gone = done.find(({ deed, endedAt = 0 }) => deed === 'destroy' && (rental.endedAt ?? Infinity) > endedAt);
    const stopped = done.find(({ deed, endedAt = 0 }) => deed === 'stop' && burnsOf(given, rental).some(({ from, to }) => from < endedAt && to > endedAt));
    const off = evidence.writtenOff.find(({ instanceId, at }) => instanceId === idOf(rental) && at >= rental.createdAt && at < (rental.endedAt ?? Infinity));
    const back = evidence.revived.find(({ instanceId, at }) => instanceId === idOf(rental) && at > (rental.endedAt ?? Infinity));
    const click = clickOf(given, rental);
    const notCreated = click?.error?.includes('notCreated') === true && launchOf(given, rental) !== undefined && rental.createdAt < (click.endedAt ?? ended.at);
    return [
      ...(gone ? [lost(`${named(rental)} was called gone at ${iso(gone.endedAt ?? 0)}, and was not`)] : []),
      ...(off ? [lost(`${named(rental)} was written off at ${iso(off.at)}, and was there`)] : []),
      ...(back ? [lost(`${named(rental)} was gone, and was shown again at ${iso(back.at)}`)] : []),
      ...(stopped ? [lost(`${named(rental)} was called stopped at ${iso(stopped.endedAt ?? 0)}, and was not`)] : []),
      ...(notCreated ? [lost(`${named(rental)} was said not to have been made`)] : []),
    ];
  });
}

/** What the last window still shows as billing although it is no more. */
function ghosts({ world, ended }: Case): Violation[] {
  const gone = new Set(world.rentals.all().filter(({ endedAt }) => endedAt !== null && ended.at - endedAt > 60_000).map(idOf));
  return (ended.shown ?? []).filter(({ id }) => gone.has(id)).map(({ id, state }) => lost(`${id} is shown as ${state} and is no more`));
}

/** Somebody works on a machine that costs more than they agreed to. */
function dearer(given: Case, rental: Rental): Violation[] {
  const click = clickOf(given, rental);
  const agreed = given.evidence.quotes.get(click?.name ?? '');
  const rates = given.world.ledger.bill(rental.provider, rental.id)?.stretches.filter(({ kind }) => kind === 'gpu').map(({ nanoUsdPerHour }) => Number(nanoUsdPerHour) / 1000) ?? [];
  // A second machine that one create made is ended whatever it costs.
  if (launchOf(given, rental)?.instanceId !== idOf(rental)) return [];
  if (click?.outcome !== 'ready' || agreed === undefined || !rates.some((rate) => dearerThanAgreed(agreed, rate as UsdPerHour))) return [];
  return [{ kind: 'overBudget', detail: `${named(rental)} costs more than was agreed` }];
}

/** A machine that somebody worked on was destroyed, and nothing asked for that. */
function thrownAway(given: Case, rental: Rental): Violation[] {
  const { evidence, schedule, world, attendance } = given;
  const click = clickOf(given, rental);
  if (click?.outcome !== 'ready' || launchOf(given, rental)?.instanceId !== idOf(rental) || rental.endedAt === null || schedule.ending === 'settled') return [];
  const bill = world.ledger.bill(rental.provider, rental.id);
  const limits = [click, ...evidence.agreed.filter(({ label }) => label === rental.label)];
  const asked = evidence.wishes.some(({ deed, instanceId }) => deed === 'destroy' && instanceId === idOf(rental));
  const broke = world.ledger.creditMicros(rental.provider, rental.endedAt) <= 0;
  const limited = limits.some(({ leaseEndsAt = Infinity, budget = Infinity }) =>
    (rental.endedAt ?? 0) >= leaseEndsAt || (bill !== undefined && world.ledger.amountMicros(bill, 0, rental.endedAt ?? 0) >= budget * 0.98));
  // What no editor ever claimed is ended, and whoever was there for a moment only could not claim it.
  const claimed = attendance.after(click.endedAt ?? Infinity, claimMs) < rental.endedAt;
  return asked || broke || limited || !claimed ? [] : [lost(`${named(rental)} was in use and was destroyed at ${iso(rental.endedAt)}`)];
}

/** A new holder's first list, rationed by the provider, and a guard's first renewal come within this. */
const claimMs = 90_000;

const longestWaitMs = 60 * 60_000;

const isEnding = (launch: Launch | undefined): boolean => launch !== undefined && ['ending', 'gone', 'refused', 'notCreated'].includes(launch.state);

/** What no answer ever showed has a line in the provider's books that nobody can tell for ours. */
const settledOnes = ({ evidence, ended }: Case, ours: readonly Rental[]): readonly Rental[] =>
  ended.spent === undefined ? [] : ours.filter((rental) => evidence.shown.has(idOf(rental)) || launched(ended, rental)).filter(({ state, endedAt }) => state === 'destroyed' && endedAt !== null && ended.at - endedAt > 50 * 3_600_000);

const launched = ({ launches }: Ended, rental: Rental): boolean => launches.some(({ instanceId }) => instanceId === idOf(rental));

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
  // A machine that costs more than was agreed is ended by a window; its guard counts by the rate it was told, which is
  // all that an hour was to cost. A machine that is dearer by less than that is ended too late in that
  // proportion: disk and GPU of what it costs stand against disk and GPU of what was quoted.
  const rate = Math.max(0, ...bill.stretches.filter(({ kind }) => kind === 'gpu').map(({ from }) => hourAt(bill, from)));
  const launch = ended.launches.find(({ id }) => id === rental.label);
  const told = evidence.quotes.get(launch?.quote.name ?? '') ?? rate;
  const budget = agreed.budget * Math.max(1, rate / told);
  if (spentBy(last) <= budget) return { usd: 0 };
  const passedAt = moment((at) => spentBy(at) >= budget, rental.createdAt, last);
  const countedAt = passedAt + burns.reduce((sum, { from, bootMs }) => sum + (from < passedAt ? bootMs : 0), 0);
  const over = burns.map((burn) => Math.max(0, spentBy(burn.to) - spentBy(Math.min(burn.to, Math.max(burn.from, overBy(given, burn, countedAt))))));
  const usd = over.reduce((sum, each) => sum + each, 0) / 1e6;
  return usd === 0 ? { usd } : { usd, violation: { kind: 'overBudget', detail: `${named(rental)} passed $${(budget / 1e6).toFixed(3)} at ${iso(passedAt)} and burned until ${iso(last)}` } };
}

/** All that an hour costs from then on, micro-dollars. */
const hourAt = ({ stretches }: Bill, at: number): number =>
  stretches.filter(({ from, to }) => from <= at && (to ?? Infinity) > at).reduce((sum, { nanoUsdPerHour }) => sum + Number(nanoUsdPerHour) / 1000, 0);

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
