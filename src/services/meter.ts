import { createEmitter } from '../domain/emitter.ts';
import { burnOf, type InstanceId, type SeenInstance } from '../domain/instance.ts';
import { chargeFor, sumUsd, zeroRate, zeroUsd, type Usd, type UsdPerHour } from '../domain/money.ts';
import { dayStart, monthStart, spentBetween, type Books } from '../domain/spend.ts';
import type { Clock } from '../domain/ports.ts';
import type { Charge } from '../domain/provider.ts';
import type { ProviderId } from '../domain/offer.ts';
import type { Interval, Ledger, SessionStore, Sightings, Store } from '../domain/store.ts';

/** A session ends when no window was open for this long. */
const sessionGapMs = 15 * 60_000;
/** The books of a machine that nobody saw are asked for this long: they are not read further back. */
const unseenMs = 35 * 24 * 3_600_000;
/** How exactly it is known when a window was last open; each mark is a write to the disk. */
const sessionMarkMs = 60_000;
/** No answer takes longer; a provider's time that is further behind was set. */
const slowestMs = 60_000;

/** The last word of a provider about a live instance, to extrapolate from until the next. */
interface Live {
  readonly at: number;
  /** When this window learned of it, on a clock that never jumps; undefined for what was there when it opened: that can be days old. */
  readonly heardAt: number | undefined;
  readonly burn: UsdPerHour;
}

type Stretch = Pick<Interval, 'instanceId' | 'from' | 'to'>;
type MeterStore = Ledger & SessionStore & Sightings & Pick<Store, 'atomically' | 'launches'>;

/**
 * Turns what providers show into intervals of constant cost. Time is the provider's clock, so a
 * wrong, sleeping or jumping clock of the laptop changes nothing; between two polls our own clock
 * only carries the figure forward.
 */
export class Meter {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #live = new Map<InstanceId, Live>();
  readonly #store: MeterStore;
  readonly #clock: Clock;

  constructor(store: MeterStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    for (const { seen, at } of store.sightings()) this.#live.set(seen.id, { at, heardAt: undefined, burn: burnOf(seen) });
  }

  /** Carries the session on, or begins a new one after a long pause with nothing billing. */
  touchSession(anythingLive: boolean): void {
    const now = this.#clock.now();
    const session = this.#store.session();
    const goesOn = session !== undefined && (anythingLive || now - session.seenAt <= sessionGapMs);
    if (goesOn && now - session.seenAt < sessionMarkMs) return;
    this.#store.setSession({ startedAt: goesOn ? session.startedAt : now, seenAt: now });
  }

  /** The provider accepted our stop or start at `at`: the cost changed then, not at the next poll. */
  turned(id: InstanceId, at: number): void {
    this.#store.setTurn(id, at);
  }

  /** Takes over what any window has seen last. */
  sync(): void {
    const sightings = this.#store.sightings();
    const known = new Set(sightings.map(({ seen }) => seen.id));
    for (const id of this.#live.keys()) if (!known.has(id)) this.#live.delete(id);
    for (const { seen, at } of sightings) {
      const live = this.#live.get(seen.id);
      this.#live.set(seen.id, { at, heardAt: this.#heardAt(at, live), burn: burnOf(seen) });
    }
    this.#changed.fire();
  }

  /** An answer that was slower than the one before it was true that much earlier: the provider's time does not go back. */
  #heardAt(at: number, before: Live | undefined): number | undefined {
    if (before !== undefined && before.at >= at) return before.heardAt;
    const now = this.#clock.elapsed();
    const due = before?.heardAt === undefined ? now : before.heardAt + at - before.at;
    return due < now && now - due <= slowestMs ? due : now;
  }

