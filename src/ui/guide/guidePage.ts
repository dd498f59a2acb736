/** The whole guide as data, worded: what the page draws without knowing what it means. */
import { providerIds } from '../../domain/offer.ts';
import { capabilities, capabilitiesOf, guideColumns, guideTopics, type Capability, type GuideCell, type GuideColumn, type GuideTopic } from '../../estimate/catalogue/guide.ts';
import { claims, verdictWords } from '../../estimate/wordsClaims.ts';
import { runpodCells, vastCells } from '../../estimate/wordsGuide.ts';
import { cloudCells, gpuflowCells, lambdaCells } from '../../estimate/wordsGuideOthers.ts';
import type { AbilityView, CellView, GuideLabels, GuidePage, TopicView } from '../../webview/guide/messages.ts';
import type { Translate, Voice } from '../voice.ts';
import { purchaseForm, type Typed } from './purchaseForm.ts';
import { sameWorkRows, workChoices, type WorkInput } from './sameWorkRows.ts';

export interface GuideInput extends WorkInput {
  readonly typed: Typed;
  readonly reading: readonly string[];
  readonly busy: boolean;
}

export function guidePage(input: GuideInput, voice: Voice): GuidePage {
  const { t } = voice;
  const { asked, typed, reading, busy } = input;
  return {
    labels: labelsOf(t), reading, busy,
    columns: guideColumns.map(columnName),
    topics: topicsOf(t),
    abilities: abilitiesOf(t),
    choices: workChoices(asked, t),
    work: sameWorkRows(input, voice),
    ...purchaseForm(typed, t),
    claims: claims(t).map(({ what, said, today, verdict, source }) => ({ what, said, today, verdict: verdictWords(verdict, t), source: source.name, asOf: source.asOf })),
  };
}

const columnNames = { vast: 'Vast.ai', runpod: 'RunPod', lambda: 'Lambda', gpuflow: 'GPUFlow', clouds: 'AWS, Azure, Google Cloud' } as const satisfies Readonly<Record<GuideColumn, string>>;
const columnName = (column: GuideColumn): string => columnNames[column];

export const guideCells = (t: Translate): readonly GuideCell[] => [...vastCells(t), ...runpodCells(t), ...lambdaCells(t), ...gpuflowCells(t), ...cloudCells(t)];

function topicsOf(t: Translate): readonly TopicView[] {
  const cells = guideCells(t);
  const view = ({ text, source, articleSaid }: GuideCell): CellView => ({ text, source: source.name, asOf: source.asOf, ...(articleSaid === undefined ? {} : { said: articleSaid }) });
  return guideTopics.map((topic) => ({
    name: topicName(topic, t),
    cells: guideColumns.map((column) => {
      const cell = cells.find((one) => one.column === column && one.topic === topic);
      return cell === undefined ? null : view(cell);
    }),
  }));
}

function abilitiesOf(t: Translate): readonly AbilityView[] {
  return capabilities.map((capability) => ({
    name: capabilityName(capability, t),
    cells: guideColumns.map((column) => (capabilitiesOf(column, providerIds).includes(capability) ? t('yes') : instead(column, capability, t))),
  }));
}

/** Those that are only compared say what there is of them. */
function instead(column: GuideColumn, capability: Capability, t: Translate): string {
  if (capability !== 'offers') return t('no');
  return column === 'gpuflow' ? t('a key that is kept and tested') : t('list prices');
}

function capabilityName(capability: Capability, t: Translate): string {
  switch (capability) {
    case 'offers': return t('Live offers');
    case 'rent': return t('Rent and destroy, spend counted');
    case 'workspace': return t('Workspace and terminal on it');
    case 'stop': return t('Stop and start again');
    case 'interruptible': return t('Interruptible, with a bid');
    case 'guard': return t('A guard on it that ends it by itself');
    case 'volumes': return t('Volumes that outlive it');
    case 'books': return t('Spend settled with the provider’s books');
  }
}

function topicName(topic: GuideTopic, t: Translate): string {
  switch (topic) {
    case 'what': return t('What it is');
    case 'tiers': return t('Tiers');
    case 'price': return t('Prices');
    case 'billing': return t('How time is billed');
    case 'stopped': return t('While stopped');
    case 'storage': return t('Storage');
    case 'traffic': return t('Traffic');
    case 'payment': return t('Ways to pay');
    case 'deposit': return t('Least to begin with');
    case 'empty': return t('When credit runs out');
    case 'identity': return t('Who you must be');
    case 'reliability': return t('Reliability');
    case 'interruption': return t('Interruption');
    case 'several': return t('Several GPUs');
    case 'limits': return t('Limits');
    case 'access': return t('How you get in');
    case 'templates': return t('Templates');
    case 'support': return t('Support');
  }
}

const labelsOf = (t: Translate): GuideLabels => ({
  title: t('Provider guide'),
  about: t('Facts with their source and day, and where they contradict the articles on RunPod and Vast.ai that this product grew from.'),
  sections: t('On this page'),
  providers: t('Providers'),
  topic: t('About'),
  unknown: t('No source tells.'),
  articlesSay: t('An article says:'),
  abilities: t('What can be done there from here'),
  work: t('The same work elsewhere'),
  workAbout: t('Prices of the whole machine for an hour. Offers are live; lists are of their day, without disk and traffic. Where a cloud has no such card it is the nearest class: as much memory or the least more, and of these the nearest in speed.'),
  where: t('Where'),
  machine: t('Machine'),
  price: t('On demand'),
  spot: t('Interruptible'),
  source: t('Source'),
  refresh: t('Read price lists anew'),
  refreshAbout: t('Asks dstack’s catalogue for AWS, Microsoft for Azure and gcloud-compute.com for Google Cloud, without a key. A list that does not come whole changes nothing.'),
  key: t('Connect a GPUFlow key…'),
  buying: t('Buying the machine'),
  buyingAbout: t('It begins with the articles’ case, an RTX 4090. They say that it pays after 2,500 to 3,000 hours, which leaves out its power.'),
  claims: t('What the articles said, and what stands'),
  claimsAbout: t('Their prices are of February 2026 or earlier.'),
  claim: t('Claim'),
  said: t('Said'),
  today: t('Since'),
  verdict: t('Verdict'),
});
