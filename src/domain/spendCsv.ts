import { csv } from './csv.ts';
import type { InstanceId } from './instance.ts';
import { toDollars } from './money.ts';
import { providerOf } from './offer.ts';
import type { SpendCell } from './spendDays.ts';

export interface Spender {
  readonly name: string;
  /** The folder it was rented for; empty where none is known. */
  readonly project: string;
}

/** One line for each instance and local day. Names of columns are English and figures are dollars: it is for programs. */
export function spendCsv(cells: readonly SpendCell[], spender: (id: InstanceId) => Spender): string {
  const rows = cells.toSorted((a, b) => a.day - b.day || (a.instanceId < b.instanceId ? -1 : 1)).map(({ instanceId, day, spent }) => {
    const { name, project } = spender(instanceId);
    return [isoDay(day), instanceId, providerOf(instanceId) ?? '', name, project, toDollars(spent)];
  });
  return csv([['day', 'instance', 'provider', 'name', 'project', 'usd'], ...rows]);
}

/** `2026-11-22`, of the local day that begins at `day`. */
export function isoDay(day: number): string {
  const date = new Date(day);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
