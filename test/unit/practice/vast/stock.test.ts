import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createStock, type Stock } from '../../../../src/practice/vast/stock.ts';
import { createClock } from '../../../../src/practice/clock.ts';
import { start } from '../testWorld.ts';

const hour = 3_600_000;
const stockOf = (seed: number, offers = 80): Stock => createStock({ seed, offers, clock: createClock({ startAt: start, realNow: () => 0 }) });

describe('the stock of the Vast market', () => {
  it('has machines that make sense, for any seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const stock = stockOf(seed, 30);
        for (const machine of stock.machines) {
          assert.ok(machine.gpuUsd >= machine.gpu.lowUsd && machine.gpuUsd <= machine.gpu.highUsd);
          assert.ok(machine.gpu.counts.includes(machine.gpus));
          assert.ok(machine.slices.every((slice) => slice <= machine.gpus));
          assert.ok(machine.reliability === 0.6 || (machine.reliability >= 0.92 && machine.reliability <= 0.999));
          assert.ok(machine.reliability > 0.9 || machine.verification !== 'verified');
          assert.ok(machine.offeredFor > 86_400 && machine.storageUsd > 0 && machine.diskGb >= 60);
          if (machine.gpu.computeCap >= 1000) assert.ok(machine.cuda >= 12.8, 'Blackwell needs a new driver');
        }
        assert.equal(new Set(stock.machines.map(({ machineId }) => machineId)).size, stock.machines.length);
        const ids = stock.asks().map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
      }),
      { numRuns: 50 },
    );
  });

  it('is a function of seed and time alone', () => {
    const look = (stock: Stock, at: number) => stock.asks().map((ask) => [ask.id, stock.rentable(ask, at), stock.priceUsd(ask, at), stock.minBidUsd(ask, at)]);
    const [one, other] = [stockOf(3), stockOf(3)];
    for (let at = start; at < start + 100 * hour; at += hour) look(one, at);
    for (const at of [start, start + 7 * hour, start + 90 * hour]) assert.deepEqual(look(one, at), look(other, at));
  });

  it('keeps prices inside the range of the model, and bids at or below them', () => {
    const stock = stockOf(5);
    for (let at = start; at < start + 300 * hour; at += 5 * hour) {
      for (const ask of stock.asks()) {
        const perGpu = stock.priceUsd(ask, at) / ask.gpus;
        assert.ok(perGpu >= ask.machine.gpu.lowUsd - 1e-6 && perGpu <= ask.machine.gpu.highUsd + 1e-6);
        const bid = stock.minBidUsd(ask, at);
        assert.ok(bid > 0 && bid <= stock.priceUsd(ask, at));
      }
    }
  });

  it('rents no slice that the machine has not free, and none after its end', () => {
    const stock = stockOf(6);
    const ask = stock.asks().find((candidate) => candidate.gpus > 1 && stock.rentable(candidate, start));
    assert.ok(ask);
    const free = stock.occupancy.free(ask.machine, start);
    assert.equal(stock.occupancy.take(ask.machine, free, start), true);
    const others = stock.asks().filter(({ machine }) => machine === ask.machine);
    assert.ok(others.every((other) => !stock.rentable(other, start)));
    stock.occupancy.release(ask.machine, free);
    assert.ok(stock.rentable(ask, start));
    assert.ok(others.every((other) => !stock.rentable(other, stock.endsAt(ask.machine))));
  });

  it('ends an ask and offers the same slice again under a new id', () => {
    const stock = stockOf(7);
    const [ask] = stock.asks();
    assert.ok(ask);
    const count = stock.asks().length;
    stock.retire(ask);
    stock.retire(ask);
    assert.equal(stock.ask(ask.id), undefined);
    assert.equal(stock.isPast(ask.id), true);
    assert.equal(stock.asks().length, count);
    const again = stock.asks().at(-1);
    assert.deepEqual([again?.machine, again?.gpus], [ask.machine, ask.gpus]);
    assert.equal(stock.isPast(again?.id ?? 0), false);
    assert.equal(stock.fixed(again ?? ask)['id'], again?.id);
  });
});
