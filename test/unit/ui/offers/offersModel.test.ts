import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import { usdPerHour, type Usd } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import type { MarketView } from '../../../../src/services/market.ts';
import { buildOffers, changedNodes, childrenOf, nodeOf, offerOfNode, pieceSize, type OffersInput } from '../../../../src/ui/offers/offersModel.ts';
import { offersDescription, offersState } from '../../../../src/ui/offers/offersState.ts';
import { offersSource } from '../../../../src/ui/offers/offersSource.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';

const id = (n: number | string): OfferId => `vast:${n}` as OfferId;
const view = (offers: readonly Offer[], change: Partial<MarketView> = {}): MarketView =>
  ({ filter: { diskGb: 40 }, offers, dropped: 0, more: false, loading: false, readAt: 1, stale: false, errors: [], ...change });
const input = (offers: readonly Offer[], change: Partial<OffersInput> & { view?: MarketView } = {}): OffersInput =>
  ({ view: view(offers), sort: 'price', hidden: new Set(), signedIn: true, ...change });
const many = (count: number, gpu = 'RTX 4090'): Offer[] => Array.from({ length: count }, (_, i) => offer({ id: id(`${gpu}-${i}`), gpu, gpuUsd: 0.3 + i / 10_000 }));
const pages = (model: ReturnType<typeof buildOffers>, node: string): string[] =>
  childrenOf(model, node).flatMap((child) => (child.startsWith('more/') ? pages(model, child) : [child]));

describe('offers model', () => {
  it('groups by model, cheapest first, and ends with the summary', () => {
    const model = buildOffers(input([offer({ gpu: 'H100 SXM', vramGb: 80, gpuUsd: 2 }), offer({ id: id(2), gpuUsd: 0.4 }), offer({ id: id(3), gpuUsd: 0.3 })]));
    assert.deepEqual(model.roots, ['group/RTX 4090|24', 'group/H100 SXM|80', 'summary']);
    assert.deepEqual(childrenOf(model, 'group/RTX 4090|24'), ['offer/vast:3', 'offer/vast:2']);
    assert.deepEqual(childrenOf(model, 'offer/vast:3'), []);
    assert.deepEqual(childrenOf(model, 'nobody'), []);
  });

  it('keeps apart models of the same name and other memory', () => {
    const model = buildOffers(input([offer({ gpu: 'A100 PCIe', vramGb: 40 }), offer({ id: id(2), gpu: 'A100 PCIe', vramGb: 80 })]));
    assert.equal(model.groups.size, 2);
  });

  it('begins with the two ways in while nobody is signed in, and with what failed', () => {
    const failed = view([offer()], { errors: [{ provider: 'runpod', error: new RentError('network') }] });
    const model = buildOffers(input([], { view: failed, signedIn: false }));
    assert.deepEqual(model.roots.slice(0, 3), ['signIn', 'practice', 'problem/runpod']);
    assert.equal(nodeOf(model, 'problem/runpod')?.is, 'problem');
    assert.equal(nodeOf(model, 'problem/vast'), undefined);
  });

  it('is empty without offers, so that the written states can show', () => {
    assert.deepEqual(buildOffers(input([], { signedIn: false })).roots, []);
  });

  it('leaves hidden hosts out of everything', () => {
    const hidden = new Set(['vast:9']);
    const model = buildOffers(input([offer({ details: { hostId: '9' } }), offer({ id: id(2), details: { hostId: '8' } }), offer({ id: id(3) })], { hidden }));
    assert.deepEqual(model.offers.map((one) => one.id), ['vast:2', 'vast:3']);
    assert.equal(offerOfNode(model, 'offer/vast:1001'), undefined);
    assert.equal(offerOfNode(model, 'offer/vast:2')?.id, 'vast:2');
  });

  it('holds no private host where sensitive work is done, not even one that was read before, and says so', () => {
    const model = buildOffers(input([offer(), offer({ id: id(2), tier: 'datacentre' })], { limited: true }));
    assert.deepEqual(model.offers.map((one) => one.id), ['vast:2']);
    assert.equal(offerOfNode(model, 'offer/vast:1001'), undefined);
    assert.equal(offersDescription(model, false, english), 'sensitive work');
  });

  it('sorts by what finishing costs where a job is named, and what cannot be finished last', () => {
    const cost = new Map([[id(1), 30], [id(2), 10]]);
    const offers = [offer({ id: id(1), gpuUsd: 0.1 }), offer({ id: id(3), gpuUsd: 0.05 }), offer({ id: id(2), gpuUsd: 0.3 }), offer({ id: id(4), gpuUsd: 0.04 })];
    const model = buildOffers(input(offers, { sort: 'finish', finish: (one) => cost.get(one.id) as Usd | undefined }));
    assert.deepEqual(childrenOf(model, 'group/RTX 4090|24'), [2, 1, 4, 3].map((n) => `offer/vast:${n}`));
    assert.deepEqual(childrenOf(buildOffers(input(offers, { sort: 'finish' })), 'group/RTX 4090|24'), [4, 3, 1, 2].map((n) => `offer/vast:${n}`), 'by price while there is no job');
  });

  it('opens a large group in pieces, and loses and doubles none', () => {
    for (const count of [1, pieceSize, pieceSize + 1, 3 * pieceSize, 10_000]) {
      const offers = many(count);
      const model = buildOffers(input(offers));
      const shown = pages(model, 'group/RTX 4090|24');
      assert.deepEqual(shown, offers.map((one) => `offer/${one.id}`));
      assert.ok(childrenOf(model, 'group/RTX 4090|24').length <= pieceSize + 1);
    }
  });

  it('names nodes once, whatever a model is called', () => {
    const model = buildOffers(input([...many(500, 'A/B|C'), ...many(500, 'summary')]));
    const all = ['group/A/B|C|24', 'group/summary|24'].flatMap((node) => pages(model, node));
    assert.equal(new Set([...model.roots, ...all]).size, model.roots.length + 1000);
    assert.equal(nodeOf(model, 'more/200/A/B|C|24')?.is, 'more');
  });
});

