/**
 * The list of offers as plain data. Nodes are strings, so that a node is the same node after every
 * refresh: the editor keeps what is expanded and selected, and only what changed is drawn again.
 */
import { groupOffers, type FinishCost, type OfferGroup, type OfferSort } from '../../domain/filter.ts';
import { hostKey } from '../../domain/hostMemory.ts';
import type { Standing } from '../../domain/insight.ts';
import type { Offer, OfferId, ProviderId } from '../../domain/offer.ts';
import type { MarketView, ProviderProblem } from '../../services/market.ts';
import { hostOf } from './hiddenHosts.ts';
import { isHidden, type IncidentOf } from './leftOut.ts';

export interface OffersInput {
  readonly view: MarketView;
  readonly sort: OfferSort;
  /** Of the job that was named, where one was. */
  readonly finish?: FinishCost | undefined;
  readonly hidden: ReadonlySet<string>;
  /** Sensitive work is done here. */
  readonly limited?: boolean;
  /** What is held against an offer's host; nothing is, unless said. */
  readonly incidentOf?: IncidentOf;
  readonly showsFailed?: boolean;
  /** Of a model, by the offers of it. */
  readonly standingOf?: (offers: readonly Offer[]) => Standing | undefined;
  /** False adds the two ways to begin. */
  readonly signedIn: boolean;
}

export type OfferNode =
  | { readonly is: 'group'; readonly group: OfferGroup; readonly standing?: Standing }
  | { readonly is: 'more'; readonly group: OfferGroup; readonly from: number }
  | { readonly is: 'offer'; readonly offer: Offer }
  | { readonly is: 'problem'; readonly problem: ProviderProblem }
  | { readonly is: 'signIn' | 'practice' | 'summary' | 'failed' };

/** A group opens in pieces: an editor draws hundreds of lines at once well, and thousands badly. */
export const pieceSize = 200;

/** Groups are made when somebody looks at the tree: the explorer needs the offers alone, and ten thousand take a while. */
export class OffersModel {
  readonly input: OffersInput;
  readonly offers: readonly Offer[];
  /** Those of hosts that failed here, shown or not. */
  readonly failed: readonly Offer[];
  #groups: ReadonlyMap<string, OfferGroup> | undefined;
  #standings: ReadonlyMap<string, Standing> | undefined;
  #roots: readonly string[] | undefined;
  #offerById: ReadonlyMap<string, Offer> | undefined;

  constructor(input: OffersInput) {
    const { view, hidden, limited, incidentOf, showsFailed = false } = input;
    // What was read before the limit was set is not read again at once.
    const allowed = limited === true ? view.offers.filter(({ tier }) => tier === 'datacentre') : view.offers;
    const candidates = hidden.size === 0 ? allowed : allowed.filter((offer) => !isHidden(offer, hidden));
    this.input = input;
    this.failed = incidentOf === undefined ? [] : candidates.filter((offer) => incidentOf(offer) !== undefined);
    const leftOut = new Set(showsFailed ? [] : this.failed);
    this.offers = leftOut.size === 0 ? candidates : candidates.filter((offer) => !leftOut.has(offer));
  }

  get groups(): ReadonlyMap<string, OfferGroup> {
    const { sort, finish } = this.input;
    return (this.#groups ??= new Map(groupOffers(this.offers, sort, finish).map((group) => [groupNode(group), group])));
  }

  get standings(): ReadonlyMap<string, Standing> {
    return (this.#standings ??= new Map([...this.groups].flatMap(([node, group]) => {
      const standing = this.input.standingOf?.(group.offers);
      return standing === undefined ? [] : [[node, standing]];
    })));
  }

  get roots(): readonly string[] {
    return (this.#roots ??= this.offers.length === 0 && this.failed.length === 0
      ? []
      : [
          ...(this.input.signedIn ? [] : ['signIn', 'practice']),
          ...this.input.view.errors.map(({ provider }) => `problem/${provider}`),
          ...this.groups.keys(),
          'summary',
          ...(this.failed.length === 0 ? [] : ['failed']),
        ]);
  }

  get offerById(): ReadonlyMap<string, Offer> {
    return (this.#offerById ??= new Map(this.offers.map((offer) => [offerNode(offer.id), offer])));
  }
}

