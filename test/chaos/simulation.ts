/** Plays one schedule: the real product in its windows, the practice market, people, and everything that goes wrong. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GuardTerms } from '../../src/domain/guard.ts';
import type { Offer } from '../../src/domain/offer.ts';
import type { Log } from '../../src/domain/ports.ts';
import { createRandom, type Random } from '../../src/practice/random.ts';
import { openBazaar, type Bazaar } from './bazaar.ts';
import { endDay, type Ended } from './ending.ts';
import { Evidence } from './evidence.ts';
import { createGuards } from './guards.ts';
import { Laptop, WindowClock, Freezer } from './laptop.ts';
import { isCrash, Life } from './life.ts';
import { createMachines, type Container } from './machines.ts';
import { rentForeign } from './neighbours.ts';
import { judge, type Verdict } from './oracle.ts';
import { People } from './people.ts';
import type { Schedule, Timed } from './schedule.ts';
import { sealWith } from './sealed.ts';
import { readOffers } from './sidebar.ts';
import { silent } from './silent.ts';
import { Hung, Timeline } from './timeline.ts';
import { Weather } from './weather.ts';
import { throwDisksAway } from './watchedDatabase.ts';
import { Window, type Surroundings } from './window.ts';

/** Some day of October 2026, so that the real clock decides nothing. */
const dayOne = Date.UTC(2026, 9, 5, 8);

export interface PlayOptions {
  /** A fast folder that is there. */
  readonly folder: string;
  /** Where the product's log and the trace go. */
  readonly tell?: (line: string) => void;
}

export interface Played {
  readonly verdict: Verdict;
  readonly fingerprint: string;
  readonly steps: number;
  /** What came of it, by name, so that a run can show that it did reach what it is for. */
  readonly outcomes: readonly string[];
}

export async function play(schedule: Schedule, { folder, tell }: PlayOptions): Promise<Played> {
  const random = createRandom(`chaos/${schedule.seed}/play`);
  const timeline = new Timeline(dayOne + (random.integer(0, 23) * 60 + random.integer(0, 59)) * 60_000);
  sealWith({ now: () => timeline.now, random: random.fork('chance') });
  const own = join(folder, `schedule-${schedule.seed}`);
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const stage = new Stage(schedule, own, timeline, random, tell);
  try {
    await stage.play();
    return { verdict: stage.verdict(), fingerprint: stage.evidence.fingerprint, steps: timeline.steps, outcomes: stage.outcomes() };
  } catch (error) {
    if (!(error instanceof Hung)) throw error;
    return { verdict: stage.hung(error), fingerprint: stage.evidence.fingerprint, steps: timeline.steps, outcomes: stage.outcomes() };
  } finally {
    stage.clear();
    throwDisksAway();
    rmSync(own, { recursive: true, force: true });
  }
}

class Stage {
  readonly evidence = new Evidence();
  readonly #schedule: Schedule;
  readonly #timeline: Timeline;
  readonly #weather = new Weather();
  readonly #laptop: Laptop;
  readonly #around: Surroundings;
  readonly #bazaar: Bazaar;
  readonly #people: People;
  readonly #windows = new Map<number, Window>();
  readonly #tell: ((line: string) => void) | undefined;
  readonly #uncaught = (error: unknown): void => void (isCrash(error) || this.evidence.uncaught.push(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  #offers: readonly Offer[] = [];
  #opened = 0;
  #groups = 0;
  #ended: Ended | undefined;

