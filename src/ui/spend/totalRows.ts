/** The sums that the hover and the spend view share. */
import type { CapUse } from '../../domain/caps.ts';
import { formatRate, formatUsd } from '../../domain/money.ts';
import { providerIds } from '../../domain/offer.ts';
import type { ShownSpend } from '../../domain/shownSpend.ts';
import type { Spend } from '../../domain/spend.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { TableRow } from '../table.ts';
import type { Voice } from '../voice.ts';
import { moment, roughly } from '../words.ts';
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

/** One sum: its figure, and what is said about it. */
export interface Total {
  readonly label: string;
  readonly figure: string;
  readonly about?: string;
  /** Both, on one line. */
  readonly text: string;
}

export function totals({ spend, instances, caps }: SpendInput, { t, nameOf }: Voice): Total[] {
  const plainly = (label: string, figure: string): Total => ({ label, figure, text: figure });
  const ofCap = (kind: CapUse['kind'], label: string, figure: string): Total => {
    const use = caps.find((one) => one.kind === kind);
    return use === undefined ? plainly(label, figure) : { label, figure, about: t('of {0}', formatUsd(use.limit)), text: t('{0} of {1}', figure, formatUsd(use.limit)) };
  };
  const balances = providerIds.flatMap((provider): Total[] => {
    const balance = spend.balances.get(provider);
    if (balance === undefined) return [];
    const [label, figure, left] = [t('Balance at {0}', nameOf(provider)), formatUsd(balance), hoursLeft(provider, instances, spend.balances)];
    if (left === undefined) return [plainly(label, figure)];
    return [{ label, figure, about: t('lasts {0}', roughly(left, t)), text: t('{0}, lasts {1}', figure, roughly(left, t)) }];
  });
  return [
    ofCap('session', t('This session'), formatUsd(spend.session)),
    plainly(t('Today'), formatUsd(spend.today)),
    ofCap('month', t('This month'), formatUsd(spend.month)),
    plainly(t('Costs now'), formatRate(spend.burn)),
    ...balances,
  ];
}

export const totalRows = (input: SpendInput, voice: Voice): TableRow[] => totals(input, voice).map(({ label, text }) => [label, text]);

/** `corrected by -$0.03 at 14:05`: why the session's figure stands still for a while. */
export const correctionWords = ({ correction, now }: Pick<SpendInput, 'correction' | 'now'>, { t }: Voice): string[] =>
  correction === undefined
    ? []
    : [t('The providers’ books corrected this session by {0} at {1}; its figure waits until spending has caught up.', formatUsd(correction.amount), moment(correction.at, now, t))];
