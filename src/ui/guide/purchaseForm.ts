/** Buying against renting, as a form: what was typed, what of it is no figure, and what comes of the rest. */
import { formatRate, formatUsd, toDollars, usd, usdPerHour } from '../../domain/money.ts';
import { articlePurchase, purchase, type Purchase } from '../../estimate/cost/purchase.ts';
import type { FieldView, ResultView } from '../../webview/guide/messages.ts';
import type { Translate } from '../voice.ts';
import { grouped } from '../words.ts';

export const purchaseNames = ['card', 'rest', 'resale', 'kw', 'tariff', 'rent', 'hours'] as const;
export type PurchaseName = (typeof purchaseNames)[number];
export type Typed = Readonly<Partial<Record<PurchaseName, string>>>;

interface Bounds {
  readonly least: number;
  readonly most: number;
}

const bounds: Readonly<Record<PurchaseName, Bounds>> = {
  card: { least: 0, most: 1_000_000 },
  rest: { least: 0, most: 1_000_000 },
  resale: { least: 0, most: 1_000_000 },
  kw: { least: 0, most: 100 },
  tariff: { least: 0, most: 10 },
  rent: { least: 0, most: 1000 },
  hours: { least: 0, most: 168 },
};

/** The articles' case, until something else is typed. */
function usual(): Readonly<Record<PurchaseName, number>> {
  const { card, rest, resale, kw, tariff, rent, hoursPerWeek } = articlePurchase();
  return { card: toDollars(card), rest: toDollars(rest), resale: toDollars(resale), kw, tariff, rent: toDollars(rent), hours: hoursPerWeek };
}

/** A comma is a point to half of the world; groups of thousands are written without either. */
function figureIn(text: string, { least, most }: Bounds): number | undefined {
  const bare = text.trim().replace(',', '.');
  const value = /^\d+(\.\d*)?$|^\.\d+$/.test(bare) ? Number(bare) : NaN;
  return value >= least && value <= most ? value : undefined;
}

export function purchaseForm(typed: Typed, t: Translate): { readonly fields: readonly FieldView[]; readonly results: readonly ResultView[] } {
  const usuals = usual();
  const values = purchaseNames.map((name) => {
    const text = typed[name] ?? String(usuals[name]);
    return { name, text, value: figureIn(text, bounds[name]) };
  });
  const fields = values.map(({ name, text, value }): FieldView => ({
    name, value: text, ...fieldWords(name, t),
    ...(value === undefined ? { refused: t('A number from {0} to {1} is needed.', grouped(bounds[name].least), grouped(bounds[name].most)) } : {}),
  }));
  const given = Object.fromEntries(values.map(({ name, value }) => [name, value])) as Readonly<Record<PurchaseName, number | undefined>>;
  return { fields, results: resultsOf(given, t) };
}

function fieldWords(name: PurchaseName, t: Translate): Pick<FieldView, 'label' | 'unit'> {
  switch (name) {
    case 'card': return { label: t('Card'), unit: '$' };
    case 'rest': return { label: t('Machine around it'), unit: '$' };
    case 'resale': return { label: t('Sold for afterwards'), unit: '$' };
    case 'kw': return { label: t('Drawn at work'), unit: 'kW' };
    case 'tariff': return { label: t('Electricity'), unit: t('$ a kWh') };
    case 'rent': return { label: t('Rent of the same'), unit: '$/h' };
    case 'hours': return { label: t('Hours of work'), unit: t('a week') };
  }
}

/** None while something typed is no figure: half a form has no result. */
function resultsOf({ card, rest, resale, kw, tariff, rent, hours }: Readonly<Record<PurchaseName, number | undefined>>, t: Translate): readonly ResultView[] {
  if (card === undefined || rest === undefined || resale === undefined || kw === undefined || tariff === undefined || rent === undefined || hours === undefined) return [];
  const asked: Purchase = { card: usd(card), rest: usd(rest), resale: usd(resale), kw, tariff, rent: usdPerHour(rent), hoursPerWeek: hours };
  const result = purchase(asked);
  const pays = Number.isFinite(result.hours);
  return [
    {
      label: t('Buying pays after'),
      figure: pays ? t('{0} h', grouped(Math.round(result.hours))) : t('never'),
      about: !pays ? t('Power costs as much as the rent.') : Number.isFinite(result.weeks) ? t('{0} weeks of {1} h', grouped(Math.round(result.weeks)), hours) : t('It is never used.'),
    },
    { label: t('Power at work'), figure: formatRate(result.power) },
    { label: t('A year of renting'), figure: formatUsd(result.rentedYear) },
    { label: t('A year of owning'), figure: formatUsd(result.ownedYear), about: t('price less resale, and power') },
  ];
}
