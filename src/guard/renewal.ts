/**
 * What the editor says to a guard that runs, as text that is safe in any shell: digits and the label.
 * The guard counts from when it sees the text change, so no clock of ours is in it; the machine's own
 * uptime stands in it so that every renewal is a change and an old copy is worth nothing.
 */
import { RentError } from '../domain/errors.ts';
import { longestLeaseMs, type GuardRenewal } from '../domain/guard.ts';

/** Below the home folder of the machine's user: where guard and editor meet. */
export const guardFolder = '.gpu-rental';

/** Twelve digits: the guard refuses a line with a longer number. */
const most = 999_999_999_999;
const labelPattern = /^[a-z0-9][a-z0-9-]{0,99}$/;

/**
 * `ttl active budget use deadline hold 1` in seconds and micro-dollars; 0 leaves a limit as it is. Before
 * it the guard reads `1` and the moment: ones at both ends prove that the line is whole.
 */
export function renewalText(renewal: GuardRenewal): string {
  const { ttlMs, active, budget, useMs, deadlineAt, holdMs } = renewal;
  const ttl = seconds(Math.min(ttlMs, longestLeaseMs), 0);
  return [ttl, active ? 1 : 0, limit(budget), seconds(useMs, 1), seconds(deadlineAt, 1), seconds(holdMs, 1), 1].join(' ');
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
    // A guard takes no number that begins with 0, and a machine of its own kernel counts from there.
    `echo "1 1$(echo $u | tr -d .) ${renewalText(renewal)}" >"$d/.lease.$$" && mv -f "$d/.lease.$$" "$d/lease";; esac`,
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

const seconds = (ms: number | undefined, least: number): number => limit(ms === undefined ? undefined : ms / 1000, least);

/** A limit of nothing is one of a second or a micro-dollar: 0 says nothing. */
function limit(value: number | undefined, least = 1): number {
  if (value === undefined) return 0;
  if (!Number.isFinite(value)) throw new RentError('badRequest', { detail: 'a guard is told only times and amounts' });
  return Math.min(most, Math.max(least, Math.floor(value)));
}
