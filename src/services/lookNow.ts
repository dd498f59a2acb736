import type { InstanceId } from '../domain/instance.ts';
import type { Log } from '../domain/ports.ts';
import type { Provider } from '../domain/provider.ts';
import type { Fleet } from './fleet.ts';

/** A look before an action closes the books on what came before it; the action does not depend on it. */
export async function lookNow({ fleet, log }: { readonly fleet: Pick<Fleet, 'see'>; readonly log: Log }, provider: Provider, id: InstanceId): Promise<void> {
  try {
    const found = await provider.get(id.slice(provider.id.length + 1), new AbortController().signal);
    if (found) fleet.see(found.instance, found.at);
  } catch (error) {
    log.warn(`could not look at ${id}`, error);
  }
}
