import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { gpuName } from '../../../../src/domain/gpu.ts';
import { findGpu, gpuFromOffer, hasBf16, hasHbm, knownGpus, matmulTflops } from '../../../../src/estimate/catalogue/gpus.ts';
import type { Gpu } from '../../../../src/estimate/machine.ts';

const found = (name: string, vramGb?: number): Gpu => {
  const gpu = findGpu(name, vramGb);
  assert.ok(gpu, `${name} ${vramGb ?? ''} is not in the table`);
  return gpu;
};

const anyKnown = fc.constantFrom(...knownGpus);

describe('the GPU table', () => {
  it('finds every card by its own name and memory', () => {
    for (const gpu of knownGpus) assert.deepEqual(found(gpu.name, gpu.vramGb), gpu);
  });

  it('names cards as the offers do, so that an offer finds its card without translation', () => {
    for (const { name } of knownGpus) assert.equal(gpuName(name), name);
  });

  it('holds no two rows of one name and memory', () => {
    const keys = knownGpus.map(({ name, vramGb }) => `${name} ${vramGb}`);
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(keys.length >= 115);
  });

  it('holds rates that a card can have', () => {
    for (const gpu of knownGpus) {
      assert.ok(gpu.bandwidthGbPerS >= 100 && gpu.bandwidthGbPerS <= 8_000, gpu.name);
      assert.ok(gpu.fp32Tflops > 2 && gpu.fp32Tflops < 170, gpu.name);
      assert.ok(gpu.tensorTflops === undefined || gpu.tensorTflops / gpu.fp32Tflops > 1.9, `${gpu.name}: tensor cores are faster than the rest`);
      assert.ok(gpu.tensorTflops === undefined || gpu.tensorTflops <= 2_500, `${gpu.name}: not the sparse rate`);
      assert.ok(gpu.measuredTflops === undefined || gpu.measuredTflops < (gpu.tensorTflops ?? 0), `${gpu.name}: nobody measures more than the peak`);
      if (gpu.fp8Tflops !== undefined) assert.ok(Math.abs(gpu.fp8Tflops / (gpu.tensorTflops ?? 0) - 2) < 0.1, `${gpu.name}: FP8 is twice as fast as 16 bits`);
    }
  });

  it('takes the rate with 32-bit accumulation, which GeForce cards halve and workstation cards do not', () => {
    assert.equal(found('RTX 4090').tensorTflops, 165.2);
    assert.equal(found('RTX 3090').tensorTflops, 71.2);
    assert.equal(found('RTX 5090').tensorTflops, 209.5);
    assert.equal(found('RTX 6000 Ada').tensorTflops, 364.2);
    assert.equal(found('RTX A6000').tensorTflops, 154.8);
  });
});

describe('findGpu', () => {
  const names: readonly (readonly [string, number | undefined, string, number])[] = [
    ['A100', undefined, 'A100 SXM', 80],
    ['A100', 40, 'A100 SXM', 40],
    ['A100 40GB', undefined, 'A100 SXM', 40],
    ['A100 80GB', undefined, 'A100 SXM', 80],
    ['A100 SXM 80GB', undefined, 'A100 SXM', 80],
    ['A100 PCIe 40GB', undefined, 'A100 PCIe', 40],
    ['A100_PCIE', 80, 'A100 PCIe', 80],
    ['A100_SXM4', 40, 'A100 SXM', 40],
    ['NVIDIA A100-SXM4-80GB', 80, 'A100 SXM', 80],
    ['NVIDIA A100 80GB PCIe', undefined, 'A100 PCIe', 80],
    ['H100', undefined, 'H100 SXM', 80],
    ['H100 80GB', undefined, 'H100 SXM', 80],
    ['NVIDIA H100 80GB HBM3', 80, 'H100 SXM', 80],
    ['H100_NVL', 94, 'H100 NVL', 94],
    ['H800 SXM', undefined, 'H100 SXM', 80],
    ['H200 SXM 141GB', undefined, 'H200', 141],
    ['NVIDIA H200', 143, 'H200', 141],
    ['GH200 96GB', undefined, 'GH200', 96],
    ['NVIDIA GH200 480GB', 96, 'GH200', 96],
    ['B200 SXM 180GB', undefined, 'B200', 180],
    ['NVIDIA B300 SXM6 AC', 288, 'B300', 288],
    ['V100 16GB', undefined, 'V100', 16],
    ['V100 32GB SXM3', undefined, 'V100', 32],
    ['V100 32GB PCIe', undefined, 'V100 PCIe', 32],
    ['Tesla V100-SXM2-32GB', 32, 'V100', 32],
    ['Tesla V100-PCIE-16GB', 16, 'V100 PCIe', 16],
    ['Tesla_V100', 16, 'V100', 16],
    ['Tesla P100 16GB', undefined, 'P100', 16],
    ['RTX 3080', undefined, 'RTX 3080', 10],
    ['RTX 3080', 12, 'RTX 3080', 12],
    ['RTX 3060', 12, 'RTX 3060', 12],
    ['RTX_4070S_Ti', 16, 'RTX 4070 Ti SUPER', 16],
    ['RTX 4060 Ti', 8, 'RTX 4060 Ti', 8],
    ['RTX A2000', 12, 'RTX A2000', 12],
    ['NVIDIA GeForce RTX 4090', 24, 'RTX 4090', 24],
    ['4090', undefined, 'RTX 4090', 24],
    ['RTX PRO 6000 Blackwell WS', 96, 'RTX PRO 6000 WS', 96],
    ['RTX PRO 5000 Blackwell 48GB', undefined, 'RTX PRO 5000', 48],
    ['NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb', 24, 'RTX PRO 6000 S MIG 1g.24gb', 24],
    ['Q_RTX_8000', 48, 'Quadro RTX 8000', 48],
    ['Titan RTX', undefined, 'TITAN RTX', 24],
    ['AMD Instinct MI300X OAM', 192, 'MI300X', 192],
    ['AMD Instinct MI250', undefined, 'MI250', 128],
  ];
  for (const [name, vramGb, ours, gb] of names) {
    it(`knows ${name}${vramGb === undefined ? '' : ` with ${vramGb} GB`}`, () => {
      const gpu = found(name, vramGb);
      assert.deepEqual([gpu.name, gpu.vramGb], [ours, gb]);
    });
  }

  it('tells cards of one name apart by their memory', () => {
    assert.equal(found('A100 SXM', 40).bandwidthGbPerS, 1555);
    assert.equal(found('A100 SXM', 80).bandwidthGbPerS, 2039);
    assert.equal(found('RTX 3080', 10).bandwidthGbPerS, 760);
    assert.equal(found('RTX 3080', 12).bandwidthGbPerS, 912);
  });

  it('takes what the driver leaves of the memory for the card', () => {
    fc.assert(fc.property(anyKnown, fc.double({ min: 0.93, max: 1.01, noNaN: true }), (gpu, share) => {
      assert.equal(findGpu(gpu.name, gpu.vramGb * share)?.name, gpu.name);
    }));
  });

  it('knows a rebuilt card with twice its memory as the same chip', () => {
    const rebuilt = found('RTX 4090', 48);
    assert.deepEqual(rebuilt, { ...found('RTX 4090'), vramGb: 48 });
    assert.equal(found('RTX 2080 Ti', 22).vramGb, 22);
  });

  it('does not take a slice, a stranger or nothing for a card', () => {
    assert.equal(findGpu('A100 SXM', 20), undefined);
    assert.equal(findGpu('RTX 3060', 8), undefined);
    for (const name of ['Imaginary RTX 9999', '', ' ', 'RTX', 'constructor', '__proto__', 'toString']) assert.equal(findGpu(name), undefined);
  });

  it('does not care how a name is written', () => {
    fc.assert(fc.property(anyKnown, fc.constantFrom(' ', '_', '  '), fc.boolean(), ({ name, vramGb }, gap, maker) => {
      assert.equal(findGpu(`${maker ? 'NVIDIA ' : ''}${name.replaceAll(' ', gap)}`, vramGb)?.name, name);
    }));
  });

  it('never throws and never answers with another memory than asked for', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), anyKnown.map(({ name }) => name)), fc.double({ min: 0.5, max: 1_000, noNaN: true }), (name, gb) => {
      const gpu = findGpu(name, gb);
      if (gpu !== undefined) assert.ok(Math.abs(Math.log(gpu.vramGb / gb)) < 0.14, `${gpu.name}: ${gpu.vramGb} for ${gb}`);
    }));
  });
});

