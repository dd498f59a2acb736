// A machine of the practice market, rented from the list of offers as a person does.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Rental } from '../../../src/practice/rental.ts';
import { until } from '../../host/until.ts';
import { waitForNotice } from './notices.ts';
import { refreshOffers } from './offers.ts';
import { newest, type Practice, runToSsh } from './practice.ts';
import { answerDialog } from './prompts.ts';
import { clickInline, expandRow, openContainer, rowPattern, waitForRows, type Row } from './trees.ts';

/** The first offer of one such GPU at Vast, with the limits that are usual. */
export async function rentFirst(page: Page, practice: Practice, gpu: string): Promise<Rental> {
  await openContainer(page, 'GPU Rental');
  await refreshOffers(page);
  await expandRow(page, 'Offers', new RegExp(gpu));
  const wanted = ({ level, name, description }: Row): boolean => level === 2 && /\b1×/.test(`${name} ${description}`) && description.includes('Vast.ai');
  const offer = (await waitForRows(page, 'Offers', (seen) => seen.some(wanted))).find(wanted);
  assert.ok(offer);
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
