// A machine of the practice market, rented from the list of offers as a person does.
import type { Page } from 'playwright-core';
import type { Rental } from '../../../src/practice/rental.ts';
import { until } from '../../host/until.ts';
import { waitForNotice } from './notices.ts';
import { refreshOffers } from './offers.ts';
import { newest, type Practice, runToSsh } from './practice.ts';
import { answerDialog } from './prompts.ts';
import { clickInline, findBelow, openContainer, rowPattern, rowText } from './trees.ts';

/** The first offer of one such GPU at Vast, with the limits that are usual. */
export async function rentFirst(page: Page, practice: Practice, gpu: string): Promise<Rental> {
  await openContainer(page, 'GPU Rental');
  await refreshOffers(page);
  const offer = await findBelow(page, 'Offers', new RegExp(gpu), (row) => row.level === 2 && /\b1×/.test(rowText(row)) && row.description.includes('Vast.ai'));
  await clickInline(page, 'Offers', rowPattern(offer), 'Rent…');
  await answerDialog(page, 'Rent');
  return untilReady(page, practice, 1);
}

/** From the answer to the question until the machine can be worked on; it is the market's `count`th. */
export async function untilReady(page: Page, practice: Practice, count: number): Promise<Rental> {
  await until('the provider to have it', () => practice.market.world.rentals.all().length === count);
  const rental = newest(practice);
  await runToSsh(practice, rental);
  await waitForNotice(page, /is ready/);
  return rental;
}
