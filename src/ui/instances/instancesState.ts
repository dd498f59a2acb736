import type { ContextKeys } from '../contextKeys.ts';
import type { InstancesModel } from './instancesModel.ts';

/** Which text stands where the list is empty. A machine is shown whoever is signed in. */
export function instancesState({ instanceById, roots }: InstancesModel, { loaded, signedIn }: { loaded: boolean; signedIn: boolean }): ContextKeys['gpuRental.instances'] {
  if (instanceById.size > 0) return 'some';
  if (!signedIn) return 'signedOut';
  if (roots.length > 0) return 'failed';
  return loaded ? 'empty' : 'loading';
}
