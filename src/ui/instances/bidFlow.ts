/** Another bid for a machine of ours: named, agreed to, and made; a machine that was outbid is started with it. */
import { bidIn, ratesAtBid, typicalBid, type OutbidHistory } from '../../domain/bid.ts';
import { isAbort } from '../../domain/errors.ts';
import type { InstanceId, Rates } from '../../domain/instance.ts';
import type { Limits } from '../../domain/launch.ts';
import { formatRate, subtractUsd, zeroUsd, type Usd, type UsdPerHour } from '../../domain/money.ts';
import type { Offer, ProviderId } from '../../domain/offer.ts';
import type { ProviderTraits } from '../../domain/provider.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Rentals } from '../../services/rentals.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { askBid } from '../rent/bidFlow.ts';
import { floorWords, type Bidding } from '../rent/bidWords.ts';
import { editorLimitWords, limitWords, paragraphs, practiceWords, type Consent } from '../rent/consent.ts';
import { purseWords, usedUp, type Purse } from '../rent/purse.ts';
import { askToRaise } from '../rent/raiseCap.ts';
import { reportLater, type ReportDeps } from '../report.ts';
import type { Settings } from '../settings.ts';
import type { Voice } from '../voice.ts';
import { chooseInstance, type ChooseDeps } from './chooseInstance.ts';
import type { InstanceFlows } from './instanceFlows.ts';
import { nameOf } from './instanceRow.ts';
import { limitsForStart } from './limitsForStart.ts';

export interface BidDeps extends ChooseDeps, ReportDeps {
  readonly rentals: Pick<Rentals, 'changeBid'>;
  readonly flows: Pick<InstanceFlows, 'startAgreed'>;
  readonly settings: Settings;
  readonly purse: (provider: ProviderId) => Purse;
  readonly practice: boolean;
  readonly traits: (provider: ProviderId) => Pick<ProviderTraits, 'carriesGuard'>;
  readonly offers: () => readonly Offer[];
  readonly outbids: () => OutbidHistory;
}

export function bidCommands(deps: BidDeps) {
  const busy = new Set<InstanceId>();
  return {
    'gpuRental.instance.changeBid': async (argument?: unknown): Promise<void> => {
      const instance = await chooseInstance(deps, argument, 'bid');
      if (instance === undefined || busy.has(instance.id)) return;
      busy.add(instance.id);
      try {
        await changeBid(deps, instance);
      } finally {
        busy.delete(instance.id);
      }
    },
  } satisfies CommandHandlers;
}

async function changeBid(deps: BidDeps, instance: FleetInstance): Promise<void> {
  const { dialogs, editor, flows, now, purse, rentals, settings, voice } = deps;
  const { t } = voice;
  const full = usedUp(purse(instance.provider));
  if (full !== undefined) return askToRaise(dialogs, editor, full, voice);
  const bidding = biddingFor(deps, instance);
  const bid = await askBid(dialogs, { gpuCount: instance.gpuCount, value: Math.max(bidding.floor ?? 0, bidIn(instance.rates)) as UsdPerHour }, bidding, voice);
  if (bid === undefined) return;
  const limits = limitsForStart(instance.limits, instance.spent, settings.limits, now());
  const change: BidChange = { instance, bidding, rates: ratesAtBid(instance.rates, bid), limits };
  const label = instance.outbid ? t('Bid and start') : t('Change bid');
  if ((await dialogs.confirm({ ...bidConsent(change, deps), buttons: [{ id: 'yes', label }], grave: false })) === undefined) return;
  try {
    await dialogs.progress(t('Bidding for {0}', nameOf(instance)), false, () => rentals.changeBid(instance.id, bid));
  } catch (error) {
    if (!isAbort(error)) reportLater(deps, error, { provider: instance.provider, retry: () => changeBid(deps, instance) });
    return;
  }
  if (instance.outbid) await flows.startAgreed(instance, limits);
}

export interface BidChange {
  readonly instance: FleetInstance;
  readonly bidding: Bidding;
  /** What it costs with that bid. */
  readonly rates: Rates;
  /** That hold it from then on. */
  readonly limits: Limits;
}

/** Named by all that an hour costs, as everything is. */
export function bidConsent({ instance, bidding, rates, limits }: BidChange, { now, practice, purse, traits, voice }: Pick<BidDeps, 'now' | 'practice' | 'purse' | 'traits' | 'voice'>): Consent {
  const { t } = voice;
  const at = now();
  const selfStop = traits(instance.provider).carriesGuard(instance.launch?.quote.image ?? '');
  const held = instance.outbid ? limits : (instance.limits ?? limits);
  const left = Math.max(zeroUsd, subtractUsd(held.budget, instance.spent)) as Usd;
  return {
    title: instance.outbid ? t('Bid for {0} and start it for {1}?', nameOf(instance), formatRate(rates.running)) : t('Change the bid of {0}, so that it costs {1}?', nameOf(instance), formatRate(rates.running)),
    detail: paragraphs(
      practice && practiceWords(voice),
      t('A bid of {0} and its disk, {1}. Until now it costs {2} while it runs.', formatRate(bidIn(rates)), formatRate(rates.stopped), formatRate(instance.rates.running)),
      floorWords(bidding, voice),
      selfStop ? limitWords(held, at, voice) : editorLimitWords(held, at, { provider: instance.provider, noStop: false }, voice),
      selfStop && guardWords(instance, rates, voice),
      purseWords(purse(instance.provider), rates.running, { ...held, budget: left }, instance.provider, at, voice),
    ),
  };
}

/** A guard cannot ask what a machine costs: it is told by whoever reaches it. */
function guardWords({ launch, rates: before }: FleetInstance, { running }: Rates, { t }: Voice): string | false {
  const told = launch?.quote.guardRate ?? before.running;
  return told < running && t('Its guard counts {0} until the editor has reached the machine, so until then it can let more be spent than the budget.', formatRate(told));
}

function biddingFor({ offers, outbids }: BidDeps, instance: FleetInstance): Bidding {
  const typical = typicalBid(offers(), instance);
  return { own: outbids(), ...(instance.floor === undefined ? {} : { floor: instance.floor }), ...(typical === undefined ? {} : { typical }) };
}
