import { RentError } from '../../src/domain/errors.ts';
import type { GuardLink, GuardRenewal, GuardStatus } from '../../src/domain/guard.ts';
import { usd } from '../../src/domain/money.ts';

/** A guard that works, unless a test says otherwise. */
export class FakeGuardLink implements GuardLink {
  readonly heard: { readonly alias: string; readonly renewal: GuardRenewal }[] = [];
  says: Partial<GuardStatus> | 'absent' | RentError = {};
  /** Runs before each answer, and may take its time. */
  onRenew: ((alias: string) => Promise<void> | void) | undefined;

  async renew(alias: string, renewal: GuardRenewal, signal: AbortSignal): Promise<GuardStatus | undefined> {
    this.heard.push({ alias, renewal });
    await this.onRenew?.(alias);
    signal.throwIfAborted();
    if (this.says instanceof RentError) throw this.says;
    if (this.says === 'absent') return undefined;
    return { phase: 'watching', armed: true, ageMs: 4000, usedMs: 0, spent: usd(0), idleMs: 0, sshConnections: 1, tries: 0, ...this.says };
  }
}