describe('gpuFromOffer', () => {
  it('is the known card where there is one', () => {
    fc.assert(fc.property(anyKnown, (gpu) => assert.deepEqual(gpuFromOffer(gpu.name, gpu.vramGb), gpu)));
  });

  it('guesses rates that lie among those of real cards, for any name and memory, and says that it guesses', () => {
    fc.assert(fc.property(fc.string(), fc.double({ min: 2, max: 600, noNaN: true }), (name, gb) => {
      const gpu = gpuFromOffer(name, gb);
      if (findGpu(name, gb) !== undefined) return;
      assert.equal(gpu.architecture, 'unknown');
      assert.equal(gpu.vramGb, gb);
      assert.ok(knownGpus.some((card) => card.bandwidthGbPerS === gpu.bandwidthGbPerS));
      assert.ok(knownGpus.some((card) => card.fp32Tflops === gpu.fp32Tflops));
    }));
  });

  it('looks at cards of its own generation first', () => {
    const unseen = gpuFromOffer('RTX 5085', 20);
    assert.ok(unseen.bandwidthGbPerS >= 896 && unseen.bandwidthGbPerS <= 1_792, `${unseen.bandwidthGbPerS}`);
    const amd = gpuFromOffer('AMD Instinct MI400X', 432);
    assert.ok(amd.bandwidthGbPerS >= 5_300);
  });

  it('takes a slice of a card for that share of it', () => {
    const whole = found('A100 SXM', 40);
    const slice = gpuFromOffer('A100 SXM', 20);
    assert.equal(slice.bandwidthGbPerS, whole.bandwidthGbPerS / 2);
    assert.equal(slice.tensorTflops, (whole.tensorTflops ?? 0) / 2);
    assert.equal(slice.measuredTflops, undefined);
  });
});

describe('what the rates mean', () => {
  it('prefers the measured matmul rate to the data sheet', () => {
    assert.equal(matmulTflops(found('A100 SXM', 80)), 271.2);
    assert.ok(Math.abs(matmulTflops(found('RTX 4090')) - 0.85 * 165.2) < 1e-9);
    assert.ok(matmulTflops(found('GTX 1080 Ti')) < found('GTX 1080 Ti').fp32Tflops, 'without tensor cores the common rate stands in');
  });

  it('knows who computes in bfloat16 and whose memory is stacked', () => {
    assert.deepEqual(['T4', 'V100', 'GTX 1080', 'A100', 'RTX 3090', 'H100', 'MI300X'].map((name) => hasBf16(found(name))), [false, false, false, true, true, true, true]);
    assert.deepEqual(['T4', 'RTX 4090', 'L40S', 'A40', 'V100', 'P100', 'A30', 'A100', 'H200', 'MI210'].map((name) => hasHbm(found(name))),
      [false, false, false, false, true, true, true, true, true, true]);
  });
});
