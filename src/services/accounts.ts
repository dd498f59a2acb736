import { createEmitter } from '../domain/emitter.ts';
import type { Usd } from '../domain/money.ts';
import { providerIds, type ProviderId } from '../domain/offer.ts';
import type { Log } from '../domain/ports.ts';
import type { Account, Provider } from '../domain/provider.ts';

/** Where keys are kept: bound to the provider's endpoint, so that no other origin ever receives one. */
export interface Keys {
  get(provider: ProviderId): Promise<string | undefined>;
  set(provider: ProviderId, key: string): Promise<void>;
  delete(provider: ProviderId): Promise<void>;
}

/** Who is signed in, and what is left. */
export class Accounts {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #signed = createEmitter<ProviderId>();
  /** Somebody signed in or out. */
  readonly onDidSign = this.#signed.event;
  readonly #signedIn = new Set<ProviderId>();
  readonly #balances = new Map<ProviderId, Usd>();
  readonly #keys: Keys;
  readonly #providers: ReadonlyMap<ProviderId, Provider>;
  readonly #trial: (provider: ProviderId, key: string) => Provider;
  readonly #log: Log;

  /** `trial` makes a provider that uses a key which is not kept yet. */
  constructor(
    keys: Keys,
    providers: ReadonlyMap<ProviderId, Provider>,
    trial: (provider: ProviderId, key: string) => Provider,
    log: Log,
  ) {
    this.#keys = keys;
    this.#providers = providers;
    this.#trial = trial;
    this.#log = log;
  }

  /** Reads which keys are there. Cheap: nothing is sent. */
  async load(): Promise<void> {
    await Promise.all(
      providerIds.map(async (id) => {
        if (await this.#keys.get(id)) this.#signedIn.add(id);
        else this.#signedIn.delete(id);
      }),
    );
    this.#changed.fire();
  }

  signedIn(provider: ProviderId): boolean {
    return this.#signedIn.has(provider);
  }

  balance(provider: ProviderId): Usd | undefined {
    return this.#balances.get(provider);
  }

  get balances(): ReadonlyMap<ProviderId, Usd> {
    return this.#balances;
  }

  /** Tests the key and keeps it only when it works. Throws what the provider said of it. */
  async signIn(provider: ProviderId, key: string, signal: AbortSignal): Promise<Account> {
    const account = await this.#trial(provider, key).account(signal);
    await this.#keys.set(provider, key);
    this.#signedIn.add(provider);
    this.#keep(provider, account);
    this.#signed.fire(provider);
    return account;
  }

  async signOut(provider: ProviderId): Promise<void> {
    await this.#keys.delete(provider);
    this.#signedIn.delete(provider);
    this.#balances.delete(provider);
    this.#changed.fire();
    this.#signed.fire(provider);
  }

  /** A balance that cannot be read is dropped, because an old one would promise hours that are not there. */
  async refreshBalances(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...this.#signedIn].map(async (id) => {
        try {
          this.#keep(id, (await this.#providers.get(id)?.account(signal)) ?? {});
        } catch (error) {
          this.#balances.delete(id);
          this.#log.warn(`balance of ${id} could not be read`, error);
          this.#changed.fire();
        }
      }),
    );
  }

  #keep(provider: ProviderId, account: Account): void {
    if (account.balance === undefined) this.#balances.delete(provider);
    else this.#balances.set(provider, account.balance);
    this.#changed.fire();
  }
}
