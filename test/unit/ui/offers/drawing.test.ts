/** An editor draws again only what it is told to: after any change it must show what a fresh one would. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InstanceId, InstanceState } from '../../../../src/domain/instance.ts';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import type { GuardView } from '../../../../src/domain/protection.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { buildInstances, changedInstances } from '../../../../src/ui/instances/instancesModel.ts';
import { instancesSource } from '../../../../src/ui/instances/instancesSource.ts';
import { buildOffers, changedNodes, type OffersModel } from '../../../../src/ui/offers/offersModel.ts';
import { offersSource } from '../../../../src/ui/offers/offersSource.ts';
import type { TreeSource } from '../../../../src/ui/row.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { machine, now } from '../support/machines.ts';

interface Drawn {
  readonly line: string;
  readonly children: readonly string[];
}

/** Keeps what it drew, with everything expanded. */
class Editor {
  readonly #drawn = new Map<string, Drawn>();
  readonly #source: TreeSource;
  #roots: readonly string[] = [];

  constructor(source: TreeSource) {
    this.#source = source;
    this.redraw(undefined);
  }

  redraw(nodes: readonly string[] | undefined): void {
    if (nodes === undefined) {
      this.#drawn.clear();
      this.#roots = [...this.#source.children(undefined)];
    }
    for (const node of nodes ?? this.#roots) this.#draw(node);
  }

  #draw(node: string): void {
    const row = this.#source.row(node);
    const children = [...this.#source.children(node)];
    const line = [row?.label, row?.description, row?.icon?.codicon, row?.icon?.color, row?.spoken, this.#source.context(node), this.#source.expandable(node)].join(' | ');
    this.#drawn.set(node, { line, children });
    for (const child of children) this.#draw(child);
  }

  get screen(): string[] {
    const lines = (nodes: readonly string[], depth: number): string[] =>
      nodes.flatMap((node) => [`${' '.repeat(depth)}${node}: ${this.#drawn.get(node)?.line}`, ...lines(this.#drawn.get(node)?.children ?? [], depth + 1)]);
    return lines(this.#roots, 0);
  }
}

const anOffer = fc.record({
  n: fc.integer({ min: 1, max: 6 }), gpu: fc.constantFrom('RTX 4090', 'L4'), gpuCount: fc.constantFrom(1, 2), gpuUsd: fc.constantFrom(0.1, 0.2, 0.3), diskUsd: fc.constantFrom(0.01, 0.02),
  reliability: fc.constantFrom(0.9, 0.99), place: fc.constantFrom('Norway', 'Sweden'), kind: fc.constantFrom('on-demand' as const, 'interruptible' as const),
  tier: fc.constantFrom('community' as const, 'datacentre' as const), stock: fc.constantFrom('low' as const, 'high' as const), hostId: fc.constantFrom(undefined, '9'), published: fc.boolean(),
}).map(({ n, hostId, published, reliability, tier, ...rest }): Offer => {
  const made = offer({ ...rest, tier, id: `vast:${n}` as OfferId, details: hostId === undefined ? {} : { hostId }, tierName: tier === 'community' ? 'Community' : 'Secure' });
  const { reliability: _, ...unpublished } = made;
  return published ? { ...made, reliability } : unpublished;
});
const offerLists = fc.uniqueArray(anOffer, { selector: ({ id }) => id, maxLength: 6 });
/** One field of one row becomes that of another row: the smallest change is the easiest to miss. */
function mixed<T extends { readonly id: string }>(rows: readonly T[], pattern: T, key: keyof T): readonly T[] {
  const [first, ...rest] = rows;
  return first === undefined ? rows : [{ ...first, [key]: key === 'id' ? first.id : pattern[key] }, ...rest];
}

const offersOf = (offers: readonly Offer[]): OffersModel =>
  buildOffers({ view: { filter: { diskGb: 40 }, offers, dropped: 0, more: false, loading: false, readAt: now, stale: false, errors: [] }, sort: 'price', hidden: new Set(), signedIn: true });

const states: readonly InstanceState[] = ['starting', 'ready', 'stopping', 'stopped', 'ending', 'failed', 'unknown'];
const guards: readonly (GuardView | undefined)[] = [
  undefined, { protection: 'checking' }, { protection: 'unprotected', why: 'stale' }, { protection: 'unprotected', why: 'absent' },
  { protection: 'checking', ended: { how: 'stopped', reason: 'idle', sure: true, at: now } },
];
const anInstance = fc.record({
  n: fc.integer({ min: 1, max: 4 }), state: fc.constantFrom(...states), spent: fc.constantFrom(usd(1), usd(2)), burn: fc.constantFrom(usdPerHour(0.1), usdPerHour(0.2)), name: fc.constantFrom('a', 'b'),
  ours: fc.boolean(), outbid: fc.boolean(), statusText: fc.constantFrom('', 'well'), place: fc.constantFrom('', 'Oslo'), limited: fc.boolean(), guard: fc.constantFrom(...guards), since: fc.constantFrom(now - 1000, now - 7_200_000),
}).map(({ n, limited, guard, ...rest }): FleetInstance => {
  const { limits, ...made } = machine({ ...rest, id: `vast:${n}` as InstanceId, ...(guard === undefined ? {} : { guard }) });
  return limited && limits ? { ...made, limits } : made;
});
const instanceLists = fc.uniqueArray(anInstance, { selector: ({ id }) => id, maxLength: 4 });

describe('drawing again only what changed', () => {
  const offerKeys = ['gpu', 'gpuCount', 'price', 'reliability', 'place', 'kind', 'tier', 'tierName', 'stock', 'details'] as const;
  const instanceKeys = ['state', 'spent', 'burn', 'name', 'ours', 'outbid', 'statusText', 'place', 'limits', 'since', 'guard'] as const;

  it('shows the offers as a fresh list would', () => {
    fc.assert(fc.property(offerLists, fc.array(fc.tuple(offerLists, anOffer, fc.constantFrom(...offerKeys)), { maxLength: 3 }), (start, steps) => {
      const lists = [start, ...steps.flatMap(([list, pattern, key]) => [mixed(start, pattern, key), list, mixed(list, pattern, key)])];
      let model = offersOf([]);
      const source = offersSource(() => model, () => now, english);
      const editor = new Editor(source);
      for (const offers of lists) {
        const before = model;
        model = offersOf(offers);
        editor.redraw(changedNodes(before, model));
        assert.deepEqual(editor.screen, new Editor(source).screen);
      }
    }), { numRuns: 500 });
  });

  it('shows the machines as a fresh list would', () => {
    fc.assert(fc.property(instanceLists, fc.array(fc.tuple(instanceLists, anInstance, fc.constantFrom(...instanceKeys)), { maxLength: 3 }), (start, steps) => {
      const lists = [start, ...steps.flatMap(([list, pattern, key]) => [mixed(start, pattern, key), list, mixed(list, pattern, key)])];
      let model = buildInstances({ instances: [], errors: [], now }, english);
      const source = instancesSource(() => model, () => now, english);
      const editor = new Editor(source);
      for (const instances of lists) {
        const before = model;
        model = buildInstances({ instances, errors: [], now }, english);
        editor.redraw(changedInstances(before, model));
        assert.deepEqual(editor.screen, new Editor(source).screen);
      }
    }), { numRuns: 500 });
  });
});
