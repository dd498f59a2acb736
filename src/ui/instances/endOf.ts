import { allows } from '../../domain/instance.ts';
import { lastsMs, subtractUsd } from '../../domain/money.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';

/** When a machine is stopped if nothing changes: at the end of its lease or of its budget, whichever comes first. */
export interface End {
  readonly at: number;
  readonly because: 'lease' | 'budget';
}

/** Undefined for what has no limits of ours, or is not running. */
export function endOf({ limits, state, spent, burn }: FleetInstance, now: number): End | undefined {
  if (limits === undefined || !allows(state, 'stop')) return undefined;
  const broke = now + lastsMs(subtractUsd(limits.budget, spent), burn);
  return broke < limits.leaseEndsAt ? { at: broke, because: 'budget' } : { at: limits.leaseEndsAt, because: 'lease' };
}
