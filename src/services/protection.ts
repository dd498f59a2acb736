import { createEmitter } from '../domain/emitter.ts';
import { isAbort } from '../domain/errors.ts';
import type { GuardLink, GuardReason, GuardRenewal, GuardStatus } from '../domain/guard.ts';
import { renewalOf } from '../domain/guardTerms.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Launch } from '../domain/launch.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import { guardView, type GuardMemory, type GuardReading, type GuardRecord, type GuardView, type WhyUnprotected } from '../domain/protection.ts';
import type { Fleet } from './fleet.ts';
import type { FleetInstance } from './fleetInstance.ts';

export interface ProtectionDeps {
  readonly fleet: Pick<Fleet, 'instances' | 'find' | 'announce'>;
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly memory: GuardMemory;
  readonly link: GuardLink;
  readonly clock: Clock;
  /** The providers' clock, which leases are held to. */
  readonly providerNow: () => number;
  readonly log: Log;
  /** Whether this window is the one that polls that provider; every one is, unless said. */
  readonly acts?: (provider: ProviderId) => boolean;
}

export interface ProtectionLost {
  readonly instance: FleetInstance;
  readonly why: WhyUnprotected;
}

/** A guard is about to act. */
export interface GuardWarning {
  readonly instance: FleetInstance;
  readonly reason: GuardReason;
  /** Until it acts, milliseconds. */
  readonly leftMs: number;
}

/** New limits are agreed to, and the guard that is to hold them did not hear of them. */
export type Unheard = ProtectionLost;

/** `heard`: it knows the limits of now, whether or not it can hold the machine to them. */
export type Told = 'heard' | WhyUnprotected;

const second = 1000;
const minute = 60 * second;
/** Somebody who did something this long ago may still be thinking. */
const activeMs = 5 * minute;
/** Work is written down no more often than this. */
const workedEveryMs = minute;

/** Speaks with the guards on our machines: renews their leases and keeps what they say. */
export class Protection {
  readonly #lost = createEmitter<ProtectionLost>();
  readonly #warned = createEmitter<GuardWarning>();
  readonly #unheard = createEmitter<Unheard>();
  readonly onDidLose = this.#lost.event;
  readonly onDidWarn = this.#warned.event;
  readonly onDidMiss = this.#unheard.event;
  readonly #deps: ProtectionDeps;
  readonly #turns = new Map<InstanceId, Promise<unknown>>();
  readonly #toldWhy = new Map<InstanceId, WhyUnprotected>();
  readonly #inGrace = new Set<InstanceId>();

  constructor(deps: ProtectionDeps) {
    this.#deps = deps;
  }

