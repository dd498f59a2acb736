import { RentError } from '../../src/domain/errors.ts';
import type { SeenInstance } from '../../src/domain/instance.ts';
import { sumRates, usdPerHour, usd, type UsdPerHour } from '../../src/domain/money.ts';
import type { Offer, OfferPage } from '../../src/domain/offer.ts';
import type { Account, Charge, CreateOrder, InstanceListing, Provider, ProviderTraits } from '../../src/domain/provider.ts';
import type { TemplatePage } from '../../src/domain/start.ts';
import type { FakeClock } from './fakeClock.ts';
import { FakeVolumes } from './fakeVolumes.ts';

export interface FakeMachine {
  seen: SeenInstance;
  /** Looks until a starting machine is ready. */
  looksLeft: number;
}

/** What may go wrong, one entry consumed per call. */
export interface Scripts {
  create: (() => 'ok' | 'lost' | 'lostAfter' | RentError)[];
  list: (() => 'ok' | 'partial' | 'empty' | RentError)[];
  destroy: (() => 'ok' | 'lie' | RentError)[];
  get: (() => 'ok' | RentError)[];
  bid: (() => 'ok' | 'lost' | 'lostAfter' | RentError)[];
}

/** A provider in memory with the port's promises and the real ones' ways of breaking them. */
export class FakeProvider implements Provider {
  readonly id: 'vast' | 'runpod';
  traits: ProviderTraits = {
    name: 'Fake', defaultImage: 'image:1', workspaceFolder: '/workspace', keysUrl: 'https://keys.invalid',
    billingUrl: 'https://billing.invalid', usualStartMinutes: [1, 3], chargesSettleMs: 3_600_000, chargeBucketMs: 3_600_000, carriesGuard: () => true,
  };
  readonly machines = new Map<string, FakeMachine>();
  readonly orders: CreateOrder[] = [];
  readonly destroyed: string[] = [];
  readonly calls: string[] = [];
  readonly volumes: FakeVolumes;
  templatesToTell: TemplatePage = { templates: [], dropped: 0, more: false };
  readonly scripts: Scripts = { create: [], list: [], destroy: [], get: [], bid: [] };
  offers: Offer[] = [];
  pages: (OfferPage | RentError)[] | undefined;
  chargesToTell: Charge[] = [];
  accountToTell: Account | RentError = { balance: usd(25) };
  looksToReady = 2;
  rate = usdPerHour(0.33);
  readonly #clock: FakeClock;
  #next = 1;

  constructor(clock: FakeClock, id: 'vast' | 'runpod' = 'vast') {
    this.#clock = clock;
    this.id = id;
    this.volumes = new FakeVolumes(id);
  }

  async *search(): AsyncIterable<OfferPage> {
    this.calls.push('search');
    for (const page of this.pages ?? [{ offers: this.offers, dropped: 0, more: false }]) {
      await Promise.resolve();
      if (page instanceof RentError) throw page;
      yield page;
    }
  }

  findOffer(id: string): Promise<Offer | undefined> {
    return Promise.resolve(this.offers.find((offer) => offer.id === id));
  }

  account(): Promise<Account> {
    return this.accountToTell instanceof RentError ? Promise.reject(this.accountToTell) : Promise.resolve(this.accountToTell);
  }

  create(order: CreateOrder): Promise<string> {
    this.calls.push('create');
    this.orders.push(order);
    const outcome = this.scripts.create.shift()?.() ?? 'ok';
    if (outcome instanceof RentError) return Promise.reject(outcome);
    if (outcome === 'lost') return Promise.reject(new RentError('network'));
    const key = this.add({ label: order.label });
    return outcome === 'lostAfter' ? Promise.reject(new RentError('network')) : Promise.resolve(key);
  }

  /** Puts a machine there, as another program or an earlier life might have. */
  add(change: Partial<SeenInstance>): string {
    const key = change.key ?? String(this.#next++);
    const seen: SeenInstance = {
      id: `${this.id}:${key}`, provider: this.id, key, label: '', gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, place: 'Norway',
      kind: 'on-demand', diskGb: 40, state: 'starting', outbid: false, statusText: '', createdAt: this.#clock.now(),
      rates: { running: this.rate, stopped: usdPerHour(0.02) }, endpoints: [], ...change,
    };
    this.machines.set(key, { seen, looksLeft: this.looksToReady });
    return key;
  }

  set(key: string, change: Partial<SeenInstance>): void {
    const machine = this.machines.get(key);
    if (machine) machine.seen = { ...machine.seen, ...change };
  }

  list(): Promise<InstanceListing> {
    this.calls.push('list');
    const outcome = this.scripts.list.shift()?.() ?? 'ok';
    if (outcome instanceof RentError) return Promise.reject(outcome);
    const instances = [...this.machines.values()].map(({ seen }) => seen);
    return Promise.resolve({
      instances: outcome === 'empty' || outcome === 'partial' ? [] : instances,
      complete: outcome !== 'partial',
      at: this.#clock.now(),
    });
  }

  get(key: string): Promise<{ instance: SeenInstance; at: number } | undefined> {
    this.calls.push('get');
    const outcome = this.scripts.get.shift()?.() ?? 'ok';
    if (outcome instanceof RentError) return Promise.reject(outcome);
    const machine = this.machines.get(key);
    if (machine === undefined) return Promise.resolve(undefined);
    if (machine.seen.state === 'starting' && machine.looksLeft-- <= 0) {
      this.set(key, { state: 'ready', endpoints: [{ host: '127.0.0.1', port: 2200, user: 'root', viaProxy: false }] });
    }
    return Promise.resolve({ instance: this.machines.get(key)?.seen ?? machine.seen, at: this.#clock.now() });
  }

  admitKey(): Promise<void> {
    this.calls.push('admitKey');
    return Promise.resolve();
  }

  start(key: string): Promise<void> {
    this.set(key, { state: 'starting' });
    return Promise.resolve();
  }

  stop(key: string): Promise<void> {
    this.calls.push('stop');
    this.set(key, { state: 'stopped' });
    return Promise.resolve();
  }

  /** As at Vast: paid whole, and its disk besides. */
  changeBid(key: string, bid: UsdPerHour): Promise<void> {
    this.calls.push('bid');
    const outcome = this.scripts.bid.shift()?.() ?? 'ok';
    if (outcome instanceof RentError) return Promise.reject(outcome);
    const rates = this.machines.get(key)?.seen.rates;
    if (outcome !== 'lost' && rates) this.set(key, { rates: { ...rates, running: sumRates([bid, rates.stopped]) } });
    return outcome === 'ok' ? Promise.resolve() : Promise.reject(new RentError('network'));
  }

  reboot(key: string): Promise<void> {
    return this.start(key);
  }

  destroy(key: string): Promise<void> {
    this.calls.push('destroy');
    const outcome = this.scripts.destroy.shift()?.() ?? 'ok';
    if (outcome instanceof RentError) return Promise.reject(outcome);
    this.destroyed.push(key);
    if (outcome === 'ok') this.machines.delete(key);
    return Promise.resolve();
  }

  templates(): Promise<TemplatePage> {
    return Promise.resolve(this.templatesToTell);
  }

  logs(): Promise<string> {
    return Promise.resolve('log');
  }

  charges(): Promise<readonly Charge[]> {
    return Promise.resolve(this.chargesToTell);
  }
}
