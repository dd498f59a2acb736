import {
  burnOf, noRates, type Endpoint, type InstanceId, type InstanceState, type Rates, type SeenInstance, type StartStage,
} from '../domain/instance.ts';
import type { Launch, Limits } from '../domain/launch.ts';
import type { Usd, UsdPerHour } from '../domain/money.ts';
import type { OfferKind, ProviderId } from '../domain/offer.ts';
import type { GuardView } from '../domain/protection.ts';
import type { Lack } from '../domain/provider.ts';
import type { Workers } from '../domain/serverless.ts';
import type { Errand } from '../domain/store.ts';
import type { Meter } from './meter.ts';

/** A machine as the interface shows it: what the provider says joined with what we agreed to. */
export interface FleetInstance {
  /** A launch that no machine is known for yet has its launch id as key. */
  readonly id: InstanceId;
  readonly provider: ProviderId;
  /** Rented by this installation; anything else is shown and never touched unasked. */
  readonly ours: boolean;
  readonly name: string;
  readonly gpu: string;
  readonly gpuCount: number;
  readonly vramGb: number;
  readonly place: string;
  readonly kind: OfferKind;
  readonly diskGb: number;
  readonly state: InstanceState;
  readonly stage?: StartStage;
  readonly outbid: boolean;
  /** The least bid that holds it now, where that is told. */
  readonly floor?: UsdPerHour;
  readonly burn: UsdPerHour;
  readonly rates: Rates;
  readonly spent: Usd;
  /** Of an endpoint. */
  readonly workers?: Workers;
  /** When it began, by the provider's clock. */
  readonly since?: number;
  readonly statusText: string;
  readonly endpoints: readonly Endpoint[];
  readonly launch?: Launch;
  readonly limits?: Limits;
  /** SSH alias, for what we rented. */
  readonly alias?: string;
  /** What is known of its guard, for what we rented. */
  readonly guard?: GuardView;
  /** What its provider cannot do with it. */
  readonly lacks?: readonly Lack[];
}

export interface Joined {
  readonly seen?: SeenInstance;
  readonly launch?: Launch | undefined;
  /** What a person asked of it and is not done, where no launch remembers that. */
  readonly wish?: Errand['wish'] | undefined;
  readonly ours: boolean;
  readonly meter: Pick<Meter, 'spentOn' | 'costsSince'>;
  readonly guard?: GuardView | undefined;
  readonly lacks?: readonly Lack[] | undefined;
}

export function toFleetInstance({ seen, launch, wish, ours, meter, guard, lacks = [] }: Joined): FleetInstance {
  const id = seen?.id ?? launch?.instanceId ?? (`${launch?.provider ?? 'vast'}:${launch?.id ?? ''}` as InstanceId);
  const { state, stage } = stateOf(seen, launch, wish);
  // Not every provider says when it began; then it is when it began to cost what it costs.
  const since = seen && (seen.createdAt ?? meter.costsSince(id));
  const agreed = launch?.quote.serverless;
  const workers = seen?.workers ?? (agreed && { active: agreed.workersMax, most: agreed.workersMax });
  const rates = seen?.rates ?? launch?.quote.rates ?? noRates;
  return {
    id,
    provider: seen?.provider ?? launch?.provider ?? 'vast',
    ours,
    name: launch ? launchName(launch) : seen?.label || seen?.key || '',
    gpu: seen?.gpu ?? launch?.quote.gpu ?? '',
    gpuCount: seen?.gpuCount ?? launch?.quote.gpuCount ?? 1,
    vramGb: seen?.vramGb || launch?.quote.vramGb || 0,
    place: seen?.place || launch?.quote.place || '',
    kind: seen?.kind ?? launch?.quote.kind ?? 'on-demand',
    diskGb: seen?.diskGb ?? launch?.quote.diskGb ?? 0,
    state,
    ...(stage === undefined ? {} : { stage }),
    outbid: seen?.outbid ?? false,
    ...(seen?.floor === undefined ? {} : { floor: seen.floor }),
    // Until it is gone, one that we are ending bills as what it was seen to be: a stopped one for its disk alone.
    burn: burnOf(state === 'ending' && seen !== undefined ? seen : { state, rates }),
    rates,
    spent: meter.spentOn(id),
    ...(since === undefined ? {} : { since }),
    ...(workers === undefined ? {} : { workers }),
    statusText: seen?.statusText ?? '',
    endpoints: seen?.endpoints ?? [],
    ...(launch === undefined ? {} : { launch, limits: launch.quote.limits }),
    // Nobody can log in to an endpoint.
    ...(launch === undefined || workers !== undefined ? {} : { alias: launch.id }),
    // What an endpoint costs ends with its requests, and nothing on it could hold it to more.
    ...(guard === undefined || workers !== undefined ? {} : { guard }),
    ...(lacks.length === 0 ? {} : { lacks }),
  };
}

/** The journal knows what the provider does not: that we are ending or stopping it, and whether SSH answered. */
function stateOf(seen: SeenInstance | undefined, launch: Launch | undefined, wish: Errand['wish'] | undefined): { state: InstanceState; stage?: StartStage } {
  if (launch?.state === 'ending' || wish === 'end') return { state: 'ending' };
  if (seen === undefined) return launch?.state === 'sent' ? { state: 'starting', stage: 'scheduling' } : { state: 'unknown' };
  if ((launch?.state === 'stopping' || wish === 'stop') && (seen.state === 'ready' || seen.state === 'starting')) return { state: 'stopping' };
  if (seen.state === 'ready' && launch?.state === 'created') return { state: 'starting', stage: 'waitingForSsh' };
  return { state: seen.state, ...(seen.stage === undefined ? {} : { stage: seen.stage }) };
}

/** Our labels are made for machines; people get their own name for it, or the end of the label. */
export const launchName = (launch: Launch): string => launch.quote.name || launch.id.slice(-4);
