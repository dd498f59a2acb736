import type { ContextKeys } from '../contextKeys.ts';
import type { InstancesModel } from './instancesModel.ts';

/** Which text stands where the list is empty. */
export function instancesState({ roots }: InstancesModel, { loaded, signedIn }: { loaded: boolean; signedIn: boolean }): ContextKeys['gpuRental.instances'] {
  if (roots.length > 0) return 'some';
  if (!signedIn) return 'signedOut';
  return loaded ? 'empty' : 'loading';
}
