/**
 * The guard's rules as a pure function, tick for tick what guard.sh decides; a test holds the two
 * together. For simulations and explanations: nothing on a machine runs this.
 *
 *   let state = born(config, fresh(config), clock)         // at every start of the container
 *   ({ state, act } = step(config, state, inputs))         // at every tick; `act` is a call being made
 *   state = born(config, state.kept, clock)                // after a restart or a stop and start
 *
 * All times are whole seconds, money is micro-dollars. A guard that dies within one life of the
 * container goes on from its own state: nothing to model.
 */
import { guardFirstLeaseMs, guardGraceMs, guardHookMs, guardUnclaimedMs, longestLeaseMs, type GuardReason, type GuardTerms, type LimitAction } from '../domain/guard.ts';

export interface GuardConfig {
  readonly rate: number;
  /** While the machine is off. */
  readonly off: number;
  readonly budget: number;
  readonly use: number;
  /** Epoch seconds. */
  readonly deadline: number;
  readonly idle: number;
  readonly action: LimitAction;
}

/** What lies where a stop and start leaves it. */
export interface Kept {
  readonly used: number;
  /** Seconds without any lease since the last container that had one. */
  readonly unclaimed: number;
  readonly claimed: boolean;
  readonly use: number;
  readonly budget: number;
  readonly deadline: number;
  /** Left of the grace, so that a container that keeps dying does not get it anew each time. */
  readonly grace: number;
  /** When it was written, by the machine's wall clock; undefined before the first tick. */
  readonly wall?: number;
}

export interface GuardState {
  readonly kept: Kept;
  readonly last: number;
  /** The lease text last taken. */
  readonly lease: string;
  /** A lease was heard in this life of the container. */
  readonly leased: boolean;
  readonly left: number;
  readonly hold: number;
  readonly idle: number;
  /** Seconds in which nobody could tell, since use was last seen. */
  readonly unknown: number;
  readonly typed: string;
  readonly phase: 'watching' | 'grace' | 'acting';
  readonly reason?: GuardReason;
  /** Left for the hook before the first call. */
  readonly hook: number;
  /** Seconds until the next call. */
  readonly due: number;
  readonly tries: number;
}

export interface GuardInputs {
  /** The machine's uptime and its wall clock. */
  readonly mono: number;
  readonly wall: number;
  /** Highest use of its GPUs in percent; undefined when that cannot be read. */
  readonly gpu: number | undefined;
  /** When terminals were last typed into, in any form that changes with it; empty without terminals. */
  readonly typed: string;
  /** More went over SSH connections that stand than keeping them open needs. */
  readonly moved: boolean;
  /** A run that announced itself is alive. */
  readonly job: boolean;
  /** What stands in the lease file; empty without one. */
  readonly lease: string;
  /** What the last run to end left to be done; empty without one. */
  readonly afterwards: string;
  /** No hook before the end, or it is through. */
  readonly hooked: boolean;
}

export interface GuardStep {
  readonly state: GuardState;
  /** The call sent in this tick. Success is that the machine is no more; whatever is answered, it is repeated. */
  readonly act?: LimitAction;
}

const grace = guardGraceMs / 1000;
const hook = guardHookMs / 1000;
const unclaimedAfter = guardUnclaimedMs / 1000;
const firstLease = guardFirstLeaseMs / 1000;
const longestLease = longestLeaseMs / 1000;
const unknownBound = 1800;
const gpuUse = 5;
const longIdleFactor = 4;
/** A tick that took longer saw nothing in between: for money it counts whole, as idleness it does not. */
const longestLook = 60;

/** The largest number that the shell takes, in seconds: some thousand years. */
const never = 99_999_999_999;

/** Milliseconds cut to seconds: rather early than late. */
export const guardConfig = ({ rate, offRate, budget, useMs, deadlineAt, idleMs, action }: GuardTerms): GuardConfig => ({
  rate, off: offRate, budget, use: Math.floor(useMs / 1000), deadline: Math.floor(deadlineAt / 1000), idle: Math.ceil(idleMs / 1000) || never, action,
});

export const fresh = ({ use, budget, deadline }: GuardConfig): Kept => ({ used: 0, unclaimed: 0, claimed: false, use, budget, deadline, grace });

/**
 * The container starts: what it was told and saw before is gone, what was kept is not, and the disk cost money all the
 * while. Typing before `typed` is not use.
 */
export const born = (config: GuardConfig, kept: Kept, { mono, wall }: Pick<GuardInputs, 'mono' | 'wall'>, typed = ''): GuardState => ({
  kept: { ...kept, budget: budgetAfter(config, kept, wall) }, last: mono, lease: '', leased: false, left: 0, hold: 0, idle: 0, unknown: 0, typed, phase: 'watching', hook: 0, due: 0, tries: 0,
});

/** A clock that ran back tells nothing, and a budget of nothing would be none. */
function budgetAfter({ off }: GuardConfig, { budget, wall: before }: Kept, wall: number): number {
  const away = before === undefined ? 0 : wall - before;
  return away > 0 ? Math.max(1, budget - Math.floor((away * off) / 3600)) : budget;
}

export const spentBy = ({ rate }: GuardConfig, { used }: Kept): number => Math.floor((used * rate) / 3600);

export function step(config: GuardConfig, before: GuardState, inputs: GuardInputs): GuardStep {
  const passed = Math.max(0, inputs.mono - before.last);
  const looked = Math.min(passed, longestLook);
  const told = hear(pass(before, inputs, passed), inputs.lease);
  const seen = look(told.state, inputs, looked, told.active);
  return decide(seen, wanted(config, seen, inputs), looked, passed, inputs.hooked);
}

