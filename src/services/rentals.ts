import { isAbort, isDefiniteRefusal, isRentError, RentError } from '../domain/errors.ts';
import { isAtRest, type InstanceId } from '../domain/instance.ts';
import type { Launch, Limits } from '../domain/launch.ts';
import type { UsdPerHour } from '../domain/money.ts';
import { allIn, type Offer, type ProviderId } from '../domain/offer.ts';
import type { Provider } from '../domain/provider.ts';
import type { Ssh } from '../domain/ssh.ts';
import type { Volume } from '../domain/volume.ts';
import { attend } from './attendance.ts';
import { createMachine, newLaunch, type CreatingDeps, type OnStage, type RentRequest } from './creating.ts';
import { endForGood } from './ending.ts';
import type { HostMemory } from './hostMemory.ts';
import { becomeReady, type Ready } from './readiness.ts';
import { takeUpUnfinished } from './unfinished.ts';

export interface RentalsDeps extends CreatingDeps {
  readonly providers: ReadonlyMap<ProviderId, Provider>;
  readonly ssh: Ssh;
  /** Sensitive work is done where this is asked: whoever rents, and however, private hosts are not. */
  readonly datacentreOnly?: (() => boolean) | undefined;
  readonly hosts?: Pick<HostMemory, 'failed' | 'met'>;
}

/** The use cases of a machine's life. Each promise settles when the provider has confirmed. */
export class Rentals {
  readonly #deps: RentalsDeps;

  constructor(deps: RentalsDeps) {
    this.#deps = deps;
  }

  /** The offer as it is now, for the disks that will be rented; undefined when it is gone, or cannot have that volume. */
  async quote(offer: Offer, diskGb: number, signal: AbortSignal, volume?: Volume): Promise<Offer | undefined> {
    const provider = this.#provider(offer.provider);
    const askedAt = this.#deps.store.place(offer.id);
    const found = await provider.findOffer(offer.id, diskGb, signal);
    const quoted = volume === undefined || found === undefined ? found : provider.volumes?.attach(found, volume);
    return quoted && { ...quoted, askedAt };
  }

