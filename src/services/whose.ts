/**
 * Which account a machine was seen in. A key may be changed for one of another account, and two editors may hold two:
 * that the list of one account lacks a machine of the other proves nothing.
 */
import { RentError } from '../domain/errors.ts';
import type { Log } from '../domain/ports.ts';
import type { Account, Provider } from '../domain/provider.ts';
import type { Notes } from '../domain/store.ts';

export interface WhoseDeps {
  readonly store: Notes;
  readonly log: Log;
}

const noteOf = (launchId: string): string => `account ${launchId}`;

/** To be told of every launch whose machine a list has just shown. Asks the provider once for each of them at most. */
export async function keepAccount(deps: WhoseDeps, provider: Provider, shown: readonly string[], signal: AbortSignal): Promise<void> {
  const fresh = shown.filter((launchId) => deps.store.note(noteOf(launchId)) === undefined);
  if (fresh.length === 0) return;
  const account = (await accountOf(deps, provider, signal))?.id;
  if (account === undefined) return;
  try {
    for (const launchId of fresh) deps.store.setNote(noteOf(launchId), account);
  } catch (error) {
    deps.log.warn('whose machines these are cannot be kept', error);
  }
}

/** Those of `absent` that this key cannot be expected to see, with whether that is certain. */
export async function outOfSight(deps: WhoseDeps, provider: Provider, absent: readonly string[], signal: AbortSignal): Promise<{ readonly launchIds: ReadonlySet<string>; readonly sure: boolean }> {
  const known = absent.flatMap((launchId) => {
    const account = deps.store.note(noteOf(launchId));
    return account === undefined ? [] : [{ launchId, account }];
  });
  if (known.length === 0) return { launchIds: new Set(), sure: false };
  const ours = await accountOf(deps, provider, signal);
  // A key that is not told its account is believed; a provider that does not answer may be asked again.
  if (ours !== undefined && ours.id === undefined) return { launchIds: new Set(), sure: false };
  return { launchIds: new Set(known.filter(({ account }) => account !== ours?.id).map(({ launchId }) => launchId)), sure: ours !== undefined };
}

/** Throws where not finding this launch's machine would mean nothing: `otherAccount` when that is certain. */
export async function mustSee(deps: WhoseDeps, provider: Provider, launchId: string): Promise<void> {
  const { launchIds, sure } = await outOfSight(deps, provider, [launchId], new AbortController().signal);
  if (launchIds.size > 0) throw new RentError(sure ? 'otherAccount' : 'serverError', { detail: 'the key may be of another account' });
}

/** Undefined where the provider was not heard. */
async function accountOf({ log }: WhoseDeps, provider: Provider, signal: AbortSignal): Promise<Account | undefined> {
  try {
    return await provider.account(signal);
  } catch (error) {
    log.warn(`whose key of ${provider.id} is used could not be learned`, error);
    return undefined;
  }
}