function pass(state: GuardState, { mono, wall }: GuardInputs, passed: number): GuardState {
  const { kept, leased, left, hold } = state;
  const unclaimed = leased ? 0 : kept.unclaimed + passed;
  return { ...state, last: mono, left: Math.max(0, left - passed), hold: Math.max(0, hold - passed), kept: { ...kept, used: kept.used + passed, unclaimed, wall } };
}

const number = /^(?:0|[1-9]\d{0,11})$/;

/** `1 MOMENT TTL ACTIVE BUDGET USE DEADLINE HOLD 1`, all of it whole numbers; of anything else nothing counts. */
function readLease(line: string): readonly number[] | undefined {
  const words = line.split(/[ \t]+/);
  const whole = words.length === 9 && words[0] === '1' && words[8] === '1' && words.every((word) => number.test(word));
  return whole ? words.slice(2).map(Number) : undefined;
}

function hear(state: GuardState, lease: string): { state: GuardState; active: boolean } {
  if (lease === '' || lease === state.lease) return { state, active: false };
  const numbers = readLease(lease);
  if (numbers === undefined) return { state: { ...state, lease }, active: false };
  const [ttl = 0, active = 0, budget = 0, use = 0, deadline = 0, hold = 0] = numbers;
  const { kept } = state;
  const told = {
    claimed: kept.claimed || ttl > 0,
    unclaimed: ttl > 0 ? 0 : kept.unclaimed,
    budget: budget || kept.budget, use: use || kept.use, deadline: deadline || kept.deadline,
  };
  return {
    active: active === 1,
    state: { ...state, lease, leased: state.leased || ttl > 0, left: Math.min(ttl, longestLease), hold: hold || state.hold, kept: { ...kept, ...told } },
  };
}

/** Use sets idleness back. Not knowing holds it where it is, for half an hour in all since use was last seen. */
function look(state: GuardState, { gpu, typed, moved, job }: GuardInputs, looked: number, active: boolean): GuardState {
  const typing = typed !== '' && typed !== state.typed;
  const inUse = active || typing || moved || job || state.hold > 0 || (gpu ?? 0) >= gpuUse;
  const now = { ...state, typed: typing ? typed : state.typed };
  if (inUse) return { ...now, idle: 0, unknown: 0 };
  if (gpu === undefined && state.unknown < unknownBound) return { ...now, unknown: state.unknown + looked };
  return { ...now, idle: state.idle + looked };
}

type Wish = { readonly reason: GuardReason; readonly action: LimitAction };

/**
 * After a start an editor may raise what is reached, and SSH takes its time: where one was before, the limits wait
 * for it to be heard. The seconds without a lease count on through every life, so no restart wins time for ever.
 */
const isBound = ({ kept, leased }: GuardState): boolean => leased || !kept.claimed || kept.unclaimed >= firstLease;

function wanted(config: GuardConfig, state: GuardState, { wall, afterwards }: GuardInputs): Wish | undefined {
  const { kept, leased, left, idle } = state;
  const end = (reason: GuardReason, action = config.action): Wish => ({ reason, action });
  const bound = isBound(state);
  if (bound && kept.used >= kept.use) return end('use');
  if (bound && wall >= kept.deadline) return end('deadline');
  if (bound && spentBy(config, kept) >= kept.budget) return end('budget');
  // Once claimed there may be work on its disk.
  if (!leased && kept.unclaimed >= unclaimedAfter) return end('unclaimed', kept.claimed ? 'stop' : 'destroy');
  // Whoever has not come yet, or not again, is not idle.
  if (leased && left === 0 && idle >= config.idle) return end('idle');
  if (leased && idle >= config.idle * longIdleFactor) return end('longIdle');
  return afterwards === 'stop' || afterwards === 'destroy' ? end('run', afterwards) : undefined;
}

function decide(state: GuardState, wish: Wish | undefined, looked: number, passed: number, hooked: boolean): GuardStep {
  if (wish === undefined) {
    const { reason: _, ...rest } = state;
    // To wait is not to be allowed: whoever keeps dying gets no new grace by it.
    return { state: { ...rest, phase: 'watching', kept: isBound(state) ? { ...state.kept, grace } : state.kept } };
  }
  const now = { ...state, reason: wish.reason };
  if (now.phase === 'watching') return { state: { ...now, phase: 'grace' } };
  if (now.phase === 'acting') return act(now, wish, looked, passed, hooked);
  const left = Math.max(0, now.kept.grace - looked);
  if (left > 0) return { state: { ...now, kept: { ...now.kept, grace: left } } };
  // The next life, if it comes to one, begins with a whole grace.
  return act({ ...now, phase: 'acting', kept: { ...now.kept, grace }, hook, due: 0, tries: 0 }, wish, 0, 0, hooked);
}

/** Tries after 2, 4, 8 … 60 s for ever. Where destroying is refused again and again, every other try stops at least the GPU. */
function act(state: GuardState, { action }: Wish, looked: number, passed: number, hooked: boolean): GuardStep {
  const hookLeft = hooked ? 0 : Math.max(0, state.hook - looked);
  const waited = { ...state, hook: hookLeft, due: Math.max(0, state.due - passed) };
  if (hookLeft > 0 || waited.due > 0) return { state: waited };
  const tries = state.tries + 1;
  const instead = action === 'destroy' && tries > 8 && tries % 2 === 0;
  return { state: { ...waited, tries, due: Math.min(60, 2 ** Math.min(6, tries)) }, act: instead ? 'stop' : action };
}
