/** Everything of the explorer but the table itself, worded. */
import type { OfferFilter } from '../../domain/filter.ts';
import type { Offer } from '../../domain/offer.ts';
import type { MarketView } from '../../services/market.ts';
import type { ExplorerView, RangeView } from '../../webview/explorer/messages.ts';
import { failedRow } from '../offers/failedRow.ts';
import { filterWords } from '../offers/filterWords.ts';
import type { OffersModel } from '../offers/offersModel.ts';
import { summaryRow } from '../offers/summaryRow.ts';
import { problemRow } from '../problemRow.ts';
import type { Voice } from '../voice.ts';
import { line } from '../words.ts';
import type { KnownOffer, OfferColumn } from './column.ts';
import { comparison } from './comparison.ts';
import { explorerLabels } from './explorerLabels.ts';
import { filterForm } from './filterForm.ts';
import { listedField } from './listedOffers.ts';

export interface ExplorerInput {
  readonly market: MarketView;
  readonly filter: OfferFilter;
  readonly model: OffersModel;
  /** Under any filter of late: what other choices would leave. */
  readonly seen: readonly Offer[];
  readonly hiddenHosts: number;
  readonly offered: readonly OfferColumn[];
  readonly shown: readonly string[];
  readonly compared: readonly KnownOffer[];
  readonly ranges: readonly RangeView[];
  /** Whether list prices are shown among the offers. */
  readonly listed: boolean;
  readonly practice: boolean;
  readonly now: number;
  readonly said: string | undefined;
}

export function explorerView(input: ExplorerInput, voice: Voice): ExplorerView {
  const { t } = voice;
  const { market, filter, model, seen, hiddenHosts, offered, shown, compared, ranges, listed, practice, now, said } = input;
  return {
    labels: explorerLabels(t),
    busy: market.loading,
    practice,
    summary: line(practice && t('practice money'), summaryRow({ view: market, shown: model.offers.length, hiddenHosts: 0, now }, voice).label),
    problems: market.errors.map((problem) => problemRow(problem, voice).spoken),
    filter: [...filterForm(filter, seen, voice), listedField(listed, t)],
    narrowed: filterWords(filter, voice),
    columns: offered.map(({ id, label }) => ({ id, label: label(t), shown: shown.includes(id) })),
    comparison: comparison(compared, voice),
    hidden: hiddenHosts === 0 ? '' : hiddenHosts === 1 ? t('1 host hidden') : t('{0} hosts hidden', hiddenHosts),
    ...failedOf(model, voice),
    ranges,
    ...(said === undefined ? {} : { said }),
  };
}

function failedOf(model: OffersModel, voice: Voice): Pick<ExplorerView, 'failed'> {
  if (model.failed.length === 0) return {};
  const { label, description = '' } = failedRow(model, voice);
  return { failed: { text: label, deed: description } };
}
