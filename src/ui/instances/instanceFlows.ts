/** What a person does to one machine. What costs or loses something is asked first. */
import type { InstanceId } from '../../domain/instance.ts';
import type { Limits } from '../../domain/launch.ts';
import type { ProviderId } from '../../domain/offer.ts';
import type { ProviderTraits } from '../../domain/provider.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Ready } from '../../services/readiness.ts';
import type { OnStage } from '../../services/creating.ts';
import type { Rentals } from '../../services/rentals.ts';
import type { ProgressTask } from '../dialogs.ts';
import { reportLater } from '../report.ts';
import type { Consent } from '../rent/consent.ts';
import { stageWords } from '../rent/stageWords.ts';
import { askToRaise } from '../rent/raiseCap.ts';
import { usedUp, type Purse } from '../rent/purse.ts';
import type { Settings } from '../settings.ts';
import { rebootConsent, startConsent, stopConsent } from './confirmations.ts';
import { nameOf } from './instanceRow.ts';
import { leaveWell, type LeaveDeps } from './leaveFlow.ts';
import { limitsForStart } from './limitsForStart.ts';

export interface InstanceDeps extends LeaveDeps {
  readonly rentals: Pick<Rentals, 'stop' | 'start' | 'startEndpoint' | 'reboot' | 'destroy' | 'renew' | 'setBudget' | 'connect'>;
  readonly settings: Settings;
  readonly now: () => number;
  /** What a machine at this provider is paid from. */
  readonly purse: (provider: ProviderId) => Purse;
  readonly practice: boolean;
  readonly traits: (provider: ProviderId) => ProviderTraits;
  readonly onReady: (ready: Ready) => void;
  /** Of this window, on that machine. */
  readonly closeTerminals: (alias: string) => void;
}

export class InstanceFlows {
  readonly #deps: InstanceDeps;
  readonly #busy = new Set<InstanceId>();

  constructor(deps: InstanceDeps) {
    this.#deps = deps;
  }

  get busy(): boolean {
    return this.#busy.size > 0;
  }

  stop(instance: FleetInstance): Promise<void> {
    const { t } = this.#deps.voice;
    return this.#once(instance, async () => {
      if ((await this.#agreed(stopConsent(instance, this.#deps.voice), t('Stop'), true)) === undefined) return;
      await this.#stopNow(instance);
    });
  }

  destroy(instance: FleetInstance): Promise<void> {
    const { rentals, voice } = this.#deps;
    return this.#once(instance, async () => {
      const answer = await leaveWell(this.#deps, instance, () => this.#leave(instance));
      if (answer === 'stop') await this.#stopNow(instance);
      if (answer !== 'destroy') return;
      this.#leave(instance);
      await this.#tell(instance, voice.t('Destroying {0}', nameOf(instance)), false, () => rentals.destroy(instance.id));
    });
  }

  start(instance: FleetInstance): Promise<void> {
    const { dialogs, editor, now, practice, settings, traits, voice } = this.#deps;
    const { t } = voice;
    return this.#once(instance, async () => {
      const at = now();
      const purse = this.#deps.purse(instance.provider);
      const full = usedUp(purse);
      if (full !== undefined) return askToRaise(dialogs, editor, full, voice);
      const limits = limitsForStart(instance.limits, instance.spent, settings.limits, at);
      if ((await this.#agreed(startConsent(instance, limits, { now: at, practice, purse, selfStop: instance.workers === undefined && traits(instance.provider).carriesGuard(instance.launch?.quote.image ?? '') }, voice), t('Start'), false)) === undefined) return;
      await this.#startNow(instance, limits);
    });
  }

  /** For who has agreed to what it costs, and to these limits, already. */
  startAgreed(instance: FleetInstance, limits: Pick<Limits, 'budget' | 'leaseEndsAt'>): Promise<void> {
    return this.#once(instance, () => this.#startNow(instance, limits));
  }

  reboot(instance: FleetInstance): Promise<void> {
    const { rentals, voice } = this.#deps;
    const { t } = voice;
    return this.#once(instance, async () => {
      if ((await this.#agreed(rebootConsent(instance, voice), t('Reboot'), true)) === undefined) return;
      this.#leave(instance);
      await this.#untilReady(instance, t('Rebooting {0}', nameOf(instance)), (onStage, signal) => rentals.reboot(instance.id, onStage, signal));
    });
  }

  /** Makes sure that it answers; undefined when it does not, which the person has been told then. */
  connect(instance: FleetInstance, retry: () => Promise<void>): Promise<Ready | undefined> {
    const { rentals, voice } = this.#deps;
    return this.#staged(instance, voice.t('Connecting to {0}', nameOf(instance)), (onStage, signal) => rentals.connect(instance.id, onStage, signal), retry);
  }

  async #untilReady(instance: FleetInstance, title: string, act: Act): Promise<void> {
    const ready = await this.#staged(instance, title, act);
    if (ready) this.#deps.onReady(ready);
  }

  #startNow(instance: FleetInstance, { budget, leaseEndsAt }: Pick<Limits, 'budget' | 'leaseEndsAt'>): Promise<void> {
    const { rentals, voice } = this.#deps;
    rentals.renew(instance.id, leaseEndsAt);
    rentals.setBudget(instance.id, budget);
    if (instance.workers !== undefined) return this.#tell(instance, voice.t('Starting {0}', nameOf(instance)), false, () => rentals.startEndpoint(instance.id));
    return this.#untilReady(instance, voice.t('Starting {0}', nameOf(instance)), (onStage, signal) => rentals.start(instance.id, onStage, signal));
  }

  #staged(instance: FleetInstance, title: string, act: Act, retry?: () => Promise<void>): Promise<Ready | undefined> {
    const about = { provider: instance.provider, usualMinutes: this.#deps.traits(instance.provider).usualStartMinutes };
    return this.#tell(instance, title, true, (tell, signal) => act((stage) => tell(stageWords(stage, about, this.#deps.voice)), signal), retry);
  }

  async #stopNow(instance: FleetInstance): Promise<void> {
    const { rentals, voice } = this.#deps;
    this.#leave(instance);
    await this.#tell(instance, voice.t('Stopping {0}', nameOf(instance)), false, () => rentals.stop(instance.id));
  }

  /** A terminal whose machine goes away under it ends in an error that nobody needs to read. */
  #leave({ alias }: FleetInstance): void {
    if (alias !== undefined) this.#deps.closeTerminals(alias);
  }

  async #tell<T>(instance: FleetInstance, title: string, cancellable: boolean, task: ProgressTask<T>, retry?: () => Promise<void>): Promise<T | undefined> {
    try {
      return await this.#deps.dialogs.progress(title, cancellable, task);
    } catch (error) {
      reportLater(this.#deps, error, { provider: instance.provider, ...(retry === undefined ? {} : { retry }) });
      return undefined;
    }
  }

  #agreed(consent: Consent, label: string, grave: boolean): Promise<'yes' | undefined> {
    return this.#deps.dialogs.confirm({ ...consent, buttons: [{ id: 'yes', label }], grave });
  }

  /** One thing at a time for each machine: a second click is the same wish. */
  async #once(instance: FleetInstance, act: () => Promise<void>): Promise<void> {
    if (this.#busy.has(instance.id)) return;
    this.#busy.add(instance.id);
    try {
      await act();
    } finally {
      this.#busy.delete(instance.id);
    }
  }
}

type Act = (onStage: OnStage, signal: AbortSignal) => Promise<Ready>;
