import assert from 'node:assert/strict';
import { readQuery, type SearchQuery } from '../../../../src/practice/vast/query.ts';

const read = (body: unknown): SearchQuery => {
  const query = readQuery(body);
  if (typeof query === 'string') assert.fail(query);
  return query;
};

describe('reading a search', () => {
  it('takes what the official client sends', () => {
    const query = read({
      verified: { eq: true },
      external: { eq: false },
      num_gpus: { eq: '1' },
      gpu_ram: { gte: 20_000, lt: 50_000 },
      order: [['dph_total', 'desc']],
      type: 'on-demand',
      limit: 5,
      allocated_storage: 40,
    });
    assert.deepEqual(query, {
      conditions: [
        { field: 'verified', operator: 'eq', value: true },
        { field: 'external', operator: 'eq', value: false },
        { field: 'num_gpus', operator: 'eq', value: '1' },
        { field: 'gpu_ram', operator: 'gte', value: 20_000 },
        { field: 'gpu_ram', operator: 'lt', value: 50_000 },
        { field: 'disk_space', operator: 'gte', value: 40 },
      ],
      order: [{ field: 'dph_total', descending: true }],
      type: 'on-demand',
      limit: 5,
      storageGb: 40,
    });
  });

  it('assumes what Vast assumes', () => {
    assert.deepEqual(read({}), { conditions: [], order: [{ field: 'score', descending: true }], type: 'on-demand', limit: null, storageGb: 8 });
    assert.deepEqual(read({ limit: null, order: null, type: undefined, gpu_name: null }), read({}));
  });

  it('knows every name of a kind of rental', () => {
    const types = { 'on-demand': 'on-demand', ondemand: 'on-demand', ask: 'on-demand', bid: 'bid', interruptible: 'bid', reserved: 'reserved' };
    for (const [sent, meant] of Object.entries(types)) assert.equal(read({ type: sent }).type, meant);
    assert.match(String(readQuery({ type: 'spot' })), /unknown type spot/);
  });

  it('lets by what other clients add', () => {
    const query = read({ disable_bundling: true, extra_ids: [], sort_option: {}, template_id: 3, target_reliability: 0.9, has_avx: 1, external: true });
    assert.deepEqual(query.conditions, [
      { field: 'target_reliability', operator: 'gte', value: 0.9 },
      { field: 'has_avx', operator: 'eq', value: 1 },
      { field: 'external', operator: 'eq', value: true },
    ]);
  });

  it('says what is wrong in a sentence', () => {
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [null, /JSON object/],
      [[], /JSON object/],
      [{ gpu_name: 'RTX 4090' }, /filter gpu_name must be an object/],
      [{ gpu_name: { like: 'x' } }, /unknown operator like for gpu_name/],
      [{ gpu_name: { in: 'x' } }, /gpu_name: in wants a list/],
      [{ limit: 'x' }, /limit must be a number/],
      [{ order: 'x' }, /order must be a list/],
      [{ order: ['x'] }, /order must be a list/],
      [{ allocated_storage: {} }, /allocated_storage must be a number/],
      [{ allocated_storage: '' }, /allocated_storage must be a number/],
    ];
    for (const [body, sentence] of wrong) assert.match(String(readQuery(body)), sentence);
  });
});
