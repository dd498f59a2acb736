import assert from 'node:assert/strict';
import { offerMatcher, type OfferFilter } from '../../../../src/domain/filter.ts';
import { toDollars, usdPerHour } from '../../../../src/domain/money.ts';
import { allIn } from '../../../../src/domain/offer.ts';
import { listPrices, type ListPrice } from '../../../../src/estimate/catalogue/prices.ts';
import { textOf } from '../../../../src/ui/explorer/column.ts';
import { listedOffers } from '../../../../src/ui/explorer/listedOffers.ts';
import { offerColumns } from '../../../../src/ui/explorer/offerColumns.ts';
import { byPrice } from '../../../../src/ui/explorer/offerTable.ts';
import { isListed } from '../../../../src/webview/explorer/messages.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';

const price: ListPrice = { cloud: 'aws', instance: 'p5.48xlarge', gpu: 'H100 SXM', gpuCount: 8, vramGb: 80, usdPerHour: 55.04, spotUsdPerHour: 16.9508, vcpus: 192, ramGb: 2048, region: 'us-east-1', readOn: '2026-07-20', source: 'x' };
const left = (filter: Partial<OfferFilter>): string[] => listedOffers([price]).filter(offerMatcher({ diskGb: 40, ...filter })).map(({ kind }) => kind);

describe('list prices as rows', () => {
  it('stand on demand, and once more at the spot price that the list tells', () => {
    const rows = listedOffers([price]);
    assert.deepEqual(rows.map(({ id, kind, readAt, listedOn }) => [id, kind, readAt, listedOn]), [
      ['list:aws/p5.48xlarge/us-east-1', 'on-demand', Date.UTC(2026, 6, 20), '2026-07-20'], ['list:aws/p5.48xlarge/us-east-1/spot', 'interruptible', Date.UTC(2026, 6, 20), '2026-07-20'],
    ]);
    assert.deepEqual(rows.map((row) => toDollars(allIn(row))), [55.04, 16.9508]);
    const { spotUsdPerHour: _, ...steady } = price;
    assert.equal(listedOffers([steady]).length, 1);
  });

  it('have ids of their own, all of which say what they are', () => {
    const ids = listedOffers(listPrices).map(({ id }) => id);
    assert.ok(ids.length > 60 && ids.every(isListed));
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(!ids.some((id) => id.startsWith('list:lambda')), 'Lambda is rented from here');
  });

  it('are left out where they cannot be meant', () => {
    for (const usdPerHour of [0, -1, NaN, Infinity]) assert.deepEqual(listedOffers([{ ...price, usdPerHour, spotUsdPerHour: usdPerHour }]), []);
  });

  it('meet the filter of the offers where they have what it asks for', () => {
    const both = ['on-demand', 'interruptible'];
    for (const filter of [{}, { gpu: 'H100 SXM' }, { count: 8 }, { minVramGb: 80 }, { region: 'US' }, { region: 'us-east' }, { datacentreOnly: true }]) assert.deepEqual(left(filter), both, JSON.stringify(filter));
    for (const filter of [{ gpu: 'L4' }, { count: 1 }, { minVramGb: 141 }, { region: 'DE' }, { provider: 'vast' as const }, { minReliability: 0.95 }]) assert.deepEqual(left(filter), [], JSON.stringify(filter));
    assert.deepEqual([left({ maxPrice: usdPerHour(20) }), left({ kind: 'on-demand' })], [['interruptible'], ['on-demand']]);
  });

  it('say whose they are, and nothing of a disk that they do not have', () => {
    const [row = assert.fail()] = listedOffers([price]);
    const shows = (id: string): string | undefined => textOf(offerColumns.find((column) => column.id === id) ?? assert.fail(id), { offer: row, insight: {} }, english);
    assert.deepEqual(['provider', 'tier', 'location', 'listedOn', 'allInUsdPerHour', 'cpuCores', 'diskUsdPerHour', 'stoppedUsdPerHour', 'reliability'].map(shows), ['AWS', 'p5.48xlarge', 'us-east-1', '2026-07-20', '$55.04/h', '192', undefined, undefined, undefined]);
  });

  it('stand among the offers by their price, which keep what is known of them', () => {
    const known = byPrice([offer({ gpuUsd: 90 }), offer({ id: 'vast:2', gpuUsd: 20 })], () => ({ standing: 'cheap' }), listedOffers([price]));
    assert.deepEqual(known.map(({ offer: { id }, insight }) => [id, insight.standing]), [['list:aws/p5.48xlarge/us-east-1/spot', undefined], ['vast:2', 'cheap'], ['list:aws/p5.48xlarge/us-east-1', undefined], ['vast:1001', 'cheap']]);
  });
});
