import { createEmitter } from '../../domain/emitter.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { Accounts } from '../../services/accounts.ts';
import type { Market } from '../../services/market.ts';
import { providerIds } from '../../domain/offer.ts';
import type { HostMemory } from '../../services/hostMemory.ts';
import type { Knowing } from '../market/knowing.ts';
import { buildOffers, changedNodes, type OffersModel } from './offersModel.ts';
import type { OfferPreferences } from './preferences.ts';
import type { NamedJob } from './namedJob.ts';
import { SeenOffers } from './seenOffers.ts';

export interface OffersListDeps {
  readonly market: Pick<Market, 'view' | 'onDidChange'>;
  readonly preferences: OfferPreferences;
  readonly accounts: Pick<Accounts, 'signedIn' | 'onDidChange'>;
  readonly namedJob?: Pick<NamedJob, 'figures' | 'onDidChange'>;
  readonly hosts?: Pick<HostMemory, 'incidentOf' | 'onDidChange'>;
  readonly knowing?: Pick<Knowing, 'made' | 'onDidChange'>;
}

/** The offers as they are shown: the market's, sorted, without hidden hosts and those that failed. Built when somebody looks. */
export class OffersList {
  readonly #changed = createEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #deps: OffersListDeps;
  readonly #seen = new SeenOffers();
  readonly #subscriptions: readonly Disposable[];
  #model: OffersModel | undefined;

  constructor(deps: OffersListDeps) {
    this.#deps = deps;
    const outdated = (): void => {
      this.#model = undefined;
      this.#changed.fire();
    };
    this.#subscriptions = [
      deps.market.onDidChange((view) => {
        this.#seen.add(view);
        outdated();
      }),
      deps.preferences.onDidChange(outdated),
      deps.accounts.onDidChange(outdated),
      ...[deps.namedJob, deps.hosts, deps.knowing].flatMap((source) => source?.onDidChange(outdated) ?? []),
    ];
  }

  get model(): OffersModel {
    const { market, preferences, accounts, namedJob, hosts, knowing } = this.#deps;
    const memory = knowing?.made?.memory;
    return (this.#model ??= buildOffers({
      view: market.view,
      sort: preferences.sort,
      finish: namedJob?.figures?.cost,
      hidden: preferences.hidden,
      limited: preferences.limited,
      showsFailed: preferences.showsFailed,
      ...(hosts === undefined ? {} : { incidentOf: (offer) => hosts.incidentOf(offer) }),
      ...(memory === undefined ? {} : { standingOf: (offers) => memory.standingOfModel(offers) }),
      signedIn: providerIds.some((provider) => accounts.signedIn(provider)),
    }));
  }

  /** Under any filter of late, priced for that disk. */
  seen(diskGb: number, now: number): readonly Offer[] {
    return this.#seen.recent(diskGb, now);
  }

  /** What differs from a model that was drawn before; undefined means everything. */
  changedSince(drawn: OffersModel): string[] | undefined {
    return changedNodes(drawn, this.model);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
