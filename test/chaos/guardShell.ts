/** The shell of a simulated machine, as far as the editor speaks with a guard: it takes a renewal and prints a status. */
import { RentError } from '../../src/domain/errors.ts';
import type { Endpoint } from '../../src/domain/instance.ts';
import type { SshConnection } from '../../src/ssh/connection.ts';
import type { Guards, Watching } from './guards.ts';
import type { WindowClock } from './laptop.ts';
import type { Container, Machines } from './machines.ts';

export interface ShellParts {
  readonly machines: Machines;
  readonly guards: Guards;
  readonly clock: WindowClock;
  readonly reachable: (endpoint: Endpoint) => Container | undefined;
}

const answerMs = 120;

/** Rejects when nobody answers there. */
export async function connectTo(endpoint: Endpoint, { guards, clock, reachable }: ShellParts): Promise<SshConnection> {
  await clock.sleep(answerMs);
  const container = reachable(endpoint);
  if (container === undefined) throw new RentError('sshUnreachable');
  const unused = (): never => {
    throw new Error('a simulation knows only what an editor says to a guard');
  };
  return {
    endpoint,
    hostKey: { type: 'ssh-ed25519', fingerprint: '' } as never,
    get client() {
      return unused();
    },
    closed: new Promise(() => undefined),
    async exec(_command, { input } = {}) {
      await clock.sleep(answerMs);
      if (reachable(endpoint) !== container) throw new RentError('sshUnreachable', { detail: 'the connection broke' });
      const watching = guards.watching(container);
      if (watching === undefined) return { stdout: '', stderr: '', code: 1 };
      const text = String(input);
      const [, label] = /\*" label=([a-z0-9-]+) "\*/.exec(text) ?? [];
      const [, renewal] = /\necho "([^"]*)" >/.exec(text) ?? [];
      if (renewal !== undefined && label === watching.label) watching.write(renewal.replace('$(echo $u | tr -d .)', `${watching.uptime}00`));
      return { stdout: statusOf(watching), stderr: '', code: 0 };
    },
    shell: unused,
    close: () => Promise.resolve(),
  };
}

function statusOf({ label, uptime, state, spent }: Watching): string {
  const { kept, phase, reason, idle, tries, last } = state;
  return `gpu-rental-guard 1 label=${label} phase=${phase} reason=${reason ?? '-'} armed=1 at=${last} used=${kept.used} spent=${spent} idle=${idle} grace=${kept.grace} gpu=0 ssh=1 tries=${tries}\nnow=${uptime}\n`;
}
