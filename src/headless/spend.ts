import { formatRate, formatUsd, toDollars } from '../domain/money.ts';
import { spendCsv } from '../domain/spendCsv.ts';
import { spendByDay } from '../domain/spendDays.ts';
import type { Spend } from '../domain/spend.ts';
import { settleCharges } from '../services/charges.ts';
import { spendNow } from '../services/spending.ts';
import type { Core } from '../wiring.ts';
import type { Command } from './command.ts';
import { stderrLog } from './log.ts';

export const spend: Command = async (core, { csv }, signal) => {
  const log = stderrLog(false);
  await Promise.all([core.fleet.refresh(signal, true), core.accounts.refreshBalances(signal)]);
  await settleCharges({ ...core, signedIn: (id) => core.accounts.signedIn(id), ours: (id) => core.fleet.wasOurs(id), log }, signal);
  const now = spendNow(core.meter, core.fleet, core.accounts);
  return {
    answer: {
      session: toDollars(now.session),
      today: toDollars(now.today),
      month: toDollars(now.month),
      burnUsdPerHour: toDollars(now.burn),
      balance: Object.fromEntries([...now.balances].map(([provider, amount]) => [provider, toDollars(amount)])),
      instances: now.instances.map((one) => ({ id: one.instanceId, spentUsd: toDollars(one.spent), burnUsdPerHour: toDollars(one.burn), live: one.live })),
      reconciledTo: now.reconciledTo === undefined ? null : new Date(now.reconciledTo).toISOString(),
    },
    text: csv ? spendLines(core, now).trimEnd() : `${formatUsd(now.session)} · ${formatRate(now.burn)}`,
  };
};

const spendLines = ({ fleet }: Core, { books }: Spend): string =>
  spendCsv(spendByDay(books.intervals, books.settled), (id) => ({ name: fleet.nameOf(id), project: fleet.launchOf(id)?.quote.project ?? '' }));
