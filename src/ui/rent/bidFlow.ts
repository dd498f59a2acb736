import { toDollars, usdPerHour, type UsdPerHour } from '../../domain/money.ts';
import type { Dialogs } from '../dialogs.ts';
import { amountIn } from '../input.ts';
import type { Voice } from '../voice.ts';
import { floorWords, type Bidding } from './bidWords.ts';

/** What is taken for a bid at all: at least this, and at most so many dollars an hour for each GPU. */
const leastBid = usdPerHour(0.001);
const mostUsdPerGpu = 32;

/** For the GPUs of one machine, without its disk. Never below what wins now: such a bid is lost as it is made. */
export async function askBid(dialogs: Dialogs, { gpuCount, value }: { readonly gpuCount: number; readonly value: UsdPerHour }, bidding: Bidding, voice: Voice): Promise<UsdPerHour | undefined> {
  const bid = await amountIn(dialogs, {
    title: voice.t('Bid'),
    prompt: `${voice.t('Dollars an hour for the GPU, its disk not counted.')} ${floorWords(bidding, voice)}`,
    value: toDollars(value), least: toDollars(bidding.floor ?? leastBid), most: mostUsdPerGpu * gpuCount,
  }, voice);
  return bid === undefined ? undefined : usdPerHour(bid);
}
