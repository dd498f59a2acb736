import type { Page } from 'playwright-core';
import { until } from '../../host/until.ts';
import { clickPaneAction, jump, readRows, rowText } from './trees.ts';

/** The line under the offers: what was read, and when. */
export async function offersSummary(page: Page): Promise<string> {
  // Offers that come in meanwhile push the last line out of sight again.
  return await until('the line under the offers', async () => {
    await jump(page, 'Offers', 'End');
    return (await readRows(page, 'Offers')).map(rowText).findLast((text) => /\d+ GB disk$/.test(text));
  });
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** Reads the offers anew and waits until the list shows what was read: market time may have run meanwhile. */
export async function refreshOffers(page: Page): Promise<void> {
  const readAt = async (): Promise<string | undefined> => /read at (\S+)/.exec(await offersSummary(page))?.[1];
  const before = await readAt();
  // The line counts in seconds: two readings within one look alike.
  await until('the next second', async () => timeOfDay.format(Date.now()) !== before);
  await clickPaneAction(page, 'Offers', 'Refresh Offers');
  await until('the offers to be read again', async () => {
    const now = await readAt();
    return now !== undefined && now !== before;
    // Vast allows ten searches a minute: the next one may have to wait for the one after.
  }, { seconds: 150 });
}