  /** How often a check is worth making, milliseconds; undefined while there is nobody to ask. */
  get everyMs(): number | undefined {
    const guarded = this.#guarded();
    if (guarded.length === 0) return undefined;
    // A machine that is new, or about to end, is not left waiting for a minute.
    const soon = guarded.some(({ id, launch }) => this.#inGrace.has(id) || this.#view(launch).protection === 'checking');
    return soon ? 15 * second : minute;
  }

  /** Renews every lease once. */
  async check(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#guarded().map(({ id }) => this.tell(id, signal)));
  }

  /** Tells one guard the limits of now, at once. `holdMs` leaves idleness alone for that long. */
  tell(id: InstanceId, signal: AbortSignal, holdMs?: number): Promise<Told> {
    // One after the other, so that an old word never comes after a new one.
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(() => this.#tellNow(id, signal, holdMs));
    const settled = turn.catch(() => undefined).finally(() => {
      if (this.#turns.get(id) === settled) this.#turns.delete(id);
    });
    this.#turns.set(id, settled);
    return turn;
  }

  /** Somebody edits or types on this machine. */
  worked(launchId: string): void {
    const { memory, clock } = this.#deps;
    const now = clock.now();
    if (Math.abs(now - (memory.workedAt(launchId) ?? -Infinity)) >= workedEveryMs) this.#quietly(() => memory.setWorkedAt(launchId, now));
  }

  /** To be called when limits were written down: the guard hears of them at once, or the person hears that it did not. */
  limitsChanged(id: InstanceId): void {
    const instance = this.#deps.fleet.find(id);
    if (instance === undefined || !isGuarded(instance)) return;
    this.tell(id, new AbortController().signal).then(
      (told) => told !== 'heard' && told !== 'noSelfStop' && this.#unheard.fire({ instance, why: told }),
      (error: unknown) => this.#deps.log.warn(`the guard of ${id} was not told`, error),
    );
  }

  /** To be called when a machine begins anew: what its guard said before counts no more. */
  begun(launchId: string): void {
    this.#quietly(() => this.#deps.memory.keep(launchId, {}));
  }

  async #tellNow(id: InstanceId, signal: AbortSignal, holdMs: number | undefined): Promise<Told> {
    const { fleet, memory, link, clock, providerNow, log } = this.#deps;
    const instance = fleet.find(id);
    if (instance === undefined || !isGuarded(instance)) return 'unreachable';
    if (!canEndItself(this.#deps, instance.launch)) return 'noSelfStop';
    const { launch, alias, limits } = instance;
    const { heard, missing } = memory.record(launch.id) ?? {};
    try {
      const word = (status: GuardStatus | undefined): GuardRenewal => renewalOf({
        limits, begunAt: instance.since ?? launch.createdAt, spent: instance.spent, active: this.#active(launch.id), status, holdMs, now: providerNow(),
        rates: launch.quote.guardRate === undefined ? undefined : { told: launch.quote.guardRate, real: instance.rates.running },
      });
      const first = await link.renew(alias, word(heard?.status), signal);
      // What it counts is known only then, and with it what it does not see: the disk of a machine that was stopped for long.
      const again = heard === undefined && first !== undefined && word(first).budget !== limits.budget;
      const said = again ? await link.renew(alias, word(first), signal) : first;
      return said === undefined ? this.#missed(instance, 'absent') : this.#heard(instance, { status: said, at: clock.now() });
    } catch (error) {
      if (isAbort(error) && signal.aborted) throw error;
      // Once is enough: a laptop may be away for days.
      if (missing === undefined) log.warn(`the guard of ${id} cannot be asked`, error);
      return this.#missed(instance, 'unreachable');
    }
  }

  #heard(instance: Guarded, heard: GuardReading): Told {
    const before = this.#deps.memory.record(instance.launch.id);
    this.#note(instance, { heard, ...(heard.status.armed ? {} : { unarmedSince: before?.unarmedSince ?? heard.at }) });
    this.#tellGrace(instance, heard);
    const { why = 'heard' } = guardView({ heard }, true, heard.at);
    return why === 'notArmed' ? 'heard' : why;
  }

  #missed(instance: Guarded, why: 'absent' | 'unreachable'): Told {
    const before = this.#deps.memory.record(instance.launch.id);
    const since = before?.missing?.since ?? this.#deps.clock.now();
    const { heard, unarmedSince } = before ?? {};
    this.#note(instance, { ...(heard === undefined ? {} : { heard }), ...(unarmedSince === undefined ? {} : { unarmedSince }), missing: { since, why } });
    return why;
  }

  #note(instance: Guarded, record: GuardRecord): void {
    const { memory, fleet } = this.#deps;
    const { id, launch } = instance;
    const ownEndAt = memory.record(launch.id)?.ownEndAt;
    // It may be on its way out at our word, which is good until the machine begins anew.
    this.#quietly(() => memory.keep(launch.id, { ...record, ...(ownEndAt === undefined ? {} : { ownEndAt }) }));
    this.#tellLoss(instance);
    if (record.missing !== undefined) this.#inGrace.delete(id);
    fleet.announce();
  }

  #tellLoss(instance: Guarded): void {
    const { protection, why } = this.#view(instance.launch);
    if (protection === 'checking') return;
    const before = this.#toldWhy.get(instance.id);
    if (why === undefined) this.#toldWhy.delete(instance.id);
    else if (before !== why) {
      this.#toldWhy.set(instance.id, why);
      this.#lost.fire({ instance, why });
    }
  }

  #tellGrace(instance: Guarded, { status }: GuardReading): void {
    if (status.phase === 'watching' || status.reason === undefined) {
      this.#inGrace.delete(instance.id);
      return;
    }
    if (this.#inGrace.has(instance.id)) return;
    this.#inGrace.add(instance.id);
    this.#warned.fire({ instance, reason: status.reason, leftMs: status.graceLeftMs ?? 0 });
  }

  #guarded(): Guarded[] {
    const { fleet, acts = () => true } = this.#deps;
    return fleet.instances.filter(isGuarded).filter(({ provider }) => acts(provider));
  }

  #active(launchId: string): boolean {
    const at = this.#deps.memory.workedAt(launchId);
    return at !== undefined && Math.abs(this.#deps.clock.now() - at) < activeMs;
  }

  #view(launch: Launch): GuardView {
    return viewOf(this.#deps, launch);
  }

  /** A full disk must not keep a guard from being told. */
  #quietly(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#deps.log.warn('what a guard said could not be kept', error);
    }
  }
}

/** What is known of the guard of a launch's machine, the same in every window. */
export const viewOf = ({ memory, providers, clock }: Pick<ProtectionDeps, 'memory' | 'providers' | 'clock'>, launch: Launch): GuardView =>
  guardView(memory.record(launch.id), canEndItself({ providers }, launch), clock.now());

const canEndItself = ({ providers }: Pick<ProtectionDeps, 'providers'>, { provider, quote }: Launch): boolean =>
  quote.serverless === undefined && providers.get(provider)?.traits.carriesGuard(quote.image) === true;

type Guarded = FleetInstance & Required<Pick<FleetInstance, 'launch' | 'limits' | 'alias'>>;

const isGuarded = (instance: FleetInstance): instance is Guarded =>
  instance.ours && instance.state === 'ready' && instance.launch !== undefined && instance.limits !== undefined && instance.alias !== undefined;
