import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareCuda } from '../../../../src/practice/runpod/cudaVersion.ts';
import { findGpuType, gpuTypes } from '../../../../src/practice/runpod/gpuTypes.ts';
import { createHosts } from '../../../../src/practice/runpod/hosts.ts';
import { dataCenters } from '../../../../src/practice/runpod/places.ts';
import { createStock, level, type StockQuery } from '../../../../src/practice/runpod/stock.ts';

const start = Date.UTC(2026, 9, 1);
const rtx4090 = 'NVIDIA GeForce RTX 4090';
const seedArb = fc.integer({ min: 0, max: 1_000_000 });
const timeArb = fc.integer({ min: 0, max: 30 * 86_400_000 }).map((offset) => start + offset);

describe('practice RunPod stock', () => {
  it('is the same for the same seed and another for another', () => {
    fc.assert(fc.property(seedArb, (seed) => assert.deepEqual(createHosts(seed), createHosts(seed))), { numRuns: 10 });
    assert.notDeepEqual(createHosts(1), createHosts(2));
  });

  it('keeps every host within what the catalogue says', () => {
    const ids = new Set(dataCenters.map((center) => center.id));
    for (const host of createHosts(3)) {
      const type = findGpuType(host.gpuTypeId) ?? assert.fail(host.gpuTypeId);
      assert.ok(host.gpus >= 1 && host.gpus <= type.maxCount[host.cloud], host.id);
      assert.ok(type.price[host.cloud] > 0, host.id);
      assert.ok(host.dataCenterId === null ? host.cloud === 'COMMUNITY' : ids.has(host.dataCenterId), host.id);
      assert.ok(host.publicIp || host.cloud === 'COMMUNITY', host.id);
      assert.equal(host.cuda === null, type.manufacturer === 'AMD', host.id);
      if (/Blackwell|RTX 50[89]0|B[23]00/.test(type.id)) assert.ok(compareCuda(host.cuda ?? '0.0', '12.8') >= 0, host.id);
    }
  });

  it('has the largest machine it names for every type and cloud', () => {
    const hosts = createHosts(9);
    for (const type of gpuTypes) {
      for (const cloud of ['SECURE', 'COMMUNITY'] as const) {
        const largest = Math.max(0, ...hosts.filter((host) => host.gpuTypeId === type.id && host.cloud === cloud).map((host) => host.gpus));
        assert.equal(largest, type.maxCount[cloud], `${type.id} ${cloud}`);
      }
    }
  });

  it('answers a narrower question with a part of the wider answer', () => {
    const stock = createStock(5, start);
    fc.assert(
      fc.property(timeArb, fc.integer({ min: 1, max: 8 }), fc.constantFrom('SECURE' as const, 'COMMUNITY' as const), (at, count, cloud) => {
        const wide: StockQuery = { gpuTypeId: rtx4090, count };
        const all = new Set(stock.withRoom(wide, at));
        const narrower: StockQuery[] = [
          { ...wide, cloud },
          { ...wide, countryCodes: ['US', 'NO'] },
          { ...wide, dataCenterIds: ['US-KS-2'] },
          { ...wide, cudaVersions: ['12.8'] },
          { ...wide, minCudaVersion: '12.8' },
          { ...wide, minVcpu: 8 * count },
          { ...wide, publicIp: true },
        ];
        for (const query of narrower) {
          for (const host of stock.withRoom(query, at)) {
            assert.ok(all.has(host));
            assert.ok(query.cloud === undefined || host.cloud === query.cloud);
            assert.ok(query.countryCodes === undefined || query.countryCodes.includes(host.country));
            assert.ok(query.dataCenterIds === undefined || host.dataCenterId === 'US-KS-2');
            assert.ok(query.cudaVersions === undefined || host.cuda === '12.8');
            assert.ok(query.minCudaVersion === undefined || compareCuda(host.cuda ?? '0.0', '12.8') >= 0);
            assert.ok(host.vcpuPerGpu * count >= (query.minVcpu ?? 0));
            assert.ok(query.publicIp !== true || host.publicIp);
          }
        }
      }),
    );
  });

  it('moves with market time and hands out no GPU twice', () => {
    const stock = createStock(5, start);
    const query: StockQuery = { gpuTypeId: rtx4090, count: 1 };
    const rooms = new Set(Array.from({ length: 48 }, (_, hour) => stock.withRoom(query, start + hour * 3_600_000).length));
    assert.ok(rooms.size > 3, 'the number of hosts with room changes over two days');
    const host = stock.withRoom(query, start)[0] ?? assert.fail('seed 5 has RTX 4090s');
    const free = stock.occupancy.free(host, start);
    assert.ok(stock.occupancy.take(host, free, start));
    assert.equal(stock.occupancy.free(host, start), 0);
    assert.equal(stock.occupancy.take(host, 1, start), false);
    assert.ok(!stock.withRoom(query, start).includes(host));
  });

  it('grades stock by hosts with room', () => {
    assert.deepEqual([0, 1, 2, 3, 6, 7, 99].map(level), ['NONE', 'LOW', 'LOW', 'MEDIUM', 'MEDIUM', 'HIGH', 'HIGH']);
  });

  it('orders CUDA versions by number, not by text', () => {
    assert.ok(compareCuda('12.11', '12.9') > 0);
    assert.ok(compareCuda('9.0', '12.0') < 0);
    assert.equal(compareCuda('12', '12.0'), 0);
    const version = fc.tuple(fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(version, version, ([major, minor], [otherMajor, otherMinor]) => {
        const sign = Math.sign(major * 1000 + minor - (otherMajor * 1000 + otherMinor));
        assert.equal(Math.sign(compareCuda(`${major}.${minor}`, `${otherMajor}.${otherMinor}`)), sign);
      }),
    );
  });
});
