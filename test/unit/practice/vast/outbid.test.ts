import assert from 'node:assert/strict';
import { startMarket } from '../../../../src/practice/market.ts';
import { fakePods } from '../fakePods.ts';
import { testVast, type TestVast } from './testVast.ts';

describe('an instance that is outbid on command', () => {
  let vast: TestVast;
  beforeEach(async () => (vast = await testVast()));
  afterEach(() => vast.close());

  const bidFor = async () => {
    const [offer] = await vast.search({ type: 'bid', rentable: { eq: true }, num_gpus: { eq: 1 }, order: [['dph_total', 'asc']] });
    const price = Number(offer?.['min_bid']) * 1.01;
    const id = await vast.rent({ price }, { num_gpus: { eq: 1 }, machine_id: { eq: offer?.['machine_id'] } });
    vast.world.pass(120);
    return { id, price };
  };
  const state = (id: number) => vast.world.rentals.get('vast', String(id))?.state;

  it('stops, stays so while the other bids more, and starts again with a bid that wins', async () => {
    const { id, price } = await bidFor();
    assert.equal(state(id), 'running');
    const wins = vast.outbid(id);
    assert.ok(wins !== undefined && Math.abs(wins - price * 1.5) < 1e-6);
    assert.equal(Number((await vast.row(id))?.['min_bid']), wins);
    vast.world.pass(3600);
    assert.equal(state(id), 'stopped');
    assert.equal((await vast.call('PUT', `/api/v0/instances/bid_price/${id}/`, { client_id: 'me', price: wins * 1.1 })).status, 200);
    vast.world.pass(180);
    assert.equal(state(id), 'running');
  });

  it('can be told by how much, also too little to lose it', async () => {
    const { id, price } = await bidFor();
    vast.outbid(id, price / 2);
    vast.world.pass(60);
    assert.equal(state(id), 'running');
    assert.equal(vast.outbid(id, 3), 3);
    vast.world.pass(60);
    assert.equal(state(id), 'stopped');
  });

  it('is one that has a bid', async () => {
    const id = await vast.rent({}, { num_gpus: { eq: 1 } });
    assert.equal(vast.outbid(id), undefined);
    assert.equal(vast.outbid(1), undefined);
  });
});

describe('the ledger’s door', () => {
  it('takes the wish, and refuses what it cannot read', async () => {
    const market = await startMarket({ podMaker: fakePods(), bootScale: 0 });
    try {
      const post = async (body: unknown) => (await fetch(`${market.ledger.url}/outbid`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })).status;
      assert.deepEqual([await post({}), await post({ id: 'vast:1' }), await post({ id: 1, usd: -1 })], [400, 404, 400]);
    } finally {
      await market.close();
    }
  });
});
