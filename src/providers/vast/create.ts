/** The one call that rents. It is sent once; an answer that got lost is found again by its label. Loaded when it is first needed. */
import { RentError } from '../../domain/errors.ts';
import type { GuardTerms } from '../../domain/guard.ts';
import type { Call } from '../../domain/http.ts';
import { toDollars } from '../../domain/money.ts';
import { offerKey, type Offer } from '../../domain/offer.ts';
import type { CreateOrder } from '../../domain/provider.ts';
import { parseWith } from '../http/read.ts';
import { packGuard } from '../../guard/pack.ts';
import { idOf } from './instanceCalls.ts';
import { leastBid } from './prices.ts';
import { accepted, rentWords } from './problems.ts';
import { created } from './schemas/created.ts';
import { parseOfferKey } from './search.ts';
import { volumeFolder } from './attach.ts';

/** Resolves to the instance's key. `origin` is where the machine itself will call. */
export const create = (order: CreateOrder, origin: string): Call<string> => ({
  method: 'PUT',
  path: `/api/v0/asks/${askOf(order.offer)}/`,
  body: createBody(order, origin),
  key: 'required',
  pace: { name: 'vast.create', gapMs: 4_700 },
  retry: 'never',
  timeoutMs: 120_000,
  read: (answer) => String(parseWith(created, accepted(answer, rentWords)).new_contract),
});

/** Vast cuts start scripts and arguments off at 4,096 characters in all. */
export const longestOnstart = 4_096;

/**
 * Runs at every start of the container, the guard before all that could fail or hang. Without the file
 * every login would land in a tmux session.
 */
export function onstart(guard: GuardTerms | undefined, origin: string, command = ''): string {
  // Last, because what brings up an image's services often never ends.
  const rest = ['touch ~/.no_auto_tmux', command].filter((line) => line !== '').join('\n');
  if (guard === undefined) return rest;
  const { program, start } = packGuard('vast', guard, origin);
  const text = `${start(`echo ${program}`)}\n${rest}`;
  if (text.length > longestOnstart) throw new RentError('badRequest', { detail: 'the guard does not fit into the start text' });
  return text;
}

function createBody({ offer, label, image, env, guard, command, volume }: CreateOrder, origin: string): Record<string, unknown> {
  return {
    client_id: 'me',
    image,
    disk: offer.diskGb,
    label,
    env: { ...env },
    runtype: 'ssh_direc ssh_proxy',
    onstart: onstart(guard, origin, command),
    target_state: 'running',
    // Otherwise a machine that is taken becomes a stopped instance that bills its disk.
    cancel_unavail: true,
    ...(volume === undefined ? {} : { volume_info: { create_new: false, volume_id: Number(idOf(volume.key)), mount_path: volumeFolder } }),
    ...bidOf(offer),
  };
}

/** A missing price rents on demand at the full price without a word, so a bid is never left out. */
function bidOf(offer: Offer): { price?: number } {
  if (offer.kind === 'on-demand') return {};
  if (offer.price.gpu < leastBid) throw new RentError('bidTooLow', { detail: 'the offer has no bid' });
  return { price: toDollars(offer.price.gpu) };
}

function askOf(offer: Offer): number {
  const wanted = parseOfferKey(offerKey(offer.id));
  if (offer.provider !== 'vast' || wanted === undefined || wanted.kind !== offer.kind) throw new RentError('offerGone', { detail: 'not an offer of Vast' });
  return wanted.ask;
}
