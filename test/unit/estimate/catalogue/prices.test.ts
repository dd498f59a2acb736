import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cheapestListPrice, type Cloud, listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import { gpuName } from '../../../../src/domain/gpu.ts';

const clouds: readonly Cloud[] = ['aws', 'azure', 'gcp', 'lambda'];

describe('the list prices of the large clouds', () => {
  it('carry a day, a place and a price a GPU can have', () => {
    for (const price of listPrices) {
      assert.match(price.readOn, /^20\d\d-\d\d-\d\d$/);
      assert.notEqual(price.region, '');
      const each = price.usdPerHour / price.gpuCount;
      assert.ok(each > 0.3 && each < 30, `${price.instance}: ${each}`);
    }
  });

  it('name GPUs as everywhere else', () => {
    for (const { gpu } of listPrices) assert.equal(gpuName(gpu), gpu);
  });

  it('list every instance once', () => {
    assert.equal(new Set(listPrices.map(({ cloud, instance }) => `${cloud} ${instance}`)).size, listPrices.length);
    for (const cloud of clouds) assert.ok(listPrices.some((price) => price.cloud === cloud), cloud);
  });
});

describe('the cheapest list price', () => {
  it('is of one instance where one is enough', () => {
    const one = cheapestListPrice('aws', 'H100', 1);
    assert.deepEqual([one?.instance, one?.instances, one?.totalUsdPerHour], ['p5.4xlarge', 1, 6.88]);
    const eight = cheapestListPrice('aws', 'H100 SXM', 8);
    assert.equal(eight?.totalUsdPerHour, 55.04);
  });

  it('takes several instances where they cost less or none is large enough', () => {
    const three = cheapestListPrice('aws', 'H100', 3);
    assert.deepEqual([three?.instances, three?.instance], [3, 'p5.4xlarge']);
    assert.equal(cheapestListPrice('azure', 'H100 SXM', 16)?.instances, 2);
  });

  it('tells the A100 of 80 GB from that of 40', () => {
    const small = cheapestListPrice('gcp', 'A100', 1, 40);
    const large = cheapestListPrice('gcp', 'A100', 1, 80);
    assert.deepEqual([small?.instance, large?.instance], ['a2-highgpu-1g', 'a2-ultragpu-1g']);
  });

  it('is none where the cloud has no such GPU', () => {
    for (const gpu of ['RTX 4090', 'H1000', '', 'RTX']) assert.equal(cheapestListPrice('aws', gpu, 1), undefined, gpu);
    for (const count of [0, -1, 1.5, NaN]) assert.equal(cheapestListPrice('aws', 'H100', count), undefined);
  });

  it('has GPUs enough, and never costs less for more of them', () => {
    const gpu = fc.constantFrom(...listPrices.map((price) => price.gpu));
    fc.assert(fc.property(fc.constantFrom(...clouds), gpu, fc.integer({ min: 1, max: 40 }), (cloud, gpu, count) => {
      const found = cheapestListPrice(cloud, gpu, count);
      if (found === undefined) return;
      assert.ok(found.instances * found.gpuCount >= count);
      assert.ok((cheapestListPrice(cloud, gpu, count + 1)?.totalUsdPerHour ?? 0) >= found.totalUsdPerHour);
      for (const other of listPrices.filter((price) => price.cloud === cloud && price.gpu === found.gpu && price.gpuCount >= count)) {
        assert.ok(found.totalUsdPerHour <= other.usdPerHour);
      }
    }));
  });
});
