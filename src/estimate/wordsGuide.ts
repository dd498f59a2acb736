/** What is known of the two marketplaces, cell by cell, each with its source. */
import { formatRate, formatUsd, usd, usdPerHour } from '../domain/money.ts';
import { guideSources as from, type GuideCell } from './catalogue/guide.ts';
import { networkVolumePrice } from './cost/storage.ts';
import type { Translate } from './words.ts';

type Told = Omit<GuideCell, 'column'>;

const perGb = (dollars: number): string => formatUsd(usd(dollars));

export function vastCells(t: Translate): readonly GuideCell[] {
  const told: readonly Told[] = [
    { topic: 'what', text: t('A marketplace of other people’s machines, from a PC at home to datacentres.'), source: from.comparison },
    { topic: 'tiers', text: t('On demand, interruptible by bid, and reserved; datacentre hosts can be filtered for.'), source: from.vastDocs },
    { topic: 'price', text: t('Each host sets its own, for GPU, disk and traffic.'), source: from.vastBilling },
    { topic: 'billing', text: t('By the second while it is active.'), source: from.vastBilling },
    { topic: 'stopped', text: t('The disk goes on costing, at some hosts more than while it runs.'), source: from.vastBilling },
    {
      topic: 'storage', text: t('By each host’s price for every second that the machine exists; volumes lie on one machine.'), source: from.vastBilling,
      articleSaid: t('Storage is part of the hourly rate, and nothing persists.'),
    },
    { topic: 'traffic', text: t('By the byte, both ways and in every state, at the host’s price.'), source: from.vastBilling, articleSaid: t('Transfer is free.') },
    {
      topic: 'payment', text: t('Prepaid: cards through Stripe, crypto through BitPay and Crypto.com. Invoices can be exported.'), source: from.vastBilling,
      articleSaid: t('Neither crypto nor invoices.'),
    },
    { topic: 'deposit', text: t('Any credit above zero.'), source: from.vastBilling },
    { topic: 'empty', text: t('Machines stop and their disks go on costing; without a card on file all data is destroyed.'), source: from.vastBilling },
    { topic: 'identity', text: t('An email address.'), source: from.comparison },
    { topic: 'reliability', text: t('A score for each host; new machines begin at 60 %.'), source: from.vastApi, articleSaid: t('From about 92 % to 99.9 %.') },
    { topic: 'interruption', text: t('Interruptible machines are paused without notice when somebody bids more, and come back when they win again.'), source: from.vastDocs },
    { topic: 'several', text: t('Machines of 8, 12 and 16 cards are offered; several machines work together only in one cluster.'), source: from.skypilotCatalog, articleSaid: t('4 or 8 GPUs are rare.') },
    { topic: 'limits', text: t('10 searches a minute; new accounts may spend only so much an hour.'), source: from.vastApi },
    { topic: 'access', text: t('SSH, directly or through a proxy, and Jupyter.'), source: from.vastDocs },
    { topic: 'templates', text: t('Official ones and those of other people; any Docker image.'), source: from.comparison },
    { topic: 'support', text: t('Chat on the website, Discord and email.'), source: from.vastBilling },
  ];
  return told.map((cell) => ({ ...cell, column: 'vast' }));
}

export function runpodCells(t: Translate): readonly GuideCell[] {
  const told: readonly Told[] = [
    { topic: 'what', text: t('A cloud in datacentres, Secure, and beside it machines of other people, Community.'), source: from.comparison },
    { topic: 'tiers', text: t('Secure and Community on demand; spot is being withdrawn.'), source: from.runpodDocs, articleSaid: t('Community can be interrupted like spot.') },
    {
      topic: 'price', text: t('Fixed for each card and tier: an RTX 4090 costs {0} on Secure.', formatRate(usdPerHour(0.69))), source: from.runpodPrices,
      articleSaid: formatRate(usdPerHour(0.59)),
    },
    { topic: 'billing', text: t('By the second, says one page, by the minute another; taken every 5 minutes.'), source: from.runpodDocs },
    { topic: 'stopped', text: t('A volume disk costs {0} per GB and month, twice as much as while it runs; the container disk is wiped.', perGb(0.2)), source: from.runpodBilling },
    {
      topic: 'storage', source: from.runpodBilling,
      text: t('Per GB and month: disks {0}, network volumes {1} up to 1 TB and {2} above.', perGb(0.1), perGb(networkVolumePrice.first), perGb(networkVolumePrice.above)),
    },
    { topic: 'traffic', text: t('Free.'), source: from.runpodBilling },
    { topic: 'payment', text: t('Prepaid: cards through Stripe and crypto; invoices from {0}.', '$5,000'), source: from.runpodBilling, articleSaid: t('No invoices.') },
    { topic: 'deposit', text: t('One hour of the machine; to begin with {0}.', '$10'), source: from.runpodBilling, articleSaid: t('None.') },
    { topic: 'empty', text: t('Machines stop; those without a network volume are destroyed with their data.'), source: from.runpodBilling },
    { topic: 'identity', text: t('An email address; a proof of identity before crypto is paid in.'), source: from.runpodBilling, articleSaid: t('No proof of identity.') },
    { topic: 'reliability', text: t('None is published.'), source: from.runpodDocs, articleSaid: t('99.5 % and more on Secure, by the author’s impression.') },
    { topic: 'interruption', text: t('Rare on demand.'), source: from.inference },
    { topic: 'several', text: t('Up to 8 in a machine; clusters of 2 to 8 machines.'), source: from.runpodDocs },
    { topic: 'limits', text: t('{0} over everything at first; it grows with use.', '$80/h'), source: from.runpodBilling },
    { topic: 'access', text: t('SSH at a public address, on Secure always; Jupyter and a web terminal.'), source: from.runpodDocs },
    { topic: 'templates', text: t('Many official ones; any Docker image.'), source: from.comparison },
    { topic: 'support', text: t('Discord with staff in it, email and a form.'), source: from.comparison },
  ];
  return told.map((cell) => ({ ...cell, column: 'runpod' }));
}
