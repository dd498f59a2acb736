/**
 * What the editor says to a guard that runs, as text that is safe in any shell: digits, dashes and
 * the label. The guard counts from when it sees the text change, so no clock of ours is in it; the
 * machine's own uptime stands first so that every renewal is a change and an old copy is worth nothing.
 */
import { RentError } from '../domain/errors.ts';
import { longestLeaseMs, type GuardRenewal } from '../domain/guard.ts';

/** Below the home folder of the machine's user: where guard and editor meet. */
export const guardFolder = '.gpu-rental';

/** More digits than any time or budget has; the guard refuses the whole text beyond. */
const most = 999_999_999_999;
const labelPattern = /^[a-z0-9][a-z0-9-]{0,99}$/;

/** `ttl active budget use deadline hold .` in seconds and micro-dollars; a dash leaves a limit as it is. */
export function renewalText(renewal: GuardRenewal): string {
  const { ttlMs, active, budget, useMs, deadlineAt, holdMs } = renewal;
  const ttl = seconds(Math.min(ttlMs, longestLeaseMs));
  return [ttl, active ? '1' : '0', digits(budget), seconds(useMs), seconds(deadlineAt), seconds(holdMs), '.'].join(' ');
}

/**
 * One command for the machine's shell: writes the renewal whole or not at all, and prints the status
 * with the machine's time behind it. Nothing is written where another rental's guard answers.
 */
export function renewalCommand(label: string, renewal: GuardRenewal): string {
  if (!labelPattern.test(label)) throw new RentError('badRequest', { detail: 'not a label' });
  return within([
    ...meeting,
    `case $s in *" label=${label} "*)`,
    `echo "1 $u ${renewalText(renewal)}" >"$d/.lease.$$" && mv -f "$d/.lease.$$" "$d/lease";; esac`,
    ...telling,
  ]);
}

/** Only asks. */
export const statusCommand = (): string => within([...meeting, ...telling]);

// The home of a login and that of the container's first process can differ.
const meeting = [
  'umask 077',
  `d=$HOME/${guardFolder}`,
  `[ -r "$d/status" ] || d=/root/${guardFolder}`,
  'read -r u x </proc/uptime || u=$(date +%s)',
  's=$(cat "$d/status")',
];
const telling = ['cat "$d/status"', 'echo "now=${u%%.*}"'];

/** One POSIX shell runs it, whatever shell the user logs in to. */
const within = (lines: readonly string[]): string => `sh -c '${lines.join('\n')}' 2>/dev/null`;

const seconds = (ms: number | undefined): string => digits(ms === undefined ? undefined : ms / 1000);

function digits(value: number | undefined): string {
  if (value === undefined) return '-';
  if (!Number.isFinite(value) || value < 0) throw new RentError('badRequest', { detail: 'a guard is told only times and amounts' });
  return String(Math.min(most, Math.floor(value)));
}
