import type { MarketMemory } from '../../services/marketMemory.ts';
import { markdown } from '../escape.ts';
import { problemRow } from '../problemRow.ts';
import type { Voice } from '../voice.ts';
import { groupTooltip } from './groupTooltip.ts';
import type { OfferNode, OffersModel } from './offersModel.ts';
import { offerTooltip } from './offerTooltip.ts';
import type { FinishWords } from './namedJob.ts';
import { summaryTooltip } from './summaryTooltip.ts';

export interface TooltipAbout {
  readonly model: OffersModel;
  readonly now: number;
  /** Undefined until the market's past was read. */
  readonly memory?: MarketMemory | undefined;
  readonly finish?: FinishWords | undefined;
}

export function nodeTooltip(node: OfferNode | undefined, { model, now, memory, finish }: TooltipAbout, voice: Voice): string | undefined {
  switch (node?.is) {
    case 'offer': {
      const [incident, standing, before] = [model.input.incidentOf?.(node.offer), memory?.standingOf(node.offer), memory?.askedBefore(node.offer)];
      return [offerTooltip(node.offer, now, voice, { incident, standing, before }), finish?.(node.offer)].filter((part) => part !== undefined).join('\n\n');
    }
    case 'summary':
      return markdown(summaryTooltip(model.input, voice), 600);
    case 'group':
      return groupTooltip(node, memory?.days(node.group.gpu, node.group.vramGb) ?? [], voice);
    case 'failed':
      return markdown(voice.t('Hosts get mended: each is left out for a time that depends on what it did, and then offered again.'), 500);
    case 'problem':
      return markdown(problemRow(node.problem, voice).spoken);
    default:
      return undefined;
  }
}
