import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { gpuName, leastUsableMb, nominalVramGb, sameGpu } from '../../../src/domain/gpu.ts';

/** The same card at each provider: our name, Vast's, RunPod's. */
const models: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ['RTX 4090', 'RTX 4090', 'NVIDIA GeForce RTX 4090'],
  ['RTX 5090', 'RTX 5090', 'NVIDIA GeForce RTX 5090'],
  ['RTX 3090 Ti', 'RTX 3090 Ti', 'NVIDIA GeForce RTX 3090 Ti'],
  ['RTX 3080 Ti', 'RTX 3080 Ti', 'NVIDIA GeForce RTX 3080TI'],
  ['RTX 4080 SUPER', 'RTX 4080S', 'NVIDIA GeForce RTX 4080 SUPER'],
  ['RTX 4070 Ti SUPER', 'RTX 4070S Ti', 'NVIDIA GeForce RTX 4070 Ti SUPER'],
  ['RTX 4070 Ti', 'RTX 4070 Ti', 'NVIDIA GeForce RTX 4070 Ti'],
  ['RTX 4090 D', 'RTX 4090D', 'NVIDIA GeForce RTX 4090 D'],
  ['RTX 2080 SUPER', 'RTX 2080S', undefined],
  ['GTX 1660 SUPER', 'GTX 1660 S', undefined],
  ['GTX 1080 Ti', 'GTX 1080 Ti', undefined],
  ['GTX 970', 'GeForce 970', undefined],
  ['RTX 3060 Laptop', 'RTX 3060 laptop', 'NVIDIA GeForce RTX 3060 Laptop GPU'],
  ['TITAN RTX', 'Titan RTX', 'NVIDIA TITAN RTX'],
  ['TITAN Xp', 'Titan Xp', undefined],
  ['Quadro RTX 8000', 'Q RTX 8000', 'Quadro RTX 8000'],
  ['RTX A6000', 'RTX A6000', 'NVIDIA RTX A6000'],
  ['RTX A4500', 'RTX A4500', 'NVIDIA  RTX A4500'],
  ['RTX A5500', 'RTX A5500', undefined],
  ['RTX 6000 Ada', 'RTX 6000Ada', 'NVIDIA RTX 6000 Ada Generation'],
  ['RTX 5880 Ada', 'RTX 5880Ada', undefined],
  ['RTX 2000 Ada', 'RTX 2000Ada', 'NVIDIA RTX 2000 Ada Generation'],
  ['RTX 5000 Ada', 'RTX 5000Ada', 'NVIDIA A5000 Ada'],
  ['RTX 4000 SFF Ada', undefined, 'NVIDIA RTX 4000 SFF Ada Generation'],
  ['RTX PRO 6000 WS', 'RTX PRO 6000 WS', 'NVIDIA RTX PRO 6000 Blackwell Workstation Edition'],
  ['RTX PRO 6000 S', 'RTX PRO 6000 S', 'NVIDIA RTX PRO 6000 Blackwell Server Edition'],
  ['RTX PRO 6000 S MIG 1g.24gb', undefined, 'NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb'],
  ['RTX PRO 6000 Max-Q', 'RTX PRO 6000 Max-Q', 'NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition'],
  ['RTX PRO 4500', 'RTX PRO 4500', 'NVIDIA RTX PRO 4500 Blackwell'],
  ['A100 SXM', 'A100 SXM4', 'NVIDIA A100-SXM4-80GB'],
  ['A100 PCIe', 'A100 PCIE', 'NVIDIA A100 80GB PCIe'],
  ['A800 PCIe', 'A800 PCIE', undefined],
  ['A100X', 'A100X', undefined],
  ['H100 SXM', 'H100 SXM', 'NVIDIA H100 80GB HBM3'],
  ['H100 PCIe', 'H100 PCIE', 'NVIDIA H100 PCIe'],
  ['H100 NVL', 'H100 NVL', 'NVIDIA H100 NVL'],
  ['H200', 'H200', 'NVIDIA H200'],
  ['H200 NVL', 'H200 NVL', 'NVIDIA H200 NVL'],
  ['GH200', 'GH200 SXM', 'NVIDIA GH200 480GB'],
  ['B200', 'B200', 'NVIDIA B200'],
  ['B300', undefined, 'NVIDIA B300 SXM6 AC'],
  ['A10G', 'A10g', 'NVIDIA A10G'],
  ['A30', 'A30', 'NVIDIA  RTX A30'],
  ['A40', 'A40', 'NVIDIA A40'],
  ['L4', 'L4', 'NVIDIA L4'],
  ['L40', 'L40', 'NVIDIA L40'],
  ['L40S', 'L40S', 'NVIDIA L40S'],
  ['T4', 'Tesla T4', 'Tesla T4'],
  ['P40', 'Tesla P40', undefined],
  ['V100', 'Tesla V100', 'Tesla V100-SXM2-32GB'],
  ['V100', undefined, 'Tesla V100-PCIE-16GB'],
  ['MI300X', undefined, 'AMD Instinct MI300X OAM'],
  ['MI210', 'InstinctMI210', undefined],
  ['Radeon VII', 'Radeon VII', undefined],
  ['RX 7900 XTX', 'RX 7900 XTX', undefined],
];