  /**
   * One instance as its provider showed it at `at`. `since` is where metering begins for a new one, `endedBy` the
   * latest moment at which it can have run, where that is known.
   */
  observe(seen: SeenInstance, at: number, since: number, endedBy = Infinity): void {
    const burn = burnOf(seen);
    // Two windows may look at once: what the second adds begins where the first has ended.
    this.#store.atomically(() => {
      const last = this.#store.last(seen.id);
      if (last === undefined) {
        this.#store.append({ instanceId: seen.id, from: Math.min(since, at), to: at, rate: burn });
      } else if (at > last.to) {
        if (last.rate === burn) this.#store.amend({ ...last, to: at });
        else this.#turn(seen, last, at, burn, endedBy);
      }
    });
  }

  /** Where in the unwatched stretch the cost changed: as told, else where it makes the bill higher. */
  #turn(seen: SeenInstance, last: { from: number; to: number; rate: UsdPerHour; instanceId: InstanceId }, at: number, burn: UsdPerHour, endedBy: number): void {
    const inside = (time: number | undefined): time is number => time !== undefined && time >= last.to && time <= at;
    const told = [this.#store.turn(seen.id), burn > last.rate ? seen.startedAt : undefined].find(inside);
    const turn = told ?? (burn > last.rate ? last.to : Math.max(last.to, Math.min(at, endedBy)));
    this.#store.setTurn(seen.id, undefined);
    this.#store.amend({ ...last, to: turn });
    this.#store.append({ instanceId: seen.id, from: turn, to: at, rate: burn });
  }

  /**
   * The provider no longer knows it: nothing is charged after `at`, or after the end we asked for.
   * To be called once, when the instance goes. `endedBy` as above; every `everyMs` that have begun are charged whole.
   */
  ended(id: InstanceId, at: number, endedBy = Infinity, everyMs = 1): void {
    this.#store.atomically(() => {
      const last = this.#store.last(id);
      const turned = this.#store.turn(id);
      if (last) {
        const over = turned !== undefined && turned >= last.to && turned <= at ? turned : Math.min(at, endedBy);
        const end = last.from + Math.ceil((Math.max(over, last.to) - last.from) / everyMs) * everyMs;
        if (end > last.to) this.#store.amend({ ...last, to: end });
      }
      this.#store.setTurn(id, undefined);
    });
  }

  /** The provider's own charges replace our figures for the time they cover. */
  settle(provider: ProviderId, charges: readonly Charge[]): void {
    const known = new Set([...this.#store.intervals(), ...this.#store.launches()].map(({ instanceId }) => instanceId));
    this.#store.settle(
      charges
        .map(({ instanceKey, ...charge }) => ({ ...charge, instanceId: `${provider}:${instanceKey}` as InstanceId }))
        .filter((charge) => known.has(charge.instanceId)),
    );
    this.#changed.fire();
  }

  /** Since when this provider's charges are not known for all that was metered; undefined when they are. */
  unsettledSince(provider: ProviderId): number | undefined {
    const settledTo = new Map<InstanceId, number>();
    for (const { instanceId, to } of this.#store.settled()) settledTo.set(instanceId, Math.max(to, settledTo.get(instanceId) ?? 0));
    const open = this.#store
      .intervals()
      .filter(({ instanceId, to }) => instanceId.startsWith(`${provider}:`) && to > (settledTo.get(instanceId) ?? 0));
    return [...open, ...this.unmetered(provider)]
      .map(({ instanceId, from }) => Math.max(from, settledTo.get(instanceId) ?? 0))
      .reduce<number | undefined>((least, time) => Math.min(least ?? time, time), undefined);
  }

  /**
   * When machines may have cost something that were made and gone before any list showed them, or were never made: only
   * the books can tell, and that they hold nothing is their word as well.
   */
  unmetered(provider: ProviderId): readonly Stretch[] {
    const settled = this.#store.settled();
    const metered = new Set(this.#store.intervals().map(({ instanceId }) => instanceId));
    const recent = this.#clock.now() - unseenMs;
    return this.#store.launches().flatMap(({ provider: at, instanceId, createdAt, changedAt }) => {
      if (at !== provider || instanceId === undefined || createdAt <= recent || metered.has(instanceId)) return [];
      return settled.some((charge) => charge.instanceId === instanceId && charge.to > changedAt) ? [] : [{ instanceId, from: createdAt, to: changedAt + 1 }];
    });
  }

  /** Redraws what ticks. */
  tick(): void {
    this.#changed.fire();
  }

  burn(id: InstanceId): UsdPerHour {
    return this.#live.get(id)?.burn ?? zeroRate;
  }

  /** Since when it costs what it costs now, by the provider's clock. */
  costsSince(id: InstanceId): number | undefined {
    return this.#store.last(id)?.from;
  }

  /** Every instance that ever cost anything, the newest last. */
  metered(): InstanceId[] {
    const charged = this.#store.settled().filter(({ amount }) => amount > 0);
    return [...new Set([...this.#store.intervals(), ...charged].map(({ instanceId }) => instanceId))];
  }

  /** Everything ever spent on one instance. */
  spentOn(id: InstanceId): Usd {
    return sumUsd([spentBetween(this.#store.intervals(id), this.#store.settled(id), 0, Infinity), this.#sinceHeard(id)]);
  }

  totals(): { session: Usd; today: Usd; month: Usd; everRan: boolean; reconciledTo: number | undefined } {
    const intervals = this.#store.intervals();
    const settled = this.#store.settled();
    const now = this.providerNow();
    const unheard = sumUsd([...this.#live.keys()].map((id) => this.#sinceHeard(id)));
    const since = (from: number): Usd => sumUsd([spentBetween(intervals, settled, from, Infinity), unheard]);
    return {
      session: since(this.#store.session()?.startedAt ?? now),
      today: since(dayStart(now)),
      month: since(monthStart(now)),
      everRan: intervals.length > 0,
      reconciledTo: settled.length === 0 ? undefined : Math.max(...settled.map((charge) => charge.to)),
    };
  }

  /**
   * The newest time any provider has told, carried forward; our own clock only while nothing was heard. Limits are held
   * by this: a laptop whose clock is wrong or was just set must neither end a machine early nor late.
   */
  providerNow(): number {
    const elapsed = this.#clock.elapsed();
    // Whole milliseconds, as the store keeps them; the time that has passed comes in fractions.
    const told = [...this.#live.values()].flatMap(({ at, heardAt }) => (heardAt === undefined ? [] : Math.floor(at + elapsed - heardAt)));
    return told.length === 0 ? this.#clock.now() : Math.max(...told);
  }

  #sinceHeard(id: InstanceId): Usd {
    const live = this.#live.get(id);
    return live ? chargeFor(live.burn, this.#since(live)) : zeroUsd;
  }

  #since({ heardAt }: Pick<Live, 'heardAt'>): number {
    return heardAt === undefined ? 0 : this.#clock.elapsed() - heardAt;
  }

  /** Every row, carried on to this moment: what days, projects and caps are computed from. */
  books(): Books {
    const tails = [...this.#live].map(([instanceId, { at, burn, heardAt }]): Interval => {
      const from = Math.max(at, this.#store.last(instanceId)?.to ?? at);
      return { instanceId, from, to: from + this.#since({ heardAt }), rate: burn };
    });
    const now = this.providerNow();
    return {
      intervals: [...this.#store.intervals(), ...tails],
      settled: this.#store.settled(),
      sessionFrom: this.#store.session()?.startedAt ?? now,
      now,
    };
  }
}
