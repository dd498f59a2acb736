import type { CommandId } from '../commandIds.ts';
import { problemRow } from '../problemRow.ts';
import type { Row, TreeSource } from '../row.ts';
import type { Voice } from '../voice.ts';
import { grouped } from '../words.ts';
import { groupRow } from './groupRow.ts';
import { hostOf } from './hiddenHosts.ts';
import { offerRow } from './offerRow.ts';
import { childrenOf, nodeOf, type OfferNode, type OffersModel } from './offersModel.ts';
import type { FinishWords } from './offerTooltips.ts';
import { summaryRow } from './summaryRow.ts';

/** The model of the moment in lines. */
/** `words` tell what a named job is expected to cost on an offer, as Markdown. */
export function offersSource(model: () => OffersModel, now: () => number, voice: Voice, words?: () => FinishWords | undefined): TreeSource {
  const look = (node: string): OfferNode | undefined => nodeOf(model(), node);
  return {
    children: (node) => childrenOf(model(), node),
    row: (node) => rowOf(look(node), model(), now(), voice),
    expandable: (node) => ['group', 'more'].includes(look(node)?.is ?? ''),
    context: (node) => contextOf(look(node)),
    command: (node) => commandOf(look(node)),
    // Nobody waits for what is read when the pointer rests.
    tooltip: async (node) => (await import('./offerTooltips.ts')).tooltipOf(look(node), { model: model(), now: now(), voice, finish: words?.() }),
  };
}

function rowOf(node: OfferNode | undefined, model: OffersModel, now: number, voice: Voice): Row | undefined {
  const { t } = voice;
  switch (node?.is) {
    case undefined:
      return undefined;
    case 'group':
      return groupRow(node.group, voice);
    case 'offer':
      return offerRow(node.offer, voice);
    case 'more': {
      const label = t('{0} more', grouped(node.group.offers.length - node.from));
      return { label, spoken: label, icon: { codicon: 'ellipsis' } };
    }
    case 'problem':
      return problemRow(node.problem, voice);
    case 'signIn':
      return { label: t('Sign in to rent'), spoken: t('Sign in to rent'), icon: { codicon: 'key' } };
    case 'practice':
      return { label: t('Try it with practice money'), spoken: t('Try it with practice money'), icon: { codicon: 'beaker' } };
    case 'summary':
      return summaryRow({ view: model.input.view, shown: model.offers.length, hiddenHosts: model.input.hidden.size, now }, voice);
  }
}

function contextOf(node: OfferNode | undefined): string | undefined {
  if (node?.is === 'offer') return hostOf(node.offer) === undefined ? 'offer' : 'offer has-host';
  return node?.is;
}

function commandOf(node: OfferNode | undefined): CommandId | undefined {
  switch (node?.is) {
    case 'signIn':
      return 'gpuRental.account.signIn';
    case 'practice':
      return 'gpuRental.practice.start';
    default:
      return undefined;
  }
}
