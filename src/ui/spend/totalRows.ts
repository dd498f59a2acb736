/** The sums that the hover and the spend view share. */
import type { CapUse } from '../../domain/caps.ts';
import { formatRate, formatUsd } from '../../domain/money.ts';
import { providerIds } from '../../domain/offer.ts';
import type { ShownSpend } from '../../domain/shownSpend.ts';
import type { Spend } from '../../domain/spend.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { TableRow } from '../table.ts';
import type { Voice } from '../voice.ts';
import { duration, moment } from '../words.ts';
import { hoursLeft, type Alarm } from './alarm.ts';

export interface SpendInput {
  readonly spend: Spend;
  readonly instances: readonly FleetInstance[];
  readonly alarm: Alarm;
  readonly caps: readonly CapUse[];
  /** What the books took back of the session, while more is shown. */
  readonly correction?: ShownSpend['correction'];
  /** What goes on when the editor is closed. */
  readonly closing: readonly string[];
  readonly now: number;
  readonly practice: boolean;
}

export function totalRows({ spend, instances, caps }: SpendInput, { t, nameOf }: Voice): TableRow[] {
  const ofCap = (kind: CapUse['kind'], figure: string): string => {
    const use = caps.find((one) => one.kind === kind);
    return use === undefined ? figure : t('{0} of {1}', figure, formatUsd(use.limit));
  };
  const balances = providerIds.map((provider): TableRow => {
    const balance = spend.balances.get(provider);
    const left = hoursLeft(provider, instances, spend.balances);
    const figure = balance === undefined ? undefined : left === undefined ? formatUsd(balance) : t('{0}, lasts {1}', formatUsd(balance), duration(left, t));
    return [t('Balance at {0}', nameOf(provider)), figure];
  });
  return [
    [t('This session'), ofCap('session', formatUsd(spend.session))],
    [t('Today'), formatUsd(spend.today)],
    [t('This month'), ofCap('month', formatUsd(spend.month))],
    [t('Costs now'), formatRate(spend.burn)],
    ...balances,
  ];
}

/** `corrected by -$0.03 at 14:05`: why the session's figure stands still for a while. */
export const correctionWords = ({ correction, now }: Pick<SpendInput, 'correction' | 'now'>, { t }: Voice): string[] =>
  correction === undefined
    ? []
    : [t('The providers’ books corrected this session by {0} at {1}; its figure waits until spending has caught up.', formatUsd(correction.amount), moment(correction.at, now, t))];
