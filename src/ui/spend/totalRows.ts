/** The sums that the hover and the spend view share. */
import { formatRate, formatUsd } from '../../domain/money.ts';
import { providerIds } from '../../domain/offer.ts';
import type { Spend } from '../../domain/spend.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { TableRow } from '../table.ts';
import type { Voice } from '../voice.ts';
import { duration } from '../words.ts';
import { hoursLeft, type Alarm } from './alarm.ts';

export interface SpendInput {
  readonly spend: Spend;
  readonly instances: readonly FleetInstance[];
  readonly alarm: Alarm;
  readonly now: number;
  readonly practice: boolean;
}

export function totalRows({ spend, instances }: SpendInput, { t, nameOf }: Voice): TableRow[] {
  const balances = providerIds.map((provider): TableRow => {
    const balance = spend.balances.get(provider);
    const left = hoursLeft(provider, instances, spend.balances);
    const figure = balance === undefined ? undefined : left === undefined ? formatUsd(balance) : t('{0}, lasts {1}', formatUsd(balance), duration(left, t));
    return [t('Balance at {0}', nameOf(provider)), figure];
  });
  return [
    [t('This session'), formatUsd(spend.session)],
    [t('Today'), formatUsd(spend.today)],
    [t('This month'), formatUsd(spend.month)],
    [t('Costs now'), formatRate(spend.burn)],
    ...balances,
  ];
}
