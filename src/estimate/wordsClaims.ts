/** The articles' figures held against lists and documents since, with a verdict on each. */
import { formatRate, usdPerHour } from '../domain/money.ts';
import { articleRangesOf, type ArticleRange, type ArticleSeller } from './catalogue/articleRanges.ts';
import { guideSources as from, type ArticleClaim, type GuideSource, type Verdict } from './catalogue/guide.ts';
import { listPrices } from './catalogue/prices.ts';
import { articlePurchase, purchase } from './cost/purchase.ts';
import type { Translate } from './words.ts';

const may: GuideSource = { name: 'tardellirs/gpu-pricing', asOf: '2026-05-24' };
const median: GuideSource = { name: 'skypilot-catalog', asOf: '2026-07' };

export function claims(t: Translate): readonly ArticleClaim[] {
  const range = (gpu: string, vramGb: number, seller: ArticleSeller): string => rangeWords(articleRangesOf(gpu, vramGb).find((one) => one.seller === seller && one.asOf === from.comparison.asOf));
  const { hours } = purchase(articlePurchase());
  const list: readonly (readonly [what: string, said: string, today: string, source: GuideSource, verdict: Verdict])[] = [
    [t('RTX 4090 at RunPod, Secure'), range('RTX 4090', 24, 'runpod-secure'), rates(0.69), may, 'outdated'],
    [t('A100 of 80 GB at RunPod, Secure'), range('A100', 80, 'runpod-secure'), rates(1.39, 1.49), may, 'holds'],
    [t('H100 at RunPod, Secure'), range('H100', 80, 'runpod-secure'), t('{0} for the PCIe card, {1} for the SXM', rates(2.39), rates(3.29)), may, 'outdated'],
    [t('RTX 3090 at RunPod, Secure'), range('RTX 3090', 24, 'runpod-secure'), t('{0} on Community', rates(0.22)), may, 'unconfirmed'],
    [t('RTX A6000 at RunPod, Secure'), range('RTX A6000', 48, 'runpod-secure'), t('{0} on Community', rates(0.33)), may, 'unconfirmed'],
    [t('RTX 4090 at Vast.ai'), range('RTX 4090', 24, 'vast'), t('{0} in the middle', rates(0.4)), median, 'plausible'],
    [t('RTX 5090 at Vast.ai'), range('RTX 5090', 32, 'vast'), rates(0.44, 0.51), median, 'plausible'],
    [t('H100 at Vast.ai'), range('H100', 80, 'vast'), rates(1.8, 1.98), median, 'plausible'],
    [t('Several GPUs at Vast.ai'), t('4 or 8 GPUs are rare.'), t('Machines of 8, 12 and 16 cards are offered.'), median, 'wrong'],
    [t('One A100 at AWS'), range('A100', 80, 'aws'), t('{0} of 40 GB, {1} of 80 GB, by the eight', perGpu('p4d.24xlarge'), perGpu('p4de.24xlarge')), from.awsPrices, 'wrong'],
    [t('What RunPod saves against an A100 at AWS'), '60–75 %', t('{0} against 40 GB, {1} against 80 GB', saved('p4d.24xlarge'), saved('p4de.24xlarge')), from.awsPrices, 'wrong'],
    [t('AWS against RunPod, Secure'), '3–5×', t('{0} for an A100, {1} for an H100', times('p4de.24xlarge', 1.39), times('p5.48xlarge', 2.39)), from.awsPrices, 'wrong'],
    [t('One H100 at AWS'), range('H100', 80, 'aws'), perGpu('p5.48xlarge'), from.awsPrices, 'holds'],
    [t('One L4 at AWS'), range('L4', 24, 'aws'), perGpu('g6.xlarge'), from.awsPrices, 'holds'],
    [t('Eight GPUs of Azure’s ND96asr'), t('80 GB each'), t('40 GB each, {0} together', whole('Standard_ND96asr_v4')), { name: 'karpenter-provider-azure', asOf: '2026-06-18' }, 'wrong'],
    [t('One A100 and one L4 at Google Cloud'), t('{0} and {1}, of the GPU alone', rates(2.93), rates(0.56)), t('{0} and {1}, with the machine', whole('a2-highgpu-1g'), whole('g2-standard-4')), from.gcpPrices, 'notComparable'],
    [t('Buying an RTX 4090 pays'), t('after 2,500 to 3,000 hours'), t('after {0} hours with power', grouped(hours)), from.comparison, 'depends'],
    [t('Renting at night or at weekends is cheaper'), t('clearly'), t('No figures that show it were found.'), { name: 'price trackers', asOf: '2026-08-21' }, 'unconfirmed'],
  ];
  return list.map(([what, said, today, source, verdict]) => ({ what, said, today, source, verdict }));
}

const rates = (...dollars: readonly number[]): string => dollars.map((one) => formatRate(usdPerHour(one))).join(' – ');
const rangeWords = (range: ArticleRange | undefined): string => (range === undefined ? '' : range.min === range.max ? rates(range.min) : rates(range.min, range.max));

const listed = (instance: string): { readonly whole: number; readonly each: number } => {
  const price = listPrices.find((one) => one.instance === instance);
  return { whole: price?.usdPerHour ?? 0, each: (price?.usdPerHour ?? 0) / (price?.gpuCount ?? 1) };
};
const perGpu = (instance: string): string => rates(listed(instance).each);
const whole = (instance: string): string => rates(listed(instance).whole);

/** RunPod's A100 of the article, which still holds, against one GPU there. */
const saved = (instance: string): string => `${Math.round(100 * (1 - 1.39 / listed(instance).each))} %`;

/** One GPU there against a price at RunPod. */
const times = (instance: string, runpod: number): string => `${(listed(instance).each / runpod).toFixed(1)}×`;

const grouped = (hours: number): string => String(Math.round(hours)).replace(/\B(?=(\d{3})+$)/g, ',');

export function verdictWords(verdict: Verdict, t: Translate): string {
  switch (verdict) {
    case 'holds': return t('holds');
    case 'outdated': return t('outdated');
    case 'wrong': return t('wrong');
    case 'plausible': return t('plausible');
    case 'unconfirmed': return t('not confirmed');
    case 'notComparable': return t('not comparable');
    case 'depends': return t('depends on your figures');
  }
}
