import { sumRates, zeroRate } from '../domain/money.ts';
import type { Spend } from '../domain/spend.ts';
import type { Accounts } from './accounts.ts';
import type { Fleet } from './fleet.ts';
import type { Meter } from './meter.ts';

/** Everything the status bar and the spend view say, at this moment. */
export function spendNow(meter: Meter, fleet: Fleet, accounts: Accounts): Spend {
  const { session, today, month, everRan, reconciledTo } = meter.totals();
  const live = fleet.instances.map(({ id, name, spent, burn }) => ({ instanceId: id as string, name, spent, burn, live: true }));
  const shown = new Set(live.map((instance) => instance.instanceId));
  const over = meter.metered()
    .filter((id) => !shown.has(id))
    .map((id) => ({ instanceId: id, name: fleet.nameOf(id), spent: meter.spentOn(id), burn: zeroRate, live: false }));
  const instances = [...live, ...over];
  return {
    session,
    today,
    month,
    burn: sumRates(instances.map((instance) => instance.burn)),
    instances,
    balances: accounts.balances,
    ...(reconciledTo === undefined ? {} : { reconciledTo }),
    everRan,
    books: meter.books(),
  };
}
