import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Cloud } from '../../../../src/estimate/catalogue/clouds.ts';
import { knownGpus } from '../../../../src/estimate/catalogue/gpus.ts';
import { listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import { sameWork } from '../../../../src/estimate/catalogue/sameWork.ts';

const clouds: readonly Cloud[] = ['aws', 'azure', 'gcp', 'lambda'];
const near = (value: number | undefined, expected: number): void => assert.ok(Math.abs((value ?? NaN) - expected) < 1e-9, `${value}`);

describe('the same work at a large cloud', () => {
  it('is one instance where one is enough', () => {
    const one = sameWork('aws', 'H100', 80, 1);
    assert.deepEqual([one?.match, one?.instance, one?.instances, one?.totalUsdPerHour, one?.paysFor], ['same', 'p5.4xlarge', 1, 6.88, 1]);
    assert.equal(sameWork('aws', 'H100 SXM', 80, 8)?.totalUsdPerHour, 55.04);
  });

  it('is several instances where they cost less or none is large enough', () => {
    const three = sameWork('aws', 'H100', 80, 3);
    assert.deepEqual([three?.instances, three?.instance, three?.paysFor], [3, 'p5.4xlarge', 3]);
    assert.equal(sameWork('azure', 'H100 SXM', 80, 16)?.instances, 2);
  });

  it('pays for eight where only eight are sold', () => {
    for (const [gb, instance, dollars] of [[40, 'p4d.24xlarge', 21.957642], [80, 'p4de.24xlarge', 27.44705]] as const) {
      const one = sameWork('aws', 'A100 SXM', gb, 1);
      assert.deepEqual([one?.instance, one?.paysFor, one?.totalUsdPerHour], [instance, 8, dollars]);
    }
    near(sameWork('aws', 'A100 SXM', 40, 1)?.totalSpotUsdPerHour, 6.5323);
    near(sameWork('aws', 'A100 SXM', 80, 9)?.totalSpotUsdPerHour, 2 * 14.2574);
  });

  it('tells the A100 of 80 GB from that of 40', () => {
    assert.deepEqual([40, 80].map((gb) => sameWork('gcp', 'A100', gb, 1)?.instance), ['a2-highgpu-1g', 'a2-ultragpu-1g']);
  });

  it('is of the nearest class where there is no such card, and says so', () => {
    const found = (gpu: string, gb: number): unknown[] => clouds.slice(0, 3).map((cloud) => {
      const work = sameWork(cloud, gpu, gb, 1);
      return work && `${work.match} ${work.gpu} ${work.vramGb}`;
    });
    assert.deepEqual(found('RTX 4090', 24), ['nearest L4 24', 'nearest A10 24', 'nearest L4 24']);
    assert.deepEqual(found('RTX 3090', 24), ['nearest A10G 24', 'nearest A10 24', 'nearest L4 24']);
    assert.deepEqual(found('RTX 5090', 32), ['nearest RTX PRO 4500 32', 'nearest A100 SXM 40', 'nearest A100 SXM 40']);
    assert.deepEqual(found('RTX A6000', 48), ['nearest L40S 48', 'nearest A100 PCIe 80', 'nearest A100 SXM 80']);
    assert.deepEqual(found('B300', 288), ['same B300 268', undefined, undefined]);
  });

  it('is none for nonsense', () => {
    assert.equal(sameWork('aws', '', 24, 1), undefined);
    for (const count of [0, -1, 1.5, NaN]) assert.equal(sameWork('aws', 'H100', 80, count), undefined);
    for (const gb of [0, -1, NaN]) assert.equal(sameWork('aws', 'H100', gb, 1), undefined);
  });

  it('has GPUs and memory enough, costs no less for more, and is the cheapest of its card', () => {
    fc.assert(fc.property(fc.constantFrom(...clouds), fc.constantFrom(...knownGpus), fc.integer({ min: 1, max: 40 }), (cloud, { name, vramGb }, count) => {
      const found = sameWork(cloud, name, vramGb, count);
      if (found === undefined) return;
      assert.ok(found.paysFor >= count && found.paysFor === found.instances * found.gpuCount && found.paysFor - found.gpuCount < count);
      assert.ok(found.vramGb >= 0.92 * vramGb);
      assert.ok((sameWork(cloud, name, vramGb, count + 1)?.totalUsdPerHour ?? 0) >= found.totalUsdPerHour - 1e-9);
      for (const other of listPrices.filter((price) => price.cloud === cloud && price.gpu === found.gpu && price.vramGb === found.vramGb && price.gpuCount >= count)) {
        assert.ok(found.totalUsdPerHour <= other.usdPerHour);
      }
      // A smaller card that holds as much would have been nearer.
      const smaller = listPrices.filter((price) => price.cloud === cloud && price.vramGb >= 0.92 * vramGb && price.vramGb < 0.92 * found.vramGb);
      assert.ok(found.match === 'same' || smaller.length === 0);
    }));
  });
});
