/** What stands where the pointer rests on the list of offers. Read when it first does. */
import type { Offer } from '../../domain/offer.ts';
import { markdown, plain } from '../escape.ts';
import { problemRow } from '../problemRow.ts';
import type { Voice } from '../voice.ts';
import { gb } from '../words.ts';
import { groupRow } from './groupRow.ts';
import type { OfferNode, OffersModel } from './offersModel.ts';
import { offerTooltip } from './offerTooltip.ts';
import { summaryTooltip } from './summaryTooltip.ts';

/** What a named job is expected to cost on an offer, and what speaks for it and against it; as Markdown. */
export type FinishWords = (offer: Offer) => string | undefined;

export interface TooltipInput {
  readonly model: OffersModel;
  readonly now: number;
  readonly voice: Voice;
  readonly finish?: FinishWords | undefined;
}

export function tooltipOf(node: OfferNode | undefined, { model, now, voice, finish }: TooltipInput): string | undefined {
  switch (node?.is) {
    case 'offer':
      return [offerTooltip(node.offer, now, voice), finish?.(node.offer)].filter((part) => part).join('\n\n');
    case 'summary':
      return markdown(summaryTooltip(model.input, voice), 600);
    case 'group':
      return markdown(`${plain(node.group.gpu)}, ${gb(node.group.vramGb)}: ${groupRow(node.group, voice).description ?? ''}`);
    case 'problem':
      return markdown(problemRow(node.problem, voice).spoken);
    default:
      return undefined;
  }
}
