import type { CommandId } from '../commandIds.ts';
import { problemRow } from '../problemRow.ts';
import type { Row, TreeSource } from '../row.ts';
import type { Voice } from '../voice.ts';
import { grouped } from '../words.ts';
import type { Knowing } from '../market/knowing.ts';
import { failedRow } from './failedRow.ts';
import { groupRow } from './groupRow.ts';
import { hostOf } from './hiddenHosts.ts';
import { offerRow } from './offerRow.ts';
import { childrenOf, nodeOf, type OfferNode, type OffersModel } from './offersModel.ts';
import type { FinishWords } from './namedJob.ts';
import { summaryRow } from './summaryRow.ts';

/** What the tooltips tell beyond the offers themselves. */
export interface Told {
  readonly knowing?: Pick<Knowing, 'made'>;
  /** What a named job is expected to cost on an offer; undefined until one is named. */
  readonly finish?: () => FinishWords | undefined;
}

/** The model of the moment in lines. */
export function offersSource(model: () => OffersModel, now: () => number, voice: Voice, { knowing, finish }: Told = {}): TreeSource {
  const look = (node: string): OfferNode | undefined => nodeOf(model(), node);
  return {
    children: (node) => childrenOf(model(), node),
    row: (node) => rowOf(look(node), model(), now(), voice),
    expandable: (node) => ['group', 'more'].includes(look(node)?.is ?? ''),
    context: (node) => contextOf(look(node)),
    command: (node) => commandOf(look(node)),
    // Few look at one, and nobody before the list is there.
    tooltip: async (node) => (await import('./nodeTooltip.ts')).nodeTooltip(look(node), { model: model(), now: now(), memory: knowing?.made?.memory, finish: finish?.() }, voice),
  };
}

function rowOf(node: OfferNode | undefined, model: OffersModel, now: number, voice: Voice): Row | undefined {
  const { t } = voice;
  switch (node?.is) {
    case undefined:
      return undefined;
    case 'group':
      return groupRow(node.group, voice, node.standing);
    case 'offer':
      return offerRow(node.offer, voice, model.input.incidentOf?.(node.offer));
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
    case 'failed':
      return failedRow(model, voice);
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
    case 'failed':
      return 'gpuRental.offers.showFailed';
    default:
      return undefined;
  }
}