describe('the name of a GPU', () => {
  for (const [name, vast, runpod] of models) {
    it(`is ${name} everywhere`, () => {
      if (vast !== undefined) assert.equal(gpuName(vast), name);
      if (runpod !== undefined) assert.equal(gpuName(runpod), name);
    });
  }

  it('is its own name', () => {
    for (const [name] of models) assert.equal(gpuName(name), name);
    fc.assert(fc.property(fc.constantFrom(...models), fc.constantFrom(' ', '  ', '_'), ([name, vast], gap) => {
      assert.equal(gpuName(gpuName((vast ?? name).replaceAll(' ', gap))), name);
    }));
  });

  it('is left as it is when nobody knows it', () => {
    assert.equal(gpuName('NVIDIA GeForce RTX 7090'), 'RTX 7090');
    assert.equal(gpuName('Frobnicator 9'), 'Frobnicator 9');
    assert.equal(gpuName(''), '');
  });
});

describe('asking for a GPU', () => {
  const known = [...new Set(models.map(([name]) => name))];
  const found = (wanted: string): string[] => known.filter((gpu) => sameGpu(gpu, wanted)).toSorted();

  for (const [wanted, expected] of [
    ['4090', ['RTX 4090']],
    ['rtx_4090', ['RTX 4090']],
    ['RTX4090', ['RTX 4090']],
    ['NVIDIA GeForce RTX 4090', ['RTX 4090']],
    ['4090d', ['RTX 4090 D']],
    ['4080s', ['RTX 4080 SUPER']],
    ['4080 super', ['RTX 4080 SUPER']],
    ['4070 ti super', ['RTX 4070 Ti SUPER']],
    ['4070ti', ['RTX 4070 Ti']],
    ['1660s', ['GTX 1660 SUPER']],
    ['3090', []],
    ['3090ti', ['RTX 3090 Ti']],
    ['A100', ['A100 PCIe', 'A100 SXM']],
    ['a100 sxm4', ['A100 SXM']],
    ['A100_PCIE', ['A100 PCIe']],
    ['h100', ['H100 NVL', 'H100 PCIe', 'H100 SXM']],
    ['H100 sxm', ['H100 SXM']],
    ['H200', ['H200', 'H200 NVL']],
    ['L40', ['L40']],
    ['l40s', ['L40S']],
    ['A6000', ['RTX A6000']],
    ['6000 ada', ['RTX 6000 Ada']],
    ['rtx pro 6000', ['RTX PRO 6000 Max-Q', 'RTX PRO 6000 S', 'RTX PRO 6000 WS']],
    ['RTX PRO 6000 Blackwell Server Edition', ['RTX PRO 6000 S']],
    ['rtx 8000', ['Quadro RTX 8000']],
    ['mi300x', ['MI300X']],
    ['no such card', []],
  ] as const) {
    it(`for ${wanted} finds ${expected.join(', ') || 'nothing'}`, () => assert.deepEqual(found(wanted), expected));
  }

  it('for nothing in particular finds everything', () => {
    assert.equal(found('').length, known.length);
    assert.equal(found(' - ').length, known.length);
  });

  it('always finds a card by either provider\'s name for it', () => {
    for (const [name, ...names] of models) for (const other of names) assert.ok(other === undefined || sameGpu(name, other), other);
  });
});

describe('memory as sold', () => {
  for (const [usableMb, gb] of [
    [24564, 24], [24576, 24], [24268, 24], [23028, 24], [23034, 24], [22528, 22], [12288, 12], [12282, 12], [11264, 11], [10240, 10], [8192, 8],
    [15360, 16], [15109, 16], [16376, 16], [16303, 16], [32607, 32], [40960, 40], [40536, 40], [46068, 48], [45634, 48], [49140, 48], [81559, 80],
    [81920, 80], [95830, 94], [97887, 96], [97871, 96], [143771, 141], [183359, 180], [196592, 192], [275040, 288], [6144, 6], [0, 0],
  ] as const) {
    it(`is ${gb} GB for ${usableMb} MiB`, () => assert.equal(nominalVramGb(usableMb), gb));
  }

  it('is never asked of a provider so narrowly that a card is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 320 * 1024 }), (gb, usableMb) => {
        if (nominalVramGb(usableMb) >= gb) assert.ok(usableMb >= leastUsableMb(gb), `${usableMb} MiB for ${gb} GB`);
      }),
      { numRuns: 5_000 },
    );
    for (let usableMb = 2_000; usableMb < 300_000; usableMb += 7) {
      const gb = nominalVramGb(usableMb);
      assert.ok(usableMb >= leastUsableMb(gb), `${usableMb} MiB for ${gb} GB`);
    }
  });
});
