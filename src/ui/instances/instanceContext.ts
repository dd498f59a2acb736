import { allows, type InstanceAction } from '../../domain/instance.ts';
import type { Lack } from '../../domain/provider.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';

/** Everything that can be done to a machine; the state decides most of it, being ours the rest. */
export type Deed = InstanceAction | 'limits' | 'bid' | 'move' | 'logs' | 'copySsh' | 'console';

const needsOurs: readonly Deed[] = ['open', 'start', 'reboot', 'limits', 'bid', 'move', 'copySsh'];

const noneOfEndpoints: readonly Deed[] = ['open', 'reboot', 'copySsh', 'logs', 'bid', 'move'];

export function canDo(instance: FleetInstance, deed: Deed): boolean {
  if (!instance.ours && needsOurs.includes(deed)) return false;
  // Nobody can log in to an endpoint, and it has no one machine to start anew.
  if (instance.workers !== undefined && noneOfEndpoints.includes(deed)) return false;
  switch (deed) {
    case 'copySsh':
      return allows(instance.state, 'open') && instance.alias !== undefined;
    case 'limits':
      return instance.limits !== undefined && instance.state !== 'ending';
    // Nobody else bids, and what runs or starts has nothing to move away from.
    case 'bid':
      return instance.kind === 'interruptible' && instance.launch !== undefined && ['starting', 'ready', 'stopped'].includes(instance.state);
    case 'move':
      return instance.kind === 'interruptible' && instance.launch !== undefined && instance.state === 'stopped';
    case 'logs':
      return !lacks(instance, 'logs');
    case 'console':
      return true;
    case 'stop':
    case 'start':
      return allows(instance.state, deed) && !lacks(instance, 'stop');
    default:
      return allows(instance.state, deed);
  }
}

export const lacks = ({ lacks: missing = [] }: Pick<FleetInstance, 'lacks'>, what: Lack): boolean => missing.includes(what);

const deeds: readonly Deed[] = ['open', 'stop', 'start', 'reboot', 'destroy', 'limits', 'bid', 'move', 'logs', 'copySsh', 'console'];

/** `instance ready can-open can-stop …`: what `when` clauses in package.json look for. */
export const contextOf = (instance: FleetInstance): string =>
  ['instance', instance.state, ...deeds.filter((deed) => canDo(instance, deed)).map((deed) => `can-${deed}`)].join(' ');
