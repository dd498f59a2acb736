/**
 * From an offer to a machine that answers: price now, consent, rental, and what to do when it fails.
 * Nothing here sends a create; `Rentals` does, once, after a person has agreed to this very price.
 */
import { isAbort, isRentError, isWorthNextOffer } from '../../domain/errors.ts';
import { formatRate, type UsdPerHour } from '../../domain/money.ts';
import { allIn, type Offer, type OfferId } from '../../domain/offer.ts';
import type { Volume } from '../../domain/volume.ts';
import type { RentRequest } from '../../services/creating.ts';
import type { Ready } from '../../services/readiness.ts';
import { plain } from '../escape.ts';
import { explain } from '../messages.ts';
import { reportError } from '../report.ts';
import { gpus } from '../words.ts';
import type { RentDeps } from './rentDeps.ts';
import { askConsent, askNextBest, type Agreement } from './rentQuestions.ts';
import { stageWords } from './stageWords.ts';
import { startFor } from './starts.ts';
import { freeName, limitsFor, usualTerms, type Wish } from './terms.ts';

/** How a wish to rent ended; undefined when the person turned away. */
type Outcome = { readonly ready: Ready } | { readonly failure: unknown; readonly offer: Offer } | undefined;

export class RentFlow {
  readonly #deps: RentDeps;
  readonly #busy = new Set<OfferId>();

  constructor(deps: RentDeps) {
    this.#deps = deps;
  }

  get busy(): boolean {
    return this.#busy.size > 0;
  }

  /** A second call for an offer that is being asked about or rented is the same wish, and does nothing. */
  async rent(offer: Offer, limits?: Wish, volume?: Volume): Promise<void> {
    if (this.#busy.has(offer.id)) return;
    this.#busy.add(offer.id);
    let outcome: Outcome;
    try {
      if (!(await this.#deps.mayRent(offer))) return;
      if (!this.#deps.accounts.signedIn(offer.provider) && !(await this.#deps.askToSignIn(offer.provider))) return;
      outcome = await this.#untilHad(offer, limits, volume);
    } finally {
      this.#busy.delete(offer.id);
    }
    // Told only now: a notification may stay for hours, and the offer must not stay busy with it.
    if (outcome === undefined) return;
    if ('ready' in outcome) this.#deps.onReady(outcome.ready);
    else await this.#tellFailure(outcome.failure, outcome.offer);
  }

  async #untilHad(first: Offer, limits: Wish | undefined, volume: Volume | undefined): Promise<Outcome> {
    const { fleet, settings, traits } = this.#deps;
    const tried = new Set<string>();
    const name = freeName(first.gpu, fleet.instances.map((instance) => instance.name));
    // What a machine happens to come with is nobody's wish, and would be priced at the next best.
    const diskGb = traits(first.provider).fixedDisk === true ? settings.limits.diskGb : first.diskGb;
    const terms = usualTerms(settings, diskGb, name, limits);
    let wish: Agreement = { offer: first, terms: volume === undefined ? terms : { ...terms, volume } };
    let agreement: Agreement | undefined;
    let agreed: UsdPerHour | undefined;
    for (;;) {
      try {
        agreement ??= await askConsent(this.#deps, wish.offer, wish.terms);
        if (agreement === undefined) return undefined;
        wish = agreement;
        agreed ??= allIn(wish.offer);
        return { ready: await this.#carryOut(wish) };
      } catch (failure) {
        const next = await this.#next(failure, wish, agreed, tried);
        if (next === 'leave') return undefined;
        if (next === 'none') return { failure, offer: wish.offer };
        agreement = { ...wish, offer: next };
      }
    }
  }

  /** Another offer that the person has agreed to. */
  async #next(failure: unknown, wish: Agreement, agreed: UsdPerHour | undefined, tried: Set<string>): Promise<Offer | 'none' | 'leave'> {
    tried.add(wish.offer.id);
    if (isRentError(failure, 'offerGone', 'noCapacity')) this.#deps.readAgain();
    if (!isRentError(failure) || !isWorthNextOffer(failure)) return 'none';
    const { text } = explain(failure, wish.offer.provider, this.#deps.voice);
    const happened = [text, this.#leftover(wish.offer)].filter((sentence) => sentence).join(' ');
    try {
      return await askNextBest(this.#deps, { ...wish, agreed, happened, tried });
    } catch (error) {
      if (isAbort(error)) return 'none';
      throw error;
    }
  }

  #carryOut({ offer, terms }: Agreement): Promise<Ready> {
    const { dialogs, project, rentals, starts, traits, voice } = this.#deps;
    const { usualStartMinutes: usualMinutes } = traits(offer.provider);
    const start = startFor(this.#deps, offer, terms);
    const { image, env, command } = start;
    const request: RentRequest = {
      offer, image, name: terms.name, project: project(), limits: limitsFor(offer, terms),
      ...(env === undefined ? {} : { env }), ...(command === undefined ? {} : { command }), ...(terms.volume === undefined ? {} : { volume: terms.volume }),
    };
    if (terms.start !== undefined) starts.keep(offer.provider, start).catch((error: unknown) => this.#deps.log.warn('the image was not remembered', error));
    const title = voice.t('Renting {0} for {1}', gpus(offer.gpuCount, plain(offer.gpu)), formatRate(allIn(offer)));
    return dialogs.progress(title, true, (tell, signal) =>
      rentals.rent(request, (stage) => tell(stageWords(stage, { provider: offer.provider, usualMinutes }, voice)), signal),
    );
  }

  async #tellFailure(error: unknown, offer: Offer): Promise<void> {
    const { dialogs, editor, voice } = this.#deps;
    const leftover = this.#leftover(offer);
    if (!isAbort(error)) return reportError(this.#deps, error, { provider: offer.provider, ...(leftover === undefined ? {} : { more: leftover }) });
    const answer = await dialogs.notify({
      level: leftover === undefined ? 'info' : 'warning',
      text: leftover ?? voice.t('The rental was cancelled, and nothing is billed for it.'),
      buttons: leftover === undefined ? [] : [{ id: 'instances', label: voice.t('Show instances') }],
    });
    if (answer === 'instances') await editor.showView('gpuRental.instances');
  }

  /** The truth after a failure: a machine that is not confirmed gone may still bill. */
  #leftover({ id, provider }: Offer): string | undefined {
    const { fleet, voice } = this.#deps;
    const ending = fleet.instances.some((instance) => instance.launch?.offerId === id && instance.state === 'ending');
    return ending
      ? voice.t('{0} has not confirmed yet that the machine is gone: it may still bill, and is ended as soon as that is possible.', voice.nameOf(provider))
      : undefined;
  }
}
