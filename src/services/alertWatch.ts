/** Looks for what people wait for, and tells once each time that it is there. */
import { meeting, withSeen, type Alert, type AlertMemory } from '../domain/alert.ts';
import { alertEveryMs } from '../domain/alertPace.ts';
import type { OfferFilter } from '../domain/filter.ts';
import type { Offer } from '../domain/offer.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { MarketRead } from '../domain/sample.ts';
import type { Once } from './once.ts';

export interface Appeared {
  readonly alert: Alert;
  /** The cheapest of those that meet it. */
  readonly offer: Offer;
  readonly count: number;
}

export interface AlertWatchDeps {
  readonly memory: AlertMemory;
  /** All that the providers answer to that filter, also where one of them does not answer. */
  readonly read: (filter: OfferFilter, signal: AbortSignal) => Promise<readonly Offer[]>;
  /** Hidden hosts, and those that failed: nobody waits for them. */
  readonly isLeftOut: (offer: Offer) => boolean;
  readonly once: Once;
  readonly tell: (appeared: Appeared) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Windows do not wake at the same moment. */
const slackMs = 30_000;
const freshMs = 15 * 60_000;
/** Searches are rationed: whoever rents meanwhile must not find the minute used up. */
const apartMs = 10_000;

export class AlertWatch {
  readonly #deps: AlertWatchDeps;
  readonly #met = new Map<string, { readonly at: number; readonly offers: readonly Offer[] }>();
  /** As this window has seen them, in case the store cannot keep it. */
  readonly #seen = new Map<string, Alert>();

  constructor(deps: AlertWatchDeps) {
    this.#deps = deps;
  }

  /** What met any alert just now: where one of them is gone, another may do. */
  get met(): readonly Offer[] {
    const now = this.#deps.clock.now();
    return [...this.#met.values()].filter(({ at }) => now - at < freshMs).flatMap(({ offers }) => offers);
  }

  /** Asks the providers, where no other window has just done so. */
  async check(signal: AbortSignal): Promise<void> {
    const { memory, clock } = this.#deps;
    const alerts = memory.alerts();
    if (alerts.length === 0 || !memory.claim(clock.now(), alertEveryMs - slackMs)) return;
    for (const [index, alert] of alerts.entries()) {
      if (index > 0) await clock.sleep(apartMs, signal);
      if (signal.aborted) return;
      await this.look(alert, signal);
    }
  }

  /** One look for one alert, now. What meets it, the cheapest first. */
  async look(alert: Alert, signal: AbortSignal): Promise<readonly Offer[]> {
    const offers = await this.#deps.read(alert.filter, signal);
    return signal.aborted ? [] : this.#take(alert, offers);
  }

  /** What was read for another reason may hold it too. */
  see({ offers }: MarketRead): void {
    for (const alert of this.#deps.memory.alerts()) this.#take(alert, offers);
  }

  #take(alert: Alert, offers: readonly Offer[]): readonly Offer[] {
    const { memory, isLeftOut, once, tell, clock, log } = this.#deps;
    const found = meeting(alert, offers).filter((offer) => !isLeftOut(offer));
    const [offer] = found;
    if (offer === undefined) return found;
    const now = clock.now();
    this.#met.set(alert.id, { at: now, offers: found });
    const seen = withSeen({ ...alert, ...latest(alert, this.#seen.get(alert.id)) }, now);
    this.#seen.set(alert.id, seen);
    try {
      // The list on show is read every minute, and a write is a trip to the disk.
      if (seen.since !== alert.since || now - (alert.seenAt ?? 0) >= alertEveryMs / 2) memory.update(seen);
    } catch (error) {
      log.warn('that an alert was met cannot be kept; it may be told again', error);
    }
    if (once.first(`alert/${alert.id}`, seen.since)) tell({ alert: seen, offer, count: found.length });
    return found;
  }
}

const latest = (kept: Alert, seen: Alert | undefined): Pick<Alert, 'seenAt' | 'since'> | undefined =>
  seen !== undefined && (seen.seenAt ?? 0) > (kept.seenAt ?? 0) ? seen : kept;
