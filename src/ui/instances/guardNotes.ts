/** What a person is told when a machine nears or passes its limits. */
import { leftOf } from '../../domain/caps.ts';
import { formatRate, formatUsd, lastsMs, subtractUsd, sumRates, zeroUsd, type UsdPerHour } from '../../domain/money.ts';
import type { CapEvent, GuardEvent } from '../../services/guard.ts';
import type { Note } from '../dialogs.ts';
import type { Voice } from '../voice.ts';
import { duration, moment, rateAndMonth } from '../words.ts';
import { lacks } from './instanceContext.ts';
import { nameOf } from './instanceRow.ts';

export type GuardAnswer = 'extend' | 'raise' | 'stop' | 'start' | 'destroy' | 'instances' | 'console';

export function warnNote({ instance, judgement, counted }: GuardEvent, now: number, { t, nameOf: provider }: Voice): Note<GuardAnswer> {
  const name = nameOf(instance);
  if (judgement.verdict === 'end') {
    return {
      level: 'error',
      text: t('{0} is past its limit and {1} has not stopped it: it costs {2}, and is asked again and again.', name, provider(instance.provider), formatRate(instance.burn)),
      buttons: [{ id: 'instances', label: t('Show instances') }, { id: 'console', label: t('Open console') }],
    };
  }
  const ends = [...(lacks(instance, 'stop') ? [] : [{ id: 'stop' as const, label: t('Stop') }]), { id: 'destroy' as const, label: t('Destroy') }];
  const destroys = instance.limits?.atLimit === 'destroy';
  if (judgement.because === 'lease') {
    const at = moment(instance.limits?.leaseEndsAt ?? now, now, t);
    const text = destroys ? t('{0} is destroyed at {1}, when its lease ends.', name, at) : t('{0} is stopped at {1}, when its lease ends.', name, at);
    return { level: 'warning', text, buttons: [{ id: 'extend', label: t('Extend lease') }, ...ends] };
  }
  const limit = instance.limits?.budget ?? zeroUsd;
  const figures = [name, formatUsd(counted), formatUsd(limit), duration(lastsMs(subtractUsd(limit, counted), instance.burn), t)] as const;
  return {
    level: judgement.step === 50 ? 'info' : 'warning',
    text: destroys ? t('{0} has used {1} of its {2}. The rest lasts {3}; then it is destroyed.', ...figures) : t('{0} has used {1} of its {2}. The rest lasts {3}; then it is stopped.', ...figures),
    buttons: [{ id: 'raise', label: t('Raise budget') }, ...ends],
  };
}

export function endNote({ instance, judgement }: GuardEvent, { t }: Voice): Note<GuardAnswer> {
  const name = nameOf(instance);
  if (instance.limits?.atLimit === 'destroy') {
    const text = judgement.because === 'lease' ? t('{0} was destroyed because its lease ended.', name) : t('{0} was destroyed because its budget is used up.', name);
    return { level: 'warning', text, buttons: [] };
  }
  const why = judgement.because === 'lease' ? t('{0} was stopped because its lease ended.', name) : t('{0} was stopped because its budget is used up.', name);
  const { stopped } = instance.rates;
  const cost = stopped === 0 ? t('Stopped, it costs nothing.') : t('Its disk goes on costing {0}.', rateAndMonth(stopped, t));
  return { level: 'warning', text: `${why} ${cost}`, buttons: [{ id: 'start', label: t('Start') }, { id: 'destroy', label: t('Destroy') }] };
}

export type CapAnswer = 'raiseCap' | 'stop' | 'spend' | 'instances';

/** `burn` is what all machines cost now: it says how long the rest lasts. */
export function capNote({ use, step, stopped, failed }: CapEvent, burn: UsdPerHour, { t }: Voice): Note<CapAnswer> {
  const raise = { id: 'raiseCap', label: t('Raise the cap') } as const;
  const [counted, limit] = [formatUsd(use.counted), formatUsd(use.limit)];
  if (step < 100) {
    const used = use.kind === 'month' ? t('{0} of this month’s {1} is used.', counted, limit) : t('{0} of this session’s {1} is used.', counted, limit);
    const lasts = lastsMs(leftOf(use), burn);
    const rest = Number.isFinite(lasts) ? t('The rest lasts {0}; then all your machines are stopped, or destroyed where that was agreed.', duration(lasts, t)) : t('Past it all your machines are stopped, or destroyed where that was agreed.');
    return { level: step === 50 ? 'info' : 'warning', text: `${used} ${rest}`, buttons: [raise, { id: 'stop', label: t('Stop') }, { id: 'spend', label: t('Show spend') }] };
  }
  const past = use.kind === 'month' ? t('This month’s {0} is used up.', limit) : t('This session’s {0} is used up.', limit);
  const gone = stopped.filter(({ limits }) => limits?.atLimit === 'destroy');
  const kept = stopped.filter((instance) => !gone.includes(instance));
  const disks = sumRates(kept.map(({ rates }) => rates.stopped));
  const words = [
    past,
    gone.length > 0 && t('Destroyed because of it: {0}.', gone.map(nameOf).join(', ')),
    kept.length > 0 && t('Stopped because of it: {0}.', kept.map(nameOf).join(', ')),
    failed.length > 0 && t('Not stopped yet, and asked again and again: {0}.', failed.map(nameOf).join(', ')),
    kept.length > 0 && (disks === 0 ? t('Stopped, they cost nothing.') : t('Stopped, they go on costing {0}.', rateAndMonth(disks, t))),
  ];
  return { level: failed.length > 0 ? 'error' : 'warning', text: words.filter((sentence) => sentence).join(' '), buttons: [raise, { id: 'instances', label: t('Show instances') }] };
}
