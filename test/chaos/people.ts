/** What people do in the windows, and what they were told of it. */
import { isAbort } from '../../src/domain/errors.ts';
import type { InstanceId } from '../../src/domain/instance.ts';
import { usd } from '../../src/domain/money.ts';
import { allIn, type Offer } from '../../src/domain/offer.ts';
import type { Core } from '../../src/wiring.ts';
import type { Agreed, Click, Deed, Evidence, Wish } from './evidence.ts';
import type { Timeline } from './timeline.ts';
import type { Window } from './window.ts';

const minute = 60_000;
const nobody = new AbortController().signal;

export interface RentOrder {
  readonly group: string;
  readonly offer: Offer;
  readonly budgetUsd: number;
  readonly leaseMinutes: number;
}

export class People {
  readonly #timeline: Timeline;
  readonly #evidence: Evidence;
  readonly #rents = new Map<Window, AbortController>();
  #clicks = 0;

  constructor(timeline: Timeline, evidence: Evidence) {
    this.#timeline = timeline;
    this.#evidence = evidence;
  }

  /** Reads the price again, agrees to it and rents, as the rent flow does. */
  rent(window: Window, { group, offer, budgetUsd, leaseMinutes }: RentOrder): void {
    const { core } = window;
    if (core === undefined || !window.usable) return;
    const cancelled = new AbortController();
    this.#rents.set(window, cancelled);
    const name = `click-${++this.#clicks}`;
    const rent = async (): Promise<void> => {
      const askedAt = this.#timeline.now;
      const quote = await core.rentals.quote(offer, offer.diskGb, cancelled.signal);
      const traits = core.providers.get(offer.provider)?.traits;
      // Whoever finds the question after a night has forgotten the click.
      if (quote === undefined || traits === undefined || this.#timeline.now - askedAt > minute) return;
      const limits = { budget: usd(budgetUsd), leaseEndsAt: Math.max(this.#wallTime(core), quote.readAt) + leaseMinutes * minute };
      const click: Click = { name, group, at: this.#timeline.now, ...limits, outcome: 'waiting' };
      this.#evidence.clicks.push(click);
      this.#evidence.quotes.set(name, allIn(quote));
      window.life.onEnd(() => {
        if (click.outcome === 'waiting') click.outcome = 'windowDied';
      });
      try {
        await core.rentals.rent({ offer: quote, image: traits.defaultImage, name, limits }, () => undefined, cancelled.signal);
        click.outcome = 'ready';
      } catch (error) {
        // Nobody reads what a dead window would have said.
        if (window.life.over) return;
        click.outcome = 'failed';
        click.error = String(error);
      }
      click.endedAt = this.#timeline.now;
      this.#evidence.note(this.#timeline.now, `${name} ${click.outcome}`);
    };
    void rent().catch((error: unknown) => this.#evidence.note(this.#timeline.now, `${name} no quote ${isAbort(error) ? 'cancelled' : ''}`));
  }

  cancel(window: Window): void {
    if (window.usable) this.#rents.get(window)?.abort();
  }

  /** Asks one of our machines, as the window shows them, for something that its state allows. */
  ask(window: Window, deed: Deed, pick: number): void {
    const { core } = window;
    const id = this.#picked(window, pick, deed);
    if (core === undefined || id === undefined) return;
    const wish: Wish = { deed, instanceId: id, at: this.#timeline.now, writable: !window.life.diskFull, outcome: 'waiting' };
    this.#evidence.wishes.push(wish);
    window.life.onEnd(() => {
      if (wish.outcome !== 'waiting') return;
      wish.outcome = 'windowDied';
      wish.endedAt = this.#timeline.now;
    });
    const asked = deed === 'start' ? core.rentals.start(id, () => undefined, nobody) : core.rentals[deed](id);
    const end = (outcome: Wish['outcome'], error?: unknown): void => {
      if (window.life.over) return;
      Object.assign(wish, { outcome, endedAt: this.#timeline.now, ...(error === undefined ? {} : { error: String(error) }) });
      this.#evidence.note(this.#timeline.now, `${deed} ${id} ${outcome}`);
    };
    void Promise.resolve(asked).then(() => end('done'), (error: unknown) => end('failed', error));
  }

  renew(window: Window, pick: number, leaseMinutes: number): void {
    this.#limit(window, pick, (core, id) => {
      const leaseEndsAt = this.#wallTime(core) + leaseMinutes * minute;
      core.rentals.renew(id, leaseEndsAt);
      return { leaseEndsAt };
    });
  }

  setBudget(window: Window, pick: number, budgetUsd: number): void {
    this.#limit(window, pick, (core, id) => {
      core.rentals.setBudget(id, usd(budgetUsd));
      return { budget: usd(budgetUsd) };
    });
  }

  #limit(window: Window, pick: number, change: (core: Core, id: InstanceId) => Pick<Agreed, 'budget' | 'leaseEndsAt'>): void {
    const { core } = window;
    const id = this.#picked(window, pick, 'renew');
    if (core === undefined || id === undefined) return;
    try {
      const label = core.store.launchOf(id)?.id;
      const limits = change(core, id);
      if (label !== undefined) this.#evidence.agreed.push({ label, at: this.#timeline.now, ...limits });
    } catch (error) {
      this.#evidence.note(this.#timeline.now, `limits of ${id} not changed: ${String(error)}`);
    }
  }

  #picked(window: Window, pick: number, deed: Deed | 'renew'): InstanceId | undefined {
    if (!window.usable || window.core === undefined) return undefined;
    try {
      const wanted = deed === 'stop' ? ['ready', 'starting'] : deed === 'start' ? ['stopped'] : undefined;
      const ours = window.core.fleet.instances.filter(({ ours, id, launch, state }) =>
        ours && launch !== undefined && id === launch.instanceId && (wanted === undefined || wanted.includes(state)));
      return ours.length === 0 ? undefined : ours[pick % ours.length]?.id;
    } catch {
      // The window dies in the middle of it.
      return undefined;
    }
  }

  /** The laptop's clock, as a window reads it. */
  #wallTime(core: Core): number {
    return core.meter.providerNow();
  }
}
