/** What a guard says of itself: one line of `key=value`, with the machine's time on the next. */
import type { GuardReason, GuardStatus } from '../domain/guard.ts';
import type { Usd } from '../domain/money.ts';

const version = '1';
const phases = ['watching', 'grace', 'acting'] as const;
const reasons: readonly GuardReason[] = ['use', 'deadline', 'budget', 'unclaimed', 'idle', 'longIdle', 'run'];
const line = /^gpu-rental-guard (\d+) (.+)$/m;

/** Undefined where there is no guard, or one of another rental or of another version. Unknown keys are left alone. */
export function parseStatus(text: string, label: string): GuardStatus | undefined {
  const [, spoken, rest = ''] = line.exec(text) ?? [];
  if (spoken !== version) return undefined;
  const says = new Map([...rest.matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]));
  const phase = phases.find((each) => each === says.get('phase'));
  if (phase === undefined || says.get('label') !== label) return undefined;
  const whole = (key: string): number | undefined => number(says.get(key));
  const [at, used, spent, idle] = [whole('at'), whole('used'), whole('spent'), whole('idle')];
  const now = number(/^now=(\d+)/m.exec(text)?.[1]);
  if (at === undefined || used === undefined || spent === undefined || idle === undefined || now === undefined) return undefined;
  // The machine's host booted anew: whoever said this is no longer there.
  if (now < at) return undefined;
  const reason = reasons.find((each) => each === says.get('reason'));
  const grace = whole('grace');
  const gpuPct = whole('gpu');
  return {
    phase,
    ...(reason === undefined ? {} : { reason }),
    armed: says.get('armed') === '1',
    ageMs: (now - at) * 1000,
    usedMs: used * 1000,
    spent: spent as Usd,
    idleMs: idle * 1000,
    ...(phase === 'grace' && grace !== undefined ? { graceLeftMs: grace * 1000 } : {}),
    ...(gpuPct === undefined ? {} : { gpuPct }),
    sshConnections: whole('ssh') ?? 0,
    tries: whole('tries') ?? 0,
  };
}

/** Undefined for anything but a whole number that keeps its value. */
function number(text: string | undefined): number | undefined {
  const value = /^\d{1,15}$/.test(text ?? '') ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
