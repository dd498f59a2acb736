/**
 * Live offers. Signed in they come from REST with stock per data centre; without a key from the
 * public price list, which knows no data centres.
 */
import { isAbort, isRentError } from '../../domain/errors.ts';
import { offerMatcher, type OfferFilter } from '../../domain/filter.ts';
import type { Offer, OfferPage } from '../../domain/offer.ts';
import { asTheyArrive } from './asTheyArrive.ts';
import { readCatalogue, readCatalogueGpu } from './catalogueCalls.ts';
import type { RunpodContext } from './context.ts';
import { clouds, decodeOfferKey, type Cloud } from './offerKey.ts';
import { catalogueFact, catalogueOffer, catalogueOffers, pricedFact, pricedOffer } from './offers.ts';
import { readFloors, readPrices, type PriceQuestion } from './priceCalls.ts';
import type { MachineFloor } from './schemas/gpuPrices.ts';

export async function* search(context: RunpodContext, filter: OfferFilter, signal: AbortSignal): AsyncGenerator<OfferPage, void, void> {
  const wanted = cloudsFor(filter);
  if (wanted.length === 0) return;
  if (!(await context.signedIn())) {
    yield await publicPage(context, wanted, filter, signal);
    return;
  }
  const open = new Set(wanted);
  try {
    for await (const { cloud, page } of asTheyArrive(wanted.map((each) => cataloguePage(context, each, filter, signal)))) {
      open.delete(cloud);
      yield page;
    }
  } catch (error) {
    // A key that is no good must be said, but not at the price of an empty list: prices need none.
    if (isRentError(error, 'auth', 'forbidden')) yield* publicPageIfAny(context, [...open], filter, signal);
    throw error;
  }
}

/** RunPod has no interruptible machines any more and publishes no reliability, so some wishes need no call. */
function cloudsFor(filter: OfferFilter): Cloud[] {
  if ((filter.provider ?? 'runpod') !== 'runpod' || filter.kind === 'interruptible' || filter.minReliability !== undefined) return [];
  return clouds.filter((cloud) => cloud === 'SECURE' || filter.datacentreOnly !== true);
}

async function cataloguePage(
  { http, facts }: RunpodContext, cloud: Cloud, filter: OfferFilter, signal: AbortSignal,
): Promise<{ cloud: Cloud; page: OfferPage }> {
  const count = filter.count ?? 1;
  const { gpus, unread, at } = await http.send(readCatalogue(cloud, count), signal);
  for (const gpu of gpus) facts.learn(gpu.id, catalogueFact(gpu));
  const offers = gpus.flatMap((gpu) => catalogueOffers(gpu, { cloud, count, diskGb: filter.diskGb, at }));
  return { cloud, page: pageOf(offers, unread, filter) };
}

async function* publicPageIfAny(...args: Parameters<typeof publicPage>): AsyncGenerator<OfferPage, void, void> {
  try {
    yield await publicPage(...args);
  } catch (error) {
    if (isAbort(error)) throw error;
  }
}

async function publicPage({ http, facts }: RunpodContext, wanted: readonly Cloud[], filter: OfferFilter, signal: AbortSignal): Promise<OfferPage> {
  const count = filter.count ?? 1;
  const [{ gpus, unread, at }, floors] = await Promise.all([
    http.send(readPrices({ count }), signal),
    floorsOf(http, { count }, signal),
  ]);
  for (const gpu of gpus) facts.learn(gpu.id, pricedFact(gpu));
  const offers = wanted.flatMap((cloud) =>
    gpus.flatMap((gpu) => pricedOffer(gpu, '', { cloud, count, diskGb: filter.diskGb, at }, floors.get(gpu.id)) ?? []),
  );
  return pageOf(offers, unread, filter);
}

const pageOf = (offers: readonly Offer[], dropped: number, filter: OfferFilter): OfferPage => ({
  offers: offers.filter(offerMatcher(filter)),
  dropped,
  more: false,
});

async function floorsOf(http: RunpodContext['http'], question: PriceQuestion, signal: AbortSignal): Promise<ReadonlyMap<string, MachineFloor>> {
  try {
    return new Map((await http.send(readFloors(question), signal)).map((floor) => [floor.id, floor]));
  } catch (error) {
    if (isAbort(error)) throw error;
    return new Map();
  }
}

/** The same wish, priced and in stock now; undefined when RunPod would not place it. */
export async function findOffer(context: RunpodContext, key: string, diskGb: number, signal: AbortSignal): Promise<Offer | undefined> {
  const wish = decodeOfferKey(key);
  if (wish === undefined) return undefined;
  const { cloud, count, dataCenterId, gpuTypeId } = wish;
  if (await context.signedIn()) {
    const answer = await context.http.send(readCatalogueGpu(wish), signal);
    return answer && catalogueOffer(answer.gpu, dataCenterId, { cloud, count, diskGb, at: answer.at });
  }
  const question: PriceQuestion = { count, gpuTypeId, ...(dataCenterId === '' ? {} : { dataCenterId }) };
  const [{ gpus, at }, floors] = await Promise.all([
    context.http.send(readPrices(question), signal),
    floorsOf(context.http, question, signal),
  ]);
  const gpu = gpus.find(({ id }) => id === gpuTypeId);
  return gpu && pricedOffer(gpu, dataCenterId, { cloud, count, diskGb, at }, floors.get(gpuTypeId));
}