describe('changed nodes', () => {
  const before = [...many(3), ...many(3, 'RTX 3090')];
  const changed = (after: readonly Offer[], change: Partial<MarketView> = {}): string[] | undefined =>
    changedNodes(buildOffers(input(before)), buildOffers(input([], { view: view(after, change) })));

  it('are only the summary when the same was read again', () => {
    assert.deepEqual(changed(before.map((one) => ({ ...one, readAt: one.readAt + 60_000 }))), ['summary']);
  });

  it('are the group whose line changed', () => {
    const after = before.map((one) => (one.id === 'vast:RTX 4090-1' ? { ...one, reliability: 0.9 } : one));
    assert.deepEqual(changed(after), ['group/RTX 4090|24', 'summary']);
    assert.deepEqual(changed(before.filter((one) => one.id !== 'vast:RTX 3090-2')), ['group/RTX 3090|24', 'summary']);
  });

  it('include what failed', () => {
    const errors = [{ provider: 'vast', error: new RentError('network') }] as const;
    const first = buildOffers(input([], { view: view(before, { errors }) }));
    assert.deepEqual(changedNodes(first, buildOffers(input([], { view: view(before, { errors }) }))), ['problem/vast', 'summary']);
  });

  it('are everything when groups came, went or changed places', () => {
    assert.equal(changed([...before, offer({ id: id('x'), gpu: 'L4' })]), undefined);
    assert.equal(changed(before.slice(0, 3)), undefined);
    const dearer = before.map((one) => (one.gpu === 'RTX 3090' ? { ...one, price: { ...one.price, gpu: usdPerHour(0.9) } } : one));
    assert.equal(changed(dearer), undefined);
  });
});

describe('offers state', () => {
  const state = (change: Partial<MarketView>, offers: readonly Offer[] = []) => offersState(buildOffers(input([], { view: view(offers, change) })));

  it('tells loading, failed and empty apart', () => {
    assert.equal(state({ loading: true, readAt: undefined }), 'loading');
    assert.equal(state({ readAt: undefined }), 'loading');
    assert.equal(state({ readAt: undefined, errors: [{ provider: 'vast', error: new RentError('network') }] }), 'failed');
    assert.equal(state({}), 'empty');
    assert.equal(state({ loading: true, errors: [{ provider: 'vast', error: new RentError('network') }] }, [offer()]), 'some');
  });

  it('describes the filter and an unusual order beside the title', () => {
    const filtered = view([offer()], { filter: { diskGb: 40, minVramGb: 24, maxPrice: usdPerHour(0.6), minReliability: 0.99 } });
    assert.equal(offersDescription(buildOffers(input([], { view: filtered })), false, english), '24 GB+ · ≤ $0.60/h · ≥ 99.0 %');
    assert.equal(offersDescription(buildOffers(input([offer()], { sort: 'reliability' })), true, english), 'practice money · Most reliable first');
    assert.equal(offersDescription(buildOffers(input([offer()])), false, english), '');
  });
});

describe('offers source', () => {
  const model = buildOffers(input([...many(pieceSize + 5), offer({ id: id('h'), gpu: 'L4', details: { hostId: '9' } })], { signedIn: false }));
  const source = offersSource(() => model, () => Date.now(), english);

  it('gives a line, a context and a way on for every kind of node', () => {
    const more = childrenOf(model, 'group/RTX 4090|24').at(-1) ?? '';
    const seen = [...model.roots, more, 'offer/vast:h', 'offer/vast:RTX 4090-0'].map((node) => [source.row(node)?.label, source.context(node), source.command(node), source.expandable(node)]);
    assert.deepEqual(seen, [
      ['Sign in to rent', 'signIn', 'gpuRental.account.signIn', false],
      ['Try it with practice money', 'practice', 'gpuRental.practice.start', false],
      ['RTX 4090 · 24 GB', 'group', undefined, true],
      ['L4 · 24 GB', 'group', undefined, true],
      [`${model.offers.length} offers · read ${source.row('summary')?.label.match(/read (.*) ·/)?.[1]} · 40 GB disk`, 'summary', undefined, false],
      ['5 more', 'more', undefined, true],
      ['$0.33/h  1× 24 GB', 'offer has-host', undefined, false],
      ['$0.32/h  1× 24 GB', 'offer', undefined, false],
    ]);
  });

  it('makes tooltips for what has something to add', async () => {
    assert.match(await source.tooltip('offer/vast:h') ?? '', /Reliability/);
    assert.match(await source.tooltip('summary') ?? '', /disk/);
    assert.equal(await source.tooltip('signIn'), undefined);
  });

  it('outlives a node that has just gone', () => {
    assert.equal(source.row('offer/vast:gone'), undefined);
    assert.equal(source.expandable('offer/vast:gone'), false);
  });
});
