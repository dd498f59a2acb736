import type { InstanceId } from '../domain/instance.ts';
import type { GuardEnds } from './guardEnds.ts';
import type { Protection } from './protection.ts';

/** Hears of what we do to a machine before it is done, so that its guard can be told and is not blamed for it. */
export interface GuardKeeper {
  begun(launchId: string): void;
  ownEnd(launchId: string): void;
  limitsChanged(id: InstanceId): void;
}

export const guardKeeper = (protection: Protection, ends: GuardEnds): GuardKeeper => ({
  begun: (launchId) => protection.begun(launchId),
  ownEnd: (launchId) => ends.ownEnd(launchId),
  limitsChanged: (id) => protection.limitsChanged(id),
});
