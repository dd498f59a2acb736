/** Whether spend needs attention now, and why. */
import { judge, stepReached } from '../../domain/budget.ts';
import type { CapUse } from '../../domain/caps.ts';
import { allows } from '../../domain/instance.ts';
import { formatUsd, lastsMs, sumRates, type Usd } from '../../domain/money.ts';
import { providerIds } from '../../domain/offer.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { isUnprotected, whyWords } from '../instances/guardWords.ts';
import { nameOf } from '../instances/instanceRow.ts';
import { atZero } from '../rent/purse.ts';
import type { Voice } from '../voice.ts';
import { roughly } from '../words.ts';

export interface Alarm {
  readonly level: 'none' | 'warning' | 'error';
  readonly reasons: readonly string[];
}

export interface AlarmInput {
  readonly instances: readonly FleetInstance[];
  readonly balances: ReadonlyMap<string, Usd>;
  readonly caps: readonly CapUse[];
  readonly now: number;
}

export const lowBalanceMs = 3_600_000;
const idleSignMs = 10 * 60_000;

export function alarmOf({ instances, balances, caps, now }: AlarmInput, voice: Voice): Alarm {
  const past: string[] = [];
  const near: string[] = [];
  for (const instance of instances) {
    if (isUnprotected(instance)) past.push(voice.t('{0} is not protected: {1}.', nameOf(instance), whyWords(instance, now, voice)));
    near.push(...restless(instance, voice));
    if (instance.limits === undefined || !allows(instance.state, 'stop')) continue;
    const { verdict, because } = judge(instance.limits, instance.spent, instance.burn, now, now);
    if (verdict === 'end') past.push(voice.t('{0} is past its limit.', nameOf(instance)));
    if (verdict === 'warn') near.push(because === 'lease' ? voice.t('The lease of {0} ends soon.', nameOf(instance)) : voice.t('{0} has used most of its budget.', nameOf(instance)));
  }
  for (const use of caps) {
    const step = stepReached(use.limit, use.counted);
    if (step === 100) past.push(use.kind === 'month' ? voice.t('This month’s {0} is used up.', formatUsd(use.limit)) : voice.t('This session’s {0} is used up.', formatUsd(use.limit)));
    if (step === 80) near.push(use.kind === 'month' ? voice.t('Most of this month’s {0} is used.', formatUsd(use.limit)) : voice.t('Most of this session’s {0} is used.', formatUsd(use.limit)));
  }
  near.push(...lowBalances({ instances, balances }, voice));
  return { level: past.length > 0 ? 'error' : near.length > 0 ? 'warning' : 'none', reasons: [...past, ...near] };
}

/** It bills and nobody uses it, or its guard is about to end it. */
function restless(instance: FleetInstance, { t }: Voice): string[] {
  const { state, guard } = instance;
  const status = guard?.status;
  if (state !== 'ready' || guard?.protection !== 'protected' || status === undefined) return [];
  if (status.phase !== 'watching') return [t('The guard of {0} is about to end it.', nameOf(instance))];
  return status.idleMs >= idleSignMs ? [t('{0} has been idle for {1}.', nameOf(instance), roughly(status.idleMs, t))] : [];
}

function lowBalances({ instances, balances }: Pick<AlarmInput, 'instances' | 'balances'>, voice: Voice): string[] {
  const { t, nameOf } = voice;
  return providerIds.flatMap((provider) => {
    const left = hoursLeft(provider, instances, balances);
    return left !== undefined && left < lowBalanceMs ? [`${t('The balance at {0} lasts {1}.', nameOf(provider), roughly(left, t))} ${atZero(provider, voice)}`] : [];
  });
}

/** How long a provider's balance lasts at what its machines cost now, in milliseconds; undefined when unknown or for ever. */
export function hoursLeft(provider: string, instances: readonly FleetInstance[], balances: ReadonlyMap<string, Usd>): number | undefined {
  const balance = balances.get(provider);
  if (balance === undefined) return undefined;
  const left = lastsMs(balance, sumRates(instances.filter((instance) => instance.provider === provider).map(({ burn }) => burn)));
  return Number.isFinite(left) ? left : undefined;
}