  /**
   * Rents what was agreed to and waits until SSH answers. The create leaves exactly once. Aborting
   * ends whatever was made and then rejects with an AbortError; so does every failure after create.
   */
  async rent(request: RentRequest, onStage: OnStage, signal: AbortSignal): Promise<Ready> {
    const { store, fleet, ssh, log, datacentreOnly } = this.#deps;
    signal.throwIfAborted();
    if (request.offer.tier !== 'datacentre' && datacentreOnly?.() === true) throw new RentError('sensitive');
    const provider = this.#provider(request.offer.provider);
    const { offer, volume } = request;
    if (volume !== undefined && provider.volumes?.attach(offer, volume) === undefined) throw new RentError('badRequest', { detail: `${volume.id} cannot be attached there` });
    const publicKey = await ssh.publicKey();
    const launch = newLaunch(this.#deps, provider, request);
    try {
      store.intend(launch, offer.askedAt);
      attend(this.#deps, launch.id);
      onStage('asking');
      const instanceId = await createMachine(this.#deps, provider, { launch, request, publicKey }, onStage, signal);
      try {
        return await becomeReady(this.#deps, provider, { launch, instanceId, publicKey, agreed: allIn(request.offer) }, onStage, signal);
      } catch (error) {
        // Whatever went wrong after create, the machine bills: it ends before the person hears of it.
        log.warn(`ending ${instanceId}: it did not become usable`, error);
        onStage('cancelling');
        this.#deps.keeper?.ownEnd(launch.id);
        await endForGood(this.#deps, provider, launch.id, instanceId);
        throw error;
      }
    } finally {
      fleet.announce();
    }
  }

  /**
   * Makes the endpoint that was agreed to: written down, sent once, and found again by its name like a machine. It is
   * there when the provider has said so; nobody logs in to it.
   */
  async createEndpoint(request: RentRequest & Required<Pick<RentRequest, 'serverless'>>, signal: AbortSignal): Promise<InstanceId> {
    const { store, fleet } = this.#deps;
    signal.throwIfAborted();
    const provider = this.#provider(request.offer.provider);
    const launch = newLaunch(this.#deps, provider, request);
    try {
      store.intend(launch);
      const id = await createMachine(this.#deps, provider, { launch, request, publicKey: '' }, () => undefined, signal);
      store.mark(launch.id, 'ready');
      await this.#look(id);
      return id;
    } finally {
      fleet.announce();
    }
  }

  /** Makes sure that a running machine can be reached, and writes it into the host file. */
  async connect(id: InstanceId, onStage: OnStage, signal: AbortSignal): Promise<Ready> {
    const { launch, provider } = this.#ours(id);
    const publicKey = await this.#deps.ssh.publicKey();
    return await becomeReady(this.#deps, provider, { launch, instanceId: id, publicKey }, onStage, signal);
  }

  /**
   * Keeps the disk, which keeps costing. The wish is written down first: when the provider does not carry it out,
   * whoever looks after the provider goes on asking, across restarts.
   */
  async stop(id: InstanceId): Promise<void> {
    const { provider, key } = this.#of(id);
    if (provider.traits.noStop === true) throw new RentError('notAllowed', { detail: `${provider.id} can only destroy a machine` });
    const launch = this.#deps.store.launchOf(id);
    if (launch) this.#deps.keeper?.ownEnd(launch.id);
    this.#wishToStop(id, launch);
    await this.#look(id);
    await provider.stop(key);
    this.#deps.meter.turned(id, this.#deps.meter.providerNow());
    await this.#untilAtRest(id);
    if (launch) this.#deps.store.mark(launch.id, 'stopped');
    else this.#deps.store.setErrand(id, undefined);
    this.#deps.fleet.announce();
  }

  /** Aborting stops it again: whoever cancels a start does not mean to pay for a machine that runs. */
  async start(id: InstanceId, onStage: OnStage, signal: AbortSignal): Promise<Ready> {
    signal.throwIfAborted();
    try {
      return await this.#restart(id, (provider, key) => provider.start(key), onStage, signal);
    } catch (error) {
      if (isAbort(error) && this.#deps.store.launchOf(id)?.state === 'created') {
        onStage('stoppingAgain');
        await this.stop(id);
      }
      throw error;
    }
  }

  /** Lets an endpoint that was stopped have workers again, as many as were agreed to. */
  async startEndpoint(id: InstanceId): Promise<void> {
    const { launch, provider, key } = this.#ours(id);
    const { serverless } = launch.quote;
    if (serverless === undefined || provider.serverless === undefined) throw new RentError('notAllowed', { detail: 'it is no endpoint' });
    if (!this.#deps.store.mark(launch.id, 'created')) throw new RentError('notAllowed', { detail: 'it is being destroyed' });
    this.#deps.store.mark(launch.id, 'ready');
    try {
      await provider.serverless.start(key, serverless);
    } catch (error) {
      // A clear no changed nothing; anything else may have given it workers.
      if (isDefiniteRefusal(error)) this.#deps.store.mark(launch.id, launch.state);
      throw error;
    }
    await this.#look(id);
    this.#deps.fleet.announce();
  }

  async reboot(id: InstanceId, onStage: OnStage, signal: AbortSignal): Promise<Ready> {
    return this.#restart(id, (provider, key) => provider.reboot(key), onStage, signal);
  }

  /** Resolves when the machine is confirmed gone; until then it is shown as still billing. */
  async destroy(id: InstanceId): Promise<void> {
    const { provider, key } = this.#of(id);
    const launch = this.#deps.store.launchOf(id);
    if (launch === undefined && this.#deps.store.launch(key) !== undefined) return this.#destroyUnmade(key);
    if (launch) this.#deps.keeper?.ownEnd(launch.id);
    if (!(await endForGood(this.#deps, provider, launch?.id, id))) throw new RentError('uncertain', { detail: 'it was never shown; it is ended when it is' });
    if (launch) await this.#deps.ssh.removeHost(launch.id).catch((error: unknown) => this.#deps.log.warn('host entry stays', error));
  }

  /** What no machine is known of yet is ended as soon as one turns up. */
  async #destroyUnmade(launchId: string): Promise<void> {
    const { store, fleet } = this.#deps;
    const made = store.launch(launchId)?.instanceId;
    if (made !== undefined) return this.destroy(made);
    store.mark(launchId, 'ending');
    fleet.announce();
    throw new RentError('uncertain', { detail: 'no machine of it was shown yet' });
  }

  /**
   * What passing a limit means: it stops, which keeps the disk, unless the person chose otherwise, or agreed to a
   * machine that cannot be stopped. One that never became usable holds nothing to keep, and some providers refuse to stop it.
   */
  async endAtLimit(id: InstanceId): Promise<void> {
    const launch = this.#deps.store.launchOf(id);
    const nothingToKeep = launch !== undefined && (launch.readyAt === undefined || launch.quote.limits.atLimit === 'destroy');
    await (nothingToKeep || this.#of(id).provider.traits.noStop === true ? this.destroy(id) : this.stop(id));
  }

  renew(id: InstanceId, leaseEndsAt: number): void {
    const { launch } = this.#ours(id);
    this.#deps.store.setLimits(launch.id, { ...launch.quote.limits, leaseEndsAt });
    this.#deps.keeper?.limitsChanged(id);
    this.#deps.fleet.announce();
  }

  setBudget(id: InstanceId, budget: Limits['budget']): void {
    const { launch } = this.#ours(id);
    this.#deps.store.setLimits(launch.id, { ...launch.quote.limits, budget });
    this.#deps.keeper?.limitsChanged(id);
    this.#deps.fleet.announce();
  }

  /** Bids anew for an interruptible machine, which then costs that and its disk. Starts nothing. */
  async changeBid(id: InstanceId, bid: UsdPerHour): Promise<void> {
    const { launch, provider } = this.#ours(id);
    await (await import('./changeBid.ts')).changeBid(this.#deps, provider, launch, id, bid);
  }

  logs(id: InstanceId, signal: AbortSignal): Promise<string> {
    const { provider, key } = this.#of(id);
    return provider.logs?.(key, signal) ?? Promise.reject(new RentError('notAllowed', { detail: `${provider.id} shows no logs` }));
  }

  /** Takes up what a closed window left half done, whenever this window is the one that acts, until `signal`. */
  resume(onReady: (ready: Ready) => void, signal: AbortSignal): void {
    const takeUp = async (launch: Launch, id: InstanceId, until: AbortSignal): Promise<void> => {
      // An endpoint that a window left in the middle is as ready as it will ever be.
      if (launch.quote.serverless === undefined) onReady(await this.#takeUp(launch, id, until));
      else if (this.#deps.store.mark(launch.id, 'ready')) this.#deps.fleet.announce();
    };
    takeUpUnfinished({ ...this.#deps, takeUp }, signal);
  }

  /** What never became usable is ended, as it would have been by the window that rented it; what did once is not. */
  async #takeUp(launch: Launch, instanceId: InstanceId, signal: AbortSignal): Promise<Ready> {
    attend(this.#deps, launch.id);
    const publicKey = await this.#deps.ssh.publicKey();
    const awaited = { launch, instanceId, publicKey, agreed: launch.quote.rates.running };
    try {
      return await becomeReady(this.#deps, this.#provider(launch.provider), awaited, () => undefined, signal);
    } catch (error) {
      const useless = isRentError(error, 'dud', 'badImage', 'bidTooLow', 'priceChanged', 'sshUnreachable', 'sshRefused');
      // Another window may have had it ready meanwhile, and somebody may work on it.
      const { state, readyAt } = this.#deps.store.launch(launch.id) ?? launch;
      if (useless && state === 'created' && readyAt === undefined) await endForGood(this.#deps, this.#provider(launch.provider), launch.id, instanceId);
      else if (isRentError(error, 'priceChanged') && this.#provider(launch.provider).traits.noStop !== true) await this.stop(instanceId);
      throw error;
    }
  }

  async #restart(id: InstanceId, act: (provider: Provider, key: string) => Promise<void>, onStage: OnStage, signal: AbortSignal): Promise<Ready> {
    const { launch, provider, key } = this.#ours(id);
    onStage('starting');
    attend(this.#deps, launch.id);
    if (!this.#deps.store.mark(launch.id, 'created')) throw new RentError('notAllowed', { detail: 'it is being destroyed' });
    await this.#look(id);
    try {
      await act(provider, key);
    } catch (error) {
      // A clear no changed nothing; anything else may have started it.
      if (!isRentError(error, 'network', 'serverError', 'badResponse')) this.#deps.store.mark(launch.id, launch.state);
      throw error;
    }
    this.#deps.meter.turned(id, this.#deps.meter.providerNow());
    this.#deps.keeper?.begun(launch.id);
    // The container begins anew with a new host key: our own action makes the change legitimate.
    await this.#deps.ssh.forgetHostKey(launch.id);
    return await this.connect(id, onStage, signal);
  }

  /** A look before an action closes the books on what came before it; the action does not depend on it. */
  async #look(id: InstanceId): Promise<void> {
    const { provider, key } = this.#of(id);
    try {
      const found = await provider.get(key, new AbortController().signal);
      if (found) this.#deps.fleet.see(found.instance, found.at);
    } catch (error) {
      this.#deps.log.warn(`could not look at ${id} first`, error);
    }
  }

  #wishToStop(id: InstanceId, launch: Launch | undefined): void {
    try {
      if (launch) this.#deps.store.mark(launch.id, 'stopping');
      else this.#deps.store.setErrand(id, 'stop');
    } catch (error) {
      // Where nothing can be written it is asked for all the same: it can only save money.
      this.#deps.log.error(`the wish to stop ${id} could not be written down`, error);
    }
    this.#deps.fleet.announce();
  }

  async #untilAtRest(id: InstanceId): Promise<void> {
    const { provider, key } = this.#of(id);
    const { clock, fleet } = this.#deps;
    for (let tries = 0; tries < 60; tries++) {
      const found = await provider.get(key, new AbortController().signal);
      if (found === undefined) throw new RentError('gone');
      fleet.see(found.instance, found.at);
      if (isAtRest(found.instance)) return;
      await clock.sleep(2000);
    }
    throw new RentError('serverError', { detail: 'the machine did not stop within two minutes' });
  }

  #provider(id: ProviderId): Provider {
    const provider = this.#deps.providers.get(id);
    if (!provider) throw new RentError('badRequest', { detail: `no provider ${id}` });
    return provider;
  }

  #of(id: InstanceId): { provider: Provider; key: string } {
    const colon = id.indexOf(':');
    return { provider: this.#provider(id.slice(0, colon) as ProviderId), key: id.slice(colon + 1) };
  }

  #ours(id: InstanceId): { launch: Launch; provider: Provider; key: string } {
    const launch = this.#deps.store.launchOf(id);
    if (!launch) throw new RentError('notAllowed', { detail: 'it was not rented here' });
    return { launch, ...this.#of(id) };
  }
}
