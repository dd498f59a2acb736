/** One panel's side of the conversation, without the editor: what was asked for is done, and the view is sent again. */
import { RentError } from '../../domain/errors.ts';
import type { Offer, OfferId } from '../../domain/offer.ts';
import { rentalLimits } from '../../estimate/offers/limits.ts';
import type { FromPanel, PanelView } from '../../webview/estimate/messages.ts';
import type { Wish } from '../rent/terms.ts';
import type { Voice } from '../voice.ts';
import { estimateCsv, estimateMarkdown } from './estimateText.ts';
import { isFactName } from './factKinds.ts';
import { fromPanel } from './fromPanel.ts';
import { panelView } from './panelView.ts';
import { placeBy } from './places.ts';
import type { EstimateSession } from './session.ts';

export interface TalkDeps {
  readonly voice: Voice;
  /** With the limits that the estimate suggests, where there is one. */
  readonly rent: (offer: Offer, limits: Wish | undefined) => Promise<void>;
  readonly copy: (text: string) => Promise<void>;
  readonly reveal: (file: string, line: number | undefined) => Promise<void>;
  /** Asks for a run's log and takes what it measured. */
  readonly useLog: (session: EstimateSession) => Promise<void>;
  /** Nothing of a folder that is not trusted leaves the machine. */
  readonly trusted: () => boolean;
  /** Reads the offers again. */
  readonly readOffers: () => Promise<void>;
  readonly filtered: () => boolean;
  readonly offersLoading: () => boolean;
  readonly offersReadAt: () => number | undefined;
  readonly report: (error: unknown) => void;
}

export class PanelTalk {
  readonly #session: EstimateSession;
  readonly #deps: TalkDeps;
  #chosen: OfferId | undefined;
  #said: string | undefined;

  constructor(session: EstimateSession, deps: TalkDeps) {
    this.#session = session;
    this.#deps = deps;
  }

  get view(): PanelView {
    const { filtered, trusted, offersLoading, offersReadAt, voice } = this.#deps;
    const { script, state } = this.#session;
    const view = panelView({ name: script.name, state, chosen: this.#chosen, filtered: filtered(), trusted: trusted(), offersLoading: offersLoading(), pricesAt: offersReadAt() }, voice);
    return this.#said === undefined ? view : { ...view, said: this.#said };
  }

  choose(offer: string): void {
    this.#chosen = this.#offers.find(({ id }) => id === offer)?.id ?? this.#chosen;
  }

  /** An offer may be chosen before it has been estimated. */
  expect(offer: OfferId): void {
    this.#chosen = offer;
  }

  /** Does what a message asks for; what our panel would not say does nothing. */
  async handle(message: unknown): Promise<void> {
    const asked = fromPanel(message);
    if (asked === undefined) return;
    this.#said = undefined;
    try {
      await this.#carryOut(asked);
    } catch (error) {
      this.#deps.report(error);
    }
  }

  async #carryOut(asked: FromPanel): Promise<void> {
    const session = this.#session;
    switch (asked.type) {
      case 'ready':
        return;
      case 'set':
        return isFactName(asked.name) ? session.give(asked.name, asked.value) : undefined;
      case 'unset':
        return isFactName(asked.name) ? session.takeBack(asked.name) : undefined;
      case 'choose':
        return this.choose(asked.offer);
      case 'reveal':
        return this.#reveal(asked.place);
      case 'rent':
        return this.#rent(asked.offer);
      case 'copy':
        return this.#copy(asked.as);
      case 'log':
        return this.#useLog();
      case 'hub':
        return this.#lookUp();
      case 'refresh':
        session.script.forget();
        await Promise.all([session.update('files'), this.#deps.readOffers()]);
    }
  }

  async #reveal(id: string): Promise<void> {
    const { reading } = this.#session.state;
    const place = reading && placeBy(id, reading);
    if (place !== undefined) await this.#deps.reveal(place.file, place.line);
  }

  /** The button stands far below the figures that change. */
  async #useLog(): Promise<void> {
    const { useLog, voice } = this.#deps;
    const before = this.#session.state.measured;
    await useLog(this.#session);
    if (this.#session.state.measured !== before) this.#said = voice.t('The figures above go by what that run measured.');
  }

  async #lookUp(): Promise<void> {
    const { trusted, voice } = this.#deps;
    if (!trusted()) return;
    this.#said = await this.#session.lookUp() ? voice.t('Looked up on the Hub.') : voice.t('The Hub says nothing of it.');
  }

  async #rent(id: string): Promise<void> {
    const offer = this.#offers.find((one) => one.id === id);
    if (offer === undefined) throw new RentError('offerGone');
    const estimate = this.#session.state.estimates?.all.find((one) => one.offer === offer);
    // A server has no end to rent it until: the usual limits hold.
    await this.#deps.rent(offer, estimate && rentalLimits(estimate));
  }

  /** Everything that was estimated, whatever is done there. */
  get #offers(): readonly Offer[] {
    const { estimates } = this.#session.state;
    return [...estimates?.all ?? [], ...estimates?.serving?.all ?? []].map(({ offer }) => offer);
  }

  async #copy(as: 'markdown' | 'csv'): Promise<void> {
    const { copy, voice } = this.#deps;
    const { script, state } = this.#session;
    await copy(as === 'csv' ? estimateCsv(state) : estimateMarkdown(script.name, state, voice));
    this.#said = voice.t('Copied.');
  }
}