export const buildOffers = (input: OffersInput): OffersModel => new OffersModel(input);

/** How many hosts these are. */
export const hostsOf = (offers: readonly Offer[]): number => new Set(offers.map(hostKey)).size;

export const offerNode = (id: OfferId): string => `offer/${id}`;
const groupNode = (group: OfferGroup): string => `group/${group.gpu}|${group.vramGb}`;

/** The offer that a command was invoked on, wherever it came from. */
export const offerOfNode = (model: OffersModel, node: unknown): Offer | undefined =>
  typeof node === 'string' ? model.offerById.get(node) : undefined;

export function nodeOf(model: OffersModel, node: string): OfferNode | undefined {
  const offer = model.offerById.get(node);
  if (offer) return { is: 'offer', offer };
  const group = model.groups.get(node);
  const standing = model.standings.get(node);
  if (group) return { is: 'group', group, ...(standing === undefined ? {} : { standing }) };
  if (node === 'signIn' || node === 'practice' || node === 'summary' || node === 'failed') return { is: node };
  const [kind, rest = ''] = split(node, '/');
  if (kind === 'problem') {
    const problem = model.input.view.errors.find(({ provider }) => provider === (rest as ProviderId));
    return problem && { is: 'problem', problem };
  }
  const [from, key = ''] = split(rest, '/');
  const cut = kind === 'more' ? model.groups.get(`group/${key}`) : undefined;
  return cut && { is: 'more', group: cut, from: Number(from) };
}

const split = (text: string, by: string): [string, string?] => {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

export function childrenOf(model: OffersModel, node: string | undefined): readonly string[] {
  if (node === undefined) return model.roots;
  const parent = nodeOf(model, node);
  if (parent?.is === 'group') return piece(parent.group, 0);
  if (parent?.is === 'more') return piece(parent.group, parent.from);
  return [];
}

function piece(group: OfferGroup, from: number): string[] {
  const end = from + pieceSize;
  const shown = group.offers.slice(from, end).map((offer) => offerNode(offer.id));
  return end < group.offers.length ? [...shown, `more/${end}/${groupNode(group).slice('group/'.length)}`] : shown;
}

/** What has to be drawn again; undefined means everything. */
export function changedNodes(before: OffersModel, after: OffersModel): string[] | undefined {
  if (!sameItems(before.roots, after.roots)) return undefined;
  const sameStanding = (node: string): boolean => before.standings.get(node) === after.standings.get(node);
  const groups = [...after.groups].filter(([node, group]) => !sameGroup(before.groups.get(node), group) || !sameStanding(node)).map(([node]) => node);
  return [...groups, ...after.roots.filter((node) => node === 'summary' || node === 'failed' || node.startsWith('problem/'))];
}

const sameItems = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

function sameGroup(before: OfferGroup | undefined, after: OfferGroup): boolean {
  return before?.offers.length === after.offers.length && after.offers.every((offer, index) => sameLine(before.offers[index], offer));
}

/** Only what stands on the line or decides what can be done there: a tooltip is made when it is asked for. */
const sameLine = (before: Offer | undefined, after: Offer): boolean =>
  before !== undefined && onTheLine.every((key) => before[key] === after[key]) &&
  before.price.gpu === after.price.gpu && before.price.disk === after.price.disk && hostOf(before) === hostOf(after);

const onTheLine = ['id', 'gpuCount', 'diskGb', 'kind', 'tier', 'tierName', 'reliability', 'stock', 'place'] as const satisfies (keyof Offer)[];
