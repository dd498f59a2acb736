/** Endpoints by the rules of machines. Loaded when the first of them is wanted. */
import { isDefiniteRefusal, RentError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import type { Launch } from '../domain/launch.ts';
import type { Provider } from '../domain/provider.ts';
import { createMachine, newLaunch, type CreatingDeps, type RentRequest } from './creating.ts';
import { lookNow } from './lookNow.ts';

/** It is there when the provider has said so: there is nothing to wait for. */
export async function createEndpoint(deps: CreatingDeps, provider: Provider, request: RentRequest, signal: AbortSignal): Promise<InstanceId> {
  const { store, fleet } = deps;
  signal.throwIfAborted();
  const launch = newLaunch(deps, provider, request);
  try {
    store.intend(launch);
    const id = await createMachine(deps, provider, { launch, request, publicKey: '' }, () => undefined, signal);
    store.mark(launch.id, 'ready');
    await lookNow(deps, provider, id);
    return id;
  } finally {
    fleet.announce();
  }
}

/** It may cost from the moment the request leaves, so the journal says so before. */
export async function startEndpoint(deps: CreatingDeps, provider: Provider, { id: launchId, state, quote }: Launch, id: InstanceId): Promise<void> {
  const { store, fleet } = deps;
  if (quote.serverless === undefined || provider.serverless === undefined) throw new RentError('notAllowed', { detail: 'it is no endpoint' });
  if (!store.mark(launchId, 'created')) throw new RentError('notAllowed', { detail: 'it is being destroyed' });
  store.mark(launchId, 'ready');
  try {
    await provider.serverless.start(id.slice(provider.id.length + 1), quote.serverless);
  } catch (error) {
    // A clear no changed nothing; anything else may have given it workers.
    if (isDefiniteRefusal(error)) store.mark(launchId, state);
    throw error;
  }
  await lookNow(deps, provider, id);
  fleet.announce();
}
