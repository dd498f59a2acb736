import assert from 'node:assert/strict';
import { type Cloud, vcpusInName } from '../../../../src/estimate/catalogue/clouds.ts';
import { listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import { gpuName } from '../../../../src/domain/gpu.ts';

const clouds: readonly Cloud[] = ['aws', 'azure', 'gcp', 'lambda'];

describe('the list prices of the large clouds', () => {
  it('carry a day, a place and a price a GPU can have', () => {
    for (const price of listPrices) {
      assert.match(price.readOn, /^20\d\d-\d\d-\d\d$/);
      assert.notEqual(price.region, '');
      const each = price.usdPerHour / price.gpuCount;
      assert.ok(each > 0.3 && each < 30, `${price.instance}: ${each}`);
      const { spotUsdPerHour: spot = price.usdPerHour } = price;
      assert.ok(spot <= price.usdPerHour && spot > price.usdPerHour / 10, `${price.instance}: ${spot}`);
      assert.notEqual(price.source, '');
    }
  });

  it('name GPUs as everywhere else', () => {
    for (const { gpu } of listPrices) assert.equal(gpuName(gpu), gpu);
  });

  it('list every instance once', () => {
    assert.equal(new Set(listPrices.map(({ cloud, instance }) => `${cloud} ${instance}`)).size, listPrices.length);
    for (const cloud of clouds) assert.ok(listPrices.some((price) => price.cloud === cloud), cloud);
  });

  it('know what stands in the names of machines', () => {
    assert.deepEqual([vcpusInName('aws', 'g6.xlarge'), vcpusInName('aws', 'p4de.24xlarge'), vcpusInName('aws', 'p6-b200.48xlarge')], [4, 96, 192]);
    assert.deepEqual([vcpusInName('azure', 'Standard_NC4as_T4_v3'), vcpusInName('azure', 'Standard_ND96isr_H100_v5')], [4, 96]);
    assert.deepEqual([vcpusInName('gcp', 'g2-standard-8'), vcpusInName('gcp', 'a2-highgpu-1g'), vcpusInName('lambda', 'gpu_1x_a10')], [8, undefined, undefined]);
    for (const { cloud, instance, vcpus } of listPrices) assert.equal(vcpus !== undefined, cloud === 'aws' || cloud === 'azure' || /standard/.test(instance), instance);
  });

  it('hold what an A100 and an H100 cost there, which one of the articles has and the other has not', () => {
    const perGpu = (instance: string): number => listPrices.filter((price) => price.instance === instance).map(({ usdPerHour, gpuCount }) => usdPerHour / gpuCount)[0] ?? NaN;
    // The article says about $4.10 for either A100, $6.90 for an H100 and $0.80 for an L4.
    assert.deepEqual([perGpu('p4d.24xlarge').toFixed(3), perGpu('p4de.24xlarge').toFixed(2), perGpu('p5.48xlarge').toFixed(2), perGpu('g6.xlarge').toFixed(2)], ['2.745', '3.43', '6.88', '0.80']);
    // So that $1.39 at RunPod saves less than the 60 to 75 % that it says.
    assert.deepEqual([perGpu('p4d.24xlarge'), perGpu('p4de.24xlarge')].map((aws) => Math.round(100 * (1 - 1.39 / aws))), [49, 59]);
    assert.equal(Math.round(100 * (1 - 2.39 / perGpu('p5.48xlarge'))), 65);
  });
});
