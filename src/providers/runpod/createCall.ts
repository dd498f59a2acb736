/** The one call that rents, and what its pod runs. Loaded when it is first needed. */
import { RentError } from '../../domain/errors.ts';
import type { GuardTerms } from '../../domain/guard.ts';
import type { Call } from '../../domain/http.ts';
import { offerKey } from '../../domain/offer.ts';
import type { CreateOrder } from '../../domain/provider.ts';
import { packGuard } from '../../guard/pack.ts';
import { parseBody } from './body.ts';
import { keepsItsStart } from './images.ts';
import { decodeOfferKey } from './offerKey.ts';
import { acting, succeeded } from './podCalls.ts';
import { mountPath, podDisks } from './podDisks.ts';
import { claimRefusal } from './problems.ts';
import { createdPod } from './schemas/pod.ts';

/**
 * Resolves to the new pod's id. Sent once: there is no idempotency key, and a lost answer may have made
 * a pod. `origin` is where the pod itself will call.
 */
export const createPod = (order: CreateOrder, origin: string): Call<string> => ({
  method: 'POST',
  path: '/v2/pods',
  body: podRequest(order, origin),
  key: 'required',
  pace: acting,
  retry: 'never',
  timeoutMs: 120_000,
  read: (answer) => parseBody(createdPod, succeeded(answer, claimRefusal)).id,
});

/**
 * `gpu.count`, `cloud` and `ports` are always there, whatever the contract says of their defaults:
 * without a count every create is refused as out of stock, and without the port there is no SSH.
 */
export function podRequest({ offer, label, image, publicKey, env, guard, command, volume }: CreateOrder, origin: string): Record<string, unknown> {
  const wish = decodeOfferKey(offerKey(offer.id));
  if (wish === undefined) throw new RentError('offerGone', { detail: 'not an offer of RunPod' });
  const start = guard === undefined || !keepsItsStart(image) ? undefined : guardedStart(guard, origin);
  return {
    name: label,
    image,
    ...argumentsOf(start?.args ?? command),
    gpu: { id: wish.gpuTypeId, count: wish.count },
    cloud: wish.cloud,
    ...(wish.dataCenterId === '' ? {} : { dataCenterIds: [wish.dataCenterId] }),
    ...disksOf(offer, volume),
    ports: ['22/tcp'],
    // The images start sshd when this is set; setting it ourselves also keeps the account's keys out.
    env: { ...env, ...start?.env, PUBLIC_KEY: publicKey },
  };
}

/** A pod has one kind of mount: a disk of the account's own takes the place of the pod's. */
function disksOf({ diskGb }: CreateOrder['offer'], volume: CreateOrder['volume']): { disk: number; mounts: Record<string, unknown> } {
  if (volume !== undefined) return { disk: diskGb, mounts: { network: [{ volumeId: volume.key, path: mountPath }] } };
  const { container, persistent } = podDisks(diskGb);
  return { disk: container, mounts: { persistent: { size: persistent, path: mountPath } } };
}

/** The guard starts what the image starts by itself, so a template's own arguments have no place beside it. */
const argumentsOf = (args: string | undefined): { args?: string } => (args === undefined ? {} : { args });

const variable = 'GPU_RENTAL_GUARD';

/**
 * RunPod splits `args` into words as a shell would, so the whole stands in single quotes. The program goes
 * apart: the images copy the environment into a file that logins source, where only plain letters are safe.
 */
function guardedStart(guard: GuardTerms, origin: string): { args: string; env: Record<string, string> } {
  const { program, start } = packGuard('runpod', guard, origin);
  return {
    args: `sh -c '${start(`echo $${variable}`)} unset ${variable};exec /start.sh'`,
    env: { [variable]: program },
  };
}
