/** What a person is told when a machine nears or passes its limits. */
import { formatRate, formatUsd } from '../../domain/money.ts';
import type { GuardEvent } from '../../services/guard.ts';
import type { Note } from '../dialogs.ts';
import type { Voice } from '../voice.ts';
import { moment, rateAndMonth } from '../words.ts';
import { nameOf } from './instanceRow.ts';

export type GuardAnswer = 'extend' | 'raise' | 'stop' | 'start' | 'destroy' | 'instances' | 'console';

export function warnNote({ instance, judgement }: GuardEvent, now: number, { t, nameOf: provider }: Voice): Note<GuardAnswer> {
  const name = nameOf(instance);
  if (judgement.verdict === 'end') {
    return {
      level: 'error',
      text: t('{0} is past its limit and {1} has not stopped it: it costs {2}, and is asked again and again.', name, provider(instance.provider), formatRate(instance.burn)),
      buttons: [{ id: 'instances', label: t('Show instances') }, { id: 'console', label: t('Open console') }],
    };
  }
  const stop = { id: 'stop', label: t('Stop') } as const;
  if (judgement.because === 'lease') {
    const at = moment(instance.limits?.leaseEndsAt ?? now, now, t);
    return { level: 'warning', text: t('{0} is stopped at {1}, when its lease ends.', name, at), buttons: [{ id: 'extend', label: t('Extend lease') }, stop] };
  }
  const budget = instance.limits ? formatUsd(instance.limits.budget) : '';
  return {
    level: 'warning',
    text: t('{0} has used {1} of its {2} and is stopped when all of it is used.', name, formatUsd(instance.spent), budget),
    buttons: [{ id: 'raise', label: t('Change budget') }, stop],
  };
}

export function endNote({ instance, judgement }: GuardEvent, { t }: Voice): Note<GuardAnswer> {
  const name = nameOf(instance);
  const why = judgement.because === 'lease' ? t('{0} was stopped because its lease ended.', name) : t('{0} was stopped because its budget is used up.', name);
  const { stopped } = instance.rates;
  const cost = stopped === 0 ? t('Stopped, it costs nothing.') : t('Its disk goes on costing {0}.', rateAndMonth(stopped, t));
  return { level: 'warning', text: `${why} ${cost}`, buttons: [{ id: 'start', label: t('Start') }, { id: 'destroy', label: t('Destroy') }] };
}
