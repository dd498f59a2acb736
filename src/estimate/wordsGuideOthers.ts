/** What is known of those beside the two marketplaces, cell by cell, each with its source. */
import { formatRate, formatUsd, usd, usdPerHour } from '../domain/money.ts';
import { guideSources as from, type GuideCell } from './catalogue/guide.ts';
import { listPrices } from './catalogue/prices.ts';
import { sameWork } from './catalogue/sameWork.ts';
import type { Translate } from './words.ts';

type Told = Omit<GuideCell, 'column'>;

const rate = (dollars: number | undefined): string => formatRate(usdPerHour(dollars ?? 0));

export function lambdaCells(t: Translate): readonly GuideCell[] {
  const h100 = listPrices.find(({ instance }) => instance === 'gpu_1x_h100_sxm5');
  const told: readonly Told[] = [
    { topic: 'what', text: t('A cloud of virtual machines at fixed prices.'), source: from.comparison },
    { topic: 'tiers', text: t('On demand alone; no spot.'), source: from.skypilot },
    { topic: 'price', text: t('Of whole machines: one H100 SXM costs {0}.', rate(h100?.usdPerHour)), source: { name: h100?.source ?? '', asOf: h100?.readOn ?? '' } },
    { topic: 'billing', text: t('By the minute, from when it has booted.'), source: from.lambdaDocs },
    { topic: 'stopped', text: t('There is no stop: destroying ends the cost, and the disk with it.'), source: from.lambdaDocs },
    { topic: 'storage', text: t('The machine’s disk is in its price; a file system costs {0} per GB and month and stays in its region.', formatUsd(usd(0.2))), source: from.lambdaDocs },
    { topic: 'payment', text: t('Card, with {0} held on it at first; an invoice every week.', '$10'), source: from.lambdaDocs },
    { topic: 'deposit', text: t('None; {0} are held on the card.', '$10'), source: from.lambdaDocs },
    { topic: 'several', text: t('1, 2, 4 or 8 in a machine.'), source: from.lambdaApi },
    { topic: 'limits', text: t('One request a second, one launch in 12 seconds.'), source: from.lambdaApi },
    { topic: 'access', text: t('SSH as the user ubuntu, on a whole virtual machine.'), source: from.lambdaDocs },
    { topic: 'templates', text: t('Its own system images.'), source: from.lambdaApi },
  ];
  return told.map((cell) => ({ ...cell, column: 'lambda' }));
}

export function gpuflowCells(t: Translate): readonly GuideCell[] {
  const told: readonly Told[] = [
    {
      topic: 'what', text: t('A key to one model on somebody’s computer, spoken to as OpenAI is. No server to log into, and no public call that rents one.'), source: from.gpuflowDocs,
      articleSaid: t('A marketplace of GPUs with escrow on a blockchain.'),
    },
    { topic: 'price', text: t('In credits of {0}; what a model costs is told after signing in.', formatUsd(usd(0.01))), source: from.gpuflowDocs },
    { topic: 'billing', text: t('By the second, one minute at least; the amount is held beforehand.'), source: from.gpuflowDocs },
    { topic: 'payment', text: t('Card through Stripe, {0} to {1} at a time.', '$10', '$500'), source: from.gpuflowDocs, articleSaid: t('Crypto, without a proof of identity.') },
    { topic: 'deposit', text: '$10', source: from.gpuflowDocs },
    { topic: 'interruption', text: t('A rental ends when its computer was unreachable for 10 minutes.'), source: from.gpuflowDocs },
    { topic: 'limits', text: t('1 to 168 hours.'), source: from.gpuflowDocs },
    { topic: 'access', text: t('Prompts over HTTPS; whoever lends the computer can read them.'), source: from.gpuflowDocs },
  ];
  return told.map((cell) => ({ ...cell, column: 'gpuflow' }));
}

export function cloudCells(t: Translate): readonly GuideCell[] {
  const h100 = sameWork('aws', 'H100', 80, 1);
  const a100 = sameWork('aws', 'A100', 80, 1);
  const told: readonly Told[] = [
    { topic: 'what', text: t('Clouds for everything, with contracts, certificates and support; no consumer cards.'), source: from.comparison },
    { topic: 'tiers', text: t('On demand and spot.'), source: from.gcpPrices },
    { topic: 'price', text: t('List prices by region, CPU and memory included: one H100 at AWS costs {0}.', rate(h100?.totalUsdPerHour)), source: from.awsPrices },
    { topic: 'stopped', text: t('The machine costs nothing, its disks and addresses go on.'), source: from.googleDocs },
    { topic: 'storage', text: t('Not in the price of the machine.'), source: from.awsPrices },
    { topic: 'traffic', text: t('Not in the price of the machine.'), source: from.awsPrices },
    { topic: 'identity', text: t('A business, its credit and quotas are checked before GPUs are let.'), source: from.comparison },
    { topic: 'reliability', text: t('Promised by contract.'), source: from.comparison },
    { topic: 'interruption', text: t('Spot machines can be taken back; zones of one region differ up to threefold in price.'), source: from.skypilotCatalog },
    { topic: 'several', text: t('Up to 16 in a machine. An A100 of 80 GB comes by the eight at AWS, for {0}.', rate(a100?.totalUsdPerHour)), source: from.awsPrices },
    { topic: 'support', text: t('Engineers, by contract.'), source: from.comparison },
  ];
  return told.map((cell) => ({ ...cell, column: 'clouds' }));
}
