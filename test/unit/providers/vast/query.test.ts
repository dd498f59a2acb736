import assert from 'node:assert/strict';
import { usdPerHour } from '../../../../src/domain/money.ts';
import { oneOfferQuery, searchQuery } from '../../../../src/providers/vast/query.ts';

const first = { first: true } as const;

describe('a search of Vast', () => {
  it('asks for what can be rented with the disk that will be rented, cheapest first', () => {
    assert.deepEqual(searchQuery({ diskGb: 40 }, 'on-demand', undefined, first), {
      type: 'on-demand',
      rentable: { eq: true },
      verified: { eq: true },
      external: { eq: false },
      allocated_storage: 40,
      disk_space: { gte: 40 },
      order: [['dph_total', 'asc'], ['id', 'asc']],
      limit: 1_000,
    });
  });

  it('is narrowed by everything that Vast can filter', () => {
    const filter = { diskGb: 5, gpu: 'A100', count: 2, minVramGb: 24, maxPrice: usdPerHour(0.6), minReliability: 0.98, region: 'no', datacentreOnly: true };
    const query = searchQuery(filter, 'on-demand', ['A100 PCIE', 'A100 SXM4'], first);
    assert.deepEqual(query['allocated_storage'], 8);
    assert.deepEqual(query['disk_space'], { gte: 8 });
    assert.deepEqual(query['gpu_name'], { in: ['A100 PCIE', 'A100 SXM4'] });
    assert.deepEqual(query['num_gpus'], { eq: 2 });
    assert.deepEqual(query['reliability'], { gte: 0.98 });
    assert.deepEqual(query['geolocation'], { eq: 'NO' });
    assert.deepEqual(query['datacenter'], { eq: true });
    const { gte } = query['gpu_ram'] as { gte: number };
    assert.ok(gte <= 23_028 && gte > 20 * 1024, String(gte));
    const { lte } = query['dph_total'] as { lte: number };
    assert.ok(lte >= 0.6 && lte < 0.600001);
  });

  it('does not ask for a bid by a column that may hold the full price', () => {
    const query = searchQuery({ diskGb: 40, maxPrice: usdPerHour(0.2) }, 'interruptible', undefined, first);
    assert.equal(query['type'], 'bid');
    assert.equal(query['dph_total'], undefined);
    const { lte } = query['min_bid'] as { lte: number };
    assert.ok(lte >= 0.2 && lte < 0.200001);
  });

  it('leaves regions that are no country code to the check afterwards', () => {
    for (const region of ['Texas', 'EU-RO-1', '', ' ']) assert.equal(searchQuery({ diskGb: 40, region }, 'on-demand', undefined, first)['geolocation'], undefined);
  });

  it('goes on where the last page ended, never losing the price limit', () => {
    const filter = { diskGb: 40, maxPrice: usdPerHour(1) };
    const range = (start: Parameters<typeof searchQuery>[3]): Record<string, number> => searchQuery(filter, 'on-demand', undefined, start)['dph_total'] as Record<string, number>;
    const from = range({ from: 0.5 });
    assert.ok((from['gte'] ?? 1) <= 0.5 && (from['gte'] ?? 0) > 0.4999 && (from['lte'] ?? 0) >= 1);
    const above = range({ above: 0.5 });
    assert.ok((above['gt'] ?? 0) >= 0.5 && (above['gt'] ?? 1) < 0.5001 && (above['lte'] ?? 0) >= 1);
    const tie = searchQuery(filter, 'on-demand', undefined, { tie: 0.5, afterId: 77 });
    assert.deepEqual(tie['ask_contract_id'], { gt: 77 });
    const { gte, lte } = tie['dph_total'] as { gte: number; lte: number };
    assert.ok(gte <= 0.5 && lte >= 0.5 && lte - gte < 1e-6);
  });

  it('finds one offer by the only name that works', () => {
    assert.deepEqual(oneOfferQuery(21, 'interruptible', 55), {
      type: 'bid', rentable: { eq: true }, allocated_storage: 55, disk_space: { gte: 55 }, ask_contract_id: { eq: 21 }, limit: 1,
    });
  });
});
