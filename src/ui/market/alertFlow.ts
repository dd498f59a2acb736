/** What a person wants to be told of: from a model in the list, or from the filter as it is. */
import { mostAlerts, type Alert } from '../../domain/alert.ts';
import type { OfferFilter, OfferGroup } from '../../domain/filter.ts';
import { toDollars, usdPerHour } from '../../domain/money.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { amountIn } from '../input.ts';
import { withoutPart } from '../offers/filterChoices.ts';
import { filterWords, narrows } from '../offers/filterWords.ts';
import { groupRow } from '../offers/groupRow.ts';
import type { Voice } from '../voice.ts';
import { percent } from '../words.ts';

export interface AlertFlowDeps {
  readonly dialogs: Dialogs;
  /** The models that are offered now. */
  readonly groups: () => Iterable<OfferGroup>;
  readonly filter: () => OfferFilter;
  readonly voice: Voice;
}

const reliabilities = [0.95, 0.98, 0.99, 0.995];

/** Undefined when the person turned away. */
export async function askWish(deps: AlertFlowDeps, model: OfferGroup | undefined): Promise<OfferFilter | undefined> {
  const filter = deps.filter();
  const base = model === undefined && narrows(filter) ? filter : await fromModel(deps, model, filter.diskGb);
  const priced = base && (await withPrice(deps, base, model));
  return priced && (priced.minReliability === undefined && priced.datacentreOnly !== true ? withReliability(deps, priced) : priced);
}

/** One such GPU on demand, with the memory that it has there. */
async function fromModel({ dialogs, groups, voice }: AlertFlowDeps, model: OfferGroup | undefined, diskGb: number): Promise<OfferFilter | undefined> {
  const chosen = model ?? (await dialogs.pick({
    title: voice.t('Tell me when it is offered'),
    placeholder: voice.t('Which model?'),
    choices: [...groups()].map((value) => ({ ...described(value, voice), value })),
  }));
  if (chosen === undefined || chosen === goBack) return undefined;
  return { diskGb, gpu: chosen.gpu, minVramGb: chosen.vramGb, count: 1, kind: 'on-demand' };
}

function described(group: OfferGroup, voice: Voice): { label: string; description: string } {
  const { label, description = '' } = groupRow(group, voice);
  return { label, description };
}

async function withPrice({ dialogs, voice }: AlertFlowDeps, filter: OfferFilter, model: OfferGroup | undefined): Promise<OfferFilter | undefined> {
  const { t } = voice;
  const known = filter.maxPrice ?? model?.from;
  const most = await amountIn(dialogs, {
    title: t('At most how much?'),
    prompt: t('Dollars an hour, disk included: {0}', filterWords(withoutPart(filter, 'maxPrice'), voice)),
    ...(known === undefined ? {} : { value: Math.round(toDollars(known) * 100) / 100 }),
    least: 0.001,
    most: 1000,
  }, voice);
  return most === undefined ? undefined : { ...filter, maxPrice: usdPerHour(most) };
}

async function withReliability({ dialogs, voice }: AlertFlowDeps, filter: OfferFilter): Promise<OfferFilter | undefined> {
  const { t } = voice;
  const choice = await dialogs.pick<number>({
    title: t('How reliable?'),
    placeholder: t('Only providers that publish a figure can meet one'),
    choices: [{ label: t('Any'), value: 0 }, ...reliabilities.map((value) => ({ label: `≥ ${percent(value)}`, value }))],
  });
  if (choice === undefined || choice === goBack) return undefined;
  return choice === 0 ? filter : { ...filter, minReliability: choice };
}

export const newAlert = (filter: OfferFilter, madeAt: number, id: string): Alert => ({ id, filter, madeAt });

export const tooMany = ({ t }: Voice): string => t('There are {0} alerts already, and more cannot be looked for politely. Remove one first.', mostAlerts);
