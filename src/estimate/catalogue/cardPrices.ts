/**
 * What a card costs to buy, for the comparison with renting it. Shops have no list that stands, so that only a card is
 * here whose price somebody wrote down with a day: the example of the comparison of RunPod and Vast.ai of that day,
 * whose 3,000 hours of an RTX 4090 at $0.60/h mean a card of $1,800.
 */
export interface CardPrice {
  readonly usd: number;
  /** Day of the price, as year-month-day. */
  readonly readOn: string;
}

const prices: ReadonlyMap<string, CardPrice> = new Map([['RTX 4090', { usd: 1800, readOn: '2026-02-12' }]]);

export const cardPrice = (gpu: string): CardPrice | undefined => prices.get(gpu);
