import { compareOffers, defaultFilter, type OfferFilter } from '../domain/filter.ts';
import { formatRate, toDollars, usdPerHour } from '../domain/money.ts';
import { allIn, type Offer } from '../domain/offer.ts';
import type { Command } from './command.ts';
import type { Invocation } from './parse.ts';

export const listOffers: Command = async (core, invocation, signal) => {
  await core.market.refresh(filterOf(invocation), signal);
  const { offers, dropped, stale, more, errors } = core.market.view;
  const [firstError] = errors;
  const asked = invocation.provider === undefined ? core.providers.size : 1;
  if (offers.length === 0 && firstError !== undefined && errors.length === asked) throw firstError.error;
  const sorted = offers.toSorted(compareOffers('price'));
  return {
    answer: {
      offers: sorted.map(toJson),
      dropped,
      stale,
      more,
      errors: errors.map(({ provider, error }) => ({ provider, code: error.code, message: error.message })),
    },
    text: sorted.map(toLine).join('\n'),
  };
};

function filterOf({ gpu, count, minVramGb, maxPrice, minReliability, diskGb, provider }: Invocation): OfferFilter {
  return {
    diskGb: diskGb ?? defaultFilter.diskGb,
    ...(gpu === undefined ? {} : { gpu }),
    ...(count === undefined ? {} : { count }),
    ...(minVramGb === undefined ? {} : { minVramGb }),
    ...(maxPrice === undefined ? {} : { maxPrice: usdPerHour(maxPrice) }),
    ...(minReliability === undefined ? {} : { minReliability }),
    ...(provider === undefined ? {} : { provider }),
  };
}

export function toJson(offer: Offer): object {
  return {
    id: offer.id,
    provider: offer.provider,
    gpu: offer.gpu,
    gpuCount: offer.gpuCount,
    vramGb: offer.vramGb,
    allInUsdPerHour: toDollars(allIn(offer)),
    parts: { gpu: toDollars(offer.price.gpu), disk: toDollars(offer.price.disk) },
    diskGb: offer.diskGb,
    reliability: offer.reliability ?? null,
    tier: offer.tierName ?? offer.tier,
    location: offer.place,
    kind: offer.kind,
    hostId: offer.details.hostId ?? null,
  };
}

const toLine = (offer: Offer): string =>
  [
    formatRate(allIn(offer)), `${offer.gpuCount}× ${offer.gpu}`, `${offer.vramGb} GB`,
    offer.reliability === undefined ? (offer.tierName ?? offer.tier) : `${(offer.reliability * 100).toFixed(1)} %`,
    offer.place, offer.kind, offer.id,
  ].join('  ');
