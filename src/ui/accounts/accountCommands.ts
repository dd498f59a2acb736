import { providerIds, type ProviderId } from '../../domain/offer.ts';
import type { CommandHandlers } from '../commandIds.ts';
import { signIn, signOut, type SignInDeps } from './signIn.ts';

export function accountCommands(deps: SignInDeps) {
  return {
    'gpuRental.account.signIn': async (argument) => void (await signIn(deps, providerIn(argument))),
    'gpuRental.account.signOut': (argument) => signOut(deps, providerIn(argument)),
  } satisfies CommandHandlers;
}

/** A tree hands over its node, which names no provider. */
const providerIn = (argument: unknown): ProviderId | undefined => providerIds.find((provider) => provider === argument);
