/** The one call that rents. It is sent once; an answer that got lost is found again by its tag or name. Loaded when it is first needed. */
import { isRentError, RentError } from '../../domain/errors.ts';
import type { Call, Http } from '../../domain/http.ts';
import { offerKey } from '../../domain/offer.ts';
import type { CreateOrder } from '../../domain/provider.ts';
import { dataOf } from './body.ts';
import { usualImage } from './image.ts';
import { decodeOfferKey } from './offerKey.ts';
import { launchPace } from './pace.ts';
import type { Meanings } from './problems.ts';
import { launched } from './schemas/instance.ts';
import { labelTag } from './seenInstance.ts';
import { keyName } from './sshKeys.ts';

/** Resolves to the instance's id. */
export async function launch(http: Http, order: CreateOrder): Promise<string> {
  const body = launchBody(order);
  return await http.send(launchCall({ ...body, ssh_key_names: [await registered(http, order.publicKey)] }));
}

/** Whatever goes wrong with the key, no machine was asked for yet. */
async function registered(http: Http, publicKey: string): Promise<string> {
  try {
    return await keyName(http, publicKey);
  } catch (error) {
    if (!isRentError(error, 'network', 'serverError', 'badResponse')) throw error;
    throw new RentError('notCreated', { cause: error, detail: `our SSH key could not be given to Lambda: ${error.message}` });
  }
}

export const launchCall = (body: Record<string, unknown>): Call<string> => ({
  method: 'POST',
  path: '/api/v1/instance-operations/launch',
  body,
  key: 'required',
  pace: launchPace,
  retry: 'never',
  timeoutMs: 120_000,
  read: (answer) => {
    const [id] = dataOf(launched, answer, meanings).instance_ids;
    if (id === undefined) throw new RentError('badResponse', { detail: 'launched without an id' });
    return id;
  },
});

const meanings: Meanings = {
  'instance-operations/launch/insufficient-capacity': 'noCapacity',
  // A type, a region, a key or an image: what it was asked with a moment ago.
  'global/object-does-not-exist': 'badRequest',
};

/** A machine of Lambda is no container: it takes no variables and no command, and its disk is the type's. */
export function launchBody({ offer, label, image, env, command }: CreateOrder): Record<string, unknown> {
  const wish = offer.provider === 'lambda' ? decodeOfferKey(offerKey(offer.id)) : undefined;
  if (wish === undefined) throw new RentError('offerGone', { detail: 'not an offer of Lambda' });
  if (command !== undefined || Object.keys(env).length > 0) throw new RentError('badRequest', { detail: 'Lambda starts machines without variables and commands' });
  return {
    region_name: wish.region,
    instance_type_name: wish.type,
    name: label,
    tags: [{ key: labelTag, value: label }],
    ...(image === usualImage ? {} : { image: { family: image } }),
  };
}
