import { chargeFor, formatRate, formatUsd, toDollars, usd } from '../../domain/money.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Rentals } from '../../services/rentals.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { askBudget } from '../rent/termsFlow.ts';
import type { Voice } from '../voice.ts';
import { duration, moment } from '../words.ts';
import { nameOf } from './instanceRow.ts';

export interface LimitsDeps {
  readonly dialogs: Dialogs;
  readonly rentals: Pick<Rentals, 'renew' | 'setBudget'>;
  readonly now: () => number;
  readonly voice: Voice;
}

const hourMs = 3_600_000;
const extensions = [1, 2, 4, 8, 24];

/** Every choice says until when, and what that much longer costs. */
export async function extendLease({ dialogs, rentals, now, voice }: LimitsDeps, instance: FleetInstance): Promise<void> {
  const { t } = voice;
  const at = now();
  const from = Math.max(at, instance.limits?.leaseEndsAt ?? at);
  const until = await dialogs.pick({
    title: t('Extend the lease of {0}', nameOf(instance)),
    placeholder: t('It costs {0} while it runs', formatRate(instance.rates.running)),
    choices: extensions.map((hours) => ({
      label: t('{0} more', duration(hours * hourMs, t)),
      description: t('stops {0} · {1} more', moment(from + hours * hourMs, at, t), formatUsd(chargeFor(instance.rates.running, hours * hourMs))),
      value: from + hours * hourMs,
    })),
  });
  if (until !== undefined && until !== goBack) rentals.renew(instance.id, until);
}

export async function changeBudget({ dialogs, rentals, voice }: LimitsDeps, instance: FleetInstance): Promise<void> {
  const { t } = voice;
  const prompt = t('Dollars of spend at which it is stopped; {0} so far, {1} while it runs', formatUsd(instance.spent), formatRate(instance.rates.running));
  const budget = await askBudget(dialogs, instance.limits ? toDollars(instance.limits.budget) : 5, voice, prompt);
  if (budget !== undefined) rentals.setBudget(instance.id, usd(budget));
}