  constructor(schedule: Schedule, folder: string, timeline: Timeline, random: Random, tell: ((line: string) => void) | undefined) {
    this.#schedule = schedule;
    this.#timeline = timeline;
    this.#tell = tell;
    this.#laptop = new Laptop(timeline);
    const guards = createGuards({ timeline, evidence: this.evidence, ask: (provider, arrival) => this.#bazaar.ask(provider, arrival), weather: this.#weather, random: random.fork('guards'), termsOf: (container) => this.#termsOf(container) });
    const machines = createMachines(guards);
    this.#bazaar = openBazaar({ ...schedule, folder, timeline, machines, weather: this.#weather });
    this.#people = new People(timeline, this.evidence);
    this.#around = {
      timeline, machines, guards, accounts: schedule.accounts, bazaar: this.#bazaar, weather: this.#weather, evidence: this.evidence, laptop: this.#laptop,
      stateFolder: join(folder, 'state'), random: random.fork('windows'), log: (window) => this.#log(window),
    };
    process.on('unhandledRejection', this.#uncaught);
  }

  async play(): Promise<void> {
    const { happenings, endsAt, accounts, foreign, ending } = this.#schedule;
    this.#offers = await readOffers(this.#bazaar, accounts, new WindowClock(this.#laptop, new Freezer(), new Life()));
    await rentForeign(this.#bazaar, this.#offers, foreign);
    for (const happening of happenings) {
      await this.#timeline.run(this.#timeline.startAt + happening.at);
      this.#tell?.(`${clockTime(this.#timeline.now)} ${JSON.stringify(happening)}`);
      await this.#let(happening);
    }
    await this.#timeline.run(this.#timeline.startAt + endsAt);
    this.#clearSky();
    this.#tell?.(`${clockTime(this.#timeline.now)} the sky clears; the ending is ${ending}`);
    this.#ended = await endDay(ending, {
      around: this.#around,
      windows: () => [...this.#windows.values()],
      open: () => this.#open(0),
      tell: this.#tell,
    });
  }

  verdict(): Verdict {
    if (this.#ended === undefined) throw new Error('it has not ended');
    return judge({ schedule: this.#schedule, evidence: this.evidence, world: this.#bazaar.world, weather: this.#weather, attendance: this.#laptop.attendance, ended: this.#ended });
  }

  outcomes(): string[] {
    const { clicks, wishes } = this.evidence;
    return [
      ...clicks.map(({ outcome, error }) => `rent ${outcome}${error === undefined ? '' : ` ${error.split(':')[1]?.trim() ?? ''}`}`),
      ...wishes.map(({ deed, outcome, error }) => `${deed} ${outcome}${error === undefined ? '' : ` ${error.split(':')[1]?.trim() ?? ''}`}`),
      ...(this.#ended?.launches.map(({ state }) => `launch ${state}`) ?? []),
      `machines ${this.evidence.made.size}`,
      `ending ${this.#schedule.ending}`,
    ];
  }

  hung(error: Hung): Verdict {
    return { violations: [{ kind: 'hung', detail: error.message }], spendErrorUsd: 0, spendErrorPct: 0, overBudgetUsd: 0 };
  }

  clear(): void {
    for (const window of this.#windows.values()) window.crash();
    process.off('unhandledRejection', this.#uncaught);
  }

  async #let(happening: Timed): Promise<void> {
    const { faults } = this.#bazaar.world;
    const window = 'window' in happening ? this.#windows.get(happening.window) : undefined;
    switch (happening.do) {
      case 'open':
        return void (await this.#open(happening.window));
      case 'close':
        return window?.close();
      case 'crash':
        return window?.crash();
      case 'doom':
        return window?.life.crashAfter(happening.calls);
      case 'freeze':
        window?.freezer.freeze();
        return this.#until(happening.ms, () => window?.freezer.thaw());
      case 'stall':
        return window?.life.atRequest(happening.requests, () => {
          window.freezer.freeze();
          this.#until(happening.ms, () => window.freezer.thaw());
        });
      case 'diskFull':
        if (window) window.life.diskFull = true;
        return this.#until(happening.ms, () => window && (window.life.diskFull = false));
      case 'sleep':
        return this.#laptop.sleep(happening.ms);
      case 'offline':
        this.#laptop.offline = true;
        return this.#until(happening.ms, () => (this.#laptop.offline = false));
      case 'setClock':
        this.#laptop.skewMs = happening.skewMs;
        return;
      case 'rent':
        return this.#rent(happening);
      case 'cancel':
        return window && this.#people.cancel(window);
      case 'stop':
      case 'start':
      case 'destroy':
        return window && this.#people.ask(window, happening.do, happening.pick);
      case 'renew':
        return window && this.#people.renew(window, happening.pick, happening.leaseMinutes);
      case 'setBudget':
        return window && this.#people.setBudget(window, happening.pick, happening.budgetUsd);
      case 'faults':
        for (const [name, probability] of Object.entries(happening.faults)) faults.set(name, probability);
        return this.#troubled(happening.ms, () => {
          for (const name of Object.keys(happening.faults)) faults.set(name, 0);
        });
      case 'outage':
        this.#weather.outages.set(happening.provider, happening.how);
        return this.#troubled(happening.ms, () => this.#weather.outages.delete(happening.provider));
      case 'revokeKey':
        this.#weather.revokedKeys.add(happening.provider);
        return this.#troubled(happening.ms, () => this.#weather.revokedKeys.delete(happening.provider));
      case 'lag':
        this.#weather.lagMs.set(happening.provider, happening.lagMs);
        return this.#troubled(happening.ms, () => this.#weather.lagMs.delete(happening.provider));
      case 'late':
        this.#weather.lateMs.set(happening.provider, happening.lateMs);
        return this.#troubled(happening.ms, () => this.#weather.lateMs.delete(happening.provider));
      case 'doubleCreate':
        this.#weather.doubledCreates++;
        return;
    }
  }

  #rent({ windows, gapMs, offer, budgetUsd, leaseMinutes }: Timed & { do: 'rent' }): void {
    const chosen = this.#offers[offer % Math.max(1, this.#offers.length)];
    if (chosen === undefined) return;
    const order = { group: `wish-${++this.#groups}`, offer: chosen, budgetUsd, leaseMinutes };
    windows.forEach((index, click) => {
      this.#timeline.after(click * gapMs, () => {
        const window = this.#windows.get(index);
        if (window) this.#people.rent(window, order);
      });
    });
  }

  /** A window that is there already stays. */
  async #open(index: number): Promise<Window> {
    const there = this.#windows.get(index);
    if (there !== undefined && !there.life.over) return there;
    const window = new Window(`w${index}.${++this.#opened}`, this.#around);
    this.#windows.set(index, window);
    await window.open();
    return window;
  }

  #termsOf({ env }: Container): GuardTerms | undefined {
    const { rentals } = this.#bazaar.world;
    const rental = rentals.get('runpod', env['RUNPOD_POD_ID'] ?? '') ?? rentals.get('vast', env['CONTAINER_ID'] ?? '');
    return this.evidence.terms.get(rental?.label ?? '');
  }

  #until(ms: number, undo: () => void): void {
    this.#timeline.after(ms, undo);
  }

  #troubled(ms: number, undo: () => void): void {
    this.#weather.trouble(this.#timeline.now, this.#timeline.now + ms);
    this.#until(ms, undo);
  }

  #clearSky(): void {
    this.#bazaar.world.faults.clear();
    this.#weather.clear();
    this.#laptop.offline = false;
    this.#laptop.wake();
    for (const window of this.#windows.values()) {
      window.freezer.thaw();
      window.life.diskFull = false;
      window.life.spare();
    }
  }

  #log(window: string): Log {
    const tell = this.#tell;
    if (tell === undefined) return silent;
    const at = (level: string) => (message: string | Error, ...data: unknown[]): void =>
      tell(`${clockTime(this.#timeline.now)}   ${window} ${level} ${String(message)} ${data.map(String).join(' ')}`);
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}

const clockTime = (at: number): string => new Date(at).toISOString().slice(8, 23);
