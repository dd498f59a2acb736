import { isAbort, isRentError, RentError } from '../domain/errors.ts';
import type { GuardLink, GuardRenewal, GuardStatus } from '../domain/guard.ts';
import type { MachineLinks } from '../domain/machineLink.ts';
import type { Clock } from '../domain/ports.ts';
import { messageOf } from './files.ts';
import { within } from './within.ts';

/** The guard's own language, which lives with the guard. */
export interface GuardDialect {
  /** One POSIX shell command that writes the renewal and prints the status. */
  command(alias: string, renewal: GuardRenewal): string;
  /** Undefined when what was printed holds no status of this machine's guard. */
  read(alias: string, printed: string): GuardStatus | undefined;
}

export interface GuardLinkParts {
  readonly links: MachineLinks;
  readonly dialect: GuardDialect;
  readonly clock: Clock;
}

/** All in all, dialling included: a renewal that takes longer is worth less than the next one. */
const answerMs = 30_000;
const mostBytes = 64 * 1024;

export const createGuardLink = ({ links, dialect, clock }: GuardLinkParts): GuardLink => ({
  async renew(alias, renewal, signal) {
    const expired = (): Error => new RentError('sshUnreachable', { detail: `${alias} did not answer in time` });
    try {
      const script = `${dialect.command(alias, renewal)}\n`;
      const { stdout } = await within({ clock, ms: answerMs, signal, expired }, (inTime) =>
        links.of(alias).run(script, { signal: inTime, mostBytes, repeatable: true }), // a renewal may be said twice
      );
      return dialect.read(alias, stdout);
    } catch (error) {
      if (isAbort(error) || isRentError(error)) throw error;
      throw new RentError('sshUnreachable', { detail: messageOf(error), cause: error });
    }
  },
});
