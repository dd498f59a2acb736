/**
 * From what was agreed to a machine that exists: the one request that costs money. Its intent is written down before it
 * leaves, it leaves once, and every end of it but a clear no is settled by what the provider then lists.
 */
import { isDefiniteRefusal, isRentError, RentError } from '../domain/errors.ts';
import { guardTermsOf } from '../domain/guardTerms.ts';
import { hostKey } from '../domain/hostMemory.ts';
import type { InstanceId } from '../domain/instance.ts';
import { launchId, type Launch, type Limits } from '../domain/launch.ts';
import { zeroRate } from '../domain/money.ts';
import { allIn, type Offer } from '../domain/offer.ts';
import { quotedRates, type CreateOrder, type Provider } from '../domain/provider.ts';
import { worstRate, type ServerlessTerms } from '../domain/serverless.ts';
import type { Start } from '../domain/start.ts';
import type { Volume } from '../domain/volume.ts';
import { endForGood, type EndingDeps } from './ending.ts';
import type { GuardKeeper } from './guardKeeper.ts';
import type { RentStage } from './readiness.ts';
import { resolveUncertain } from './uncertain.ts';

export interface RentRequest extends Pick<Start, 'image' | 'env' | 'command'> {
  /** As it is with the disk that it is rented with, where there is one. */
  readonly offer: Offer;
  readonly volume?: Volume;
  readonly name: string;
  /** Name of the folder it is rented for. */
  readonly project?: string;
  readonly limits: Limits;
  /** The launch whose work it goes on with. */
  readonly movedFrom?: string;
  readonly serverless?: ServerlessTerms;
}

export interface CreatingDeps extends EndingDeps {
  readonly random: (bytes: number) => Uint8Array;
  readonly keeper?: GuardKeeper;
}

export type OnStage = (stage: RentStage) => void;

/** An intent that is already in the journal, with what its request needs. */
export interface Creation {
  readonly launch: Launch;
  readonly request: RentRequest;
  readonly publicKey: string;
}

export function newLaunch({ store, clock, random }: CreatingDeps, { traits }: Pick<Provider, 'traits'>, { offer, image, name, project, limits: asked, movedFrom, serverless }: RentRequest): Launch {
  const now = clock.now();
  const host = hostKey(offer);
  const { downMbps } = offer.details;
  const limits: Limits = traits.noStop === true ? { ...asked, atLimit: 'destroy' } : asked;
  return {
    id: launchId(store.install, now, random),
    provider: offer.provider,
    offerId: offer.id,
    state: 'intent',
    createdAt: now,
    changedAt: now,
    quote: {
      name, image, limits, ...(project ? { project } : {}), ...(movedFrom === undefined ? {} : { movedFrom }), ...(serverless === undefined ? {} : { serverless }),
      rates: serverless === undefined ? quotedRates(offer) : { running: worstRate(serverless), stopped: zeroRate }, readAt: offer.readAt,
      gpu: offer.gpu, gpuCount: offer.gpuCount, vramGb: offer.vramGb,
      place: offer.place, ...(host === undefined ? {} : { host }), ...(downMbps === undefined ? {} : { downMbps }), kind: offer.kind, tier: offer.tier, diskGb: offer.diskGb,
    },
  };
}

/** Resolves to the machine that was made. Rejects when none was, or when nobody knows. */
export async function createMachine(deps: CreatingDeps, provider: Provider, creation: Creation, onStage: OnStage, signal: AbortSignal): Promise<InstanceId> {
  const { store, keeper } = deps;
  const { launch } = creation;
  if (signal.aborted) {
    store.mark(launch.id, 'notCreated');
    signal.throwIfAborted();
  }
  // Only one can turn an intent into a request, and only once.
  if (!store.mark(launch.id, 'sent')) throw new RentError('notCreated', { detail: 'the intent was given up meanwhile' });
  let key: string;
  try {
    key = await provider.create(orderOf(provider, creation));
  } catch (error) {
    return await settle(deps, provider, launch, error, onStage, signal);
  }
  const instanceId: InstanceId = `${provider.id}:${key}`;
  try {
    store.mark(launch.id, 'created', instanceId);
  } catch (error) {
    // What cannot be written down cannot be looked after: it ends, and the label finds it if even that fails.
    await endForGood(deps, provider, launch.id, instanceId);
    throw error;
  }
  keeper?.begun(launch.id);
  return instanceId;
}

function orderOf({ traits }: Provider, { launch, request, publicKey }: Creation): CreateOrder {
  const { offer, image, env = {}, command, volume, serverless } = request;
  return {
    offer, label: launch.id, image, publicKey, env,
    ...(command === undefined ? {} : { command }),
    ...(volume === undefined ? {} : { volume }),
    ...(serverless === undefined ? {} : { serverless }),
    ...(serverless === undefined && traits.carriesGuard(image) ? { guard: guardTermsOf(launch, { rate: allIn(offer), at: offer.readAt }) } : {}),
  };
}

/** What an error in place of an id means. */
async function settle(deps: CreatingDeps, provider: Provider, launch: Launch, error: unknown, onStage: OnStage, signal: AbortSignal): Promise<InstanceId> {
  const { store } = deps;
  if (isRentError(error) && error.instanceKey !== undefined) {
    // A refusal that made a machine all the same: it would bill its disk for ever.
    await endForGood(deps, provider, launch.id, `${provider.id}:${error.instanceKey}`);
    throw new RentError(error.code, { cause: error });
  }
  // A list may have shown the machine before its create was refused: then the list is believed.
  if (isDefiniteRefusal(error) && store.mark(launch.id, 'refused')) throw error;
  store.mark(launch.id, 'uncertain');
  onStage('resolving');
  return await resolveUncertain(deps, launch, error, signal);
}
