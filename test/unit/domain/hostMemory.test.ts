import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostKey, incidentAt, isOtherGpu, stillCounts, troubleDays, type HostTrouble } from '../../../src/domain/hostMemory.ts';
import { offer } from '../../fakes/offers.ts';

const dayMs = 24 * 3_600_000;
const at = Date.UTC(2026, 10, 22);
const troubles = Object.keys(troubleDays) as HostTrouble[];

describe('a host', () => {
  it('is its machine, else who owns it, else nobody', () => {
    assert.deepEqual([{ machineId: '7', hostId: '9' }, { hostId: '9' }, {}].map((details) => hostKey(offer({ details }))), ['vast:machine-7', 'vast:host-9', undefined]);
  });

  it('is held to what it did for the time of that class, and never for ever', () => {
    for (const trouble of troubles) {
      const incident = incidentAt(trouble, at);
      assert.deepEqual([0, troubleDays[trouble] - 1, troubleDays[trouble], 4000].map((days) => stillCounts(incident, at + days * dayMs)), [true, true, false, false], trouble);
      assert.ok(troubleDays[trouble] <= 60);
    }
  });

  it('is not held to what lies ahead: a clock was wrong', () => {
    fc.assert(fc.property(fc.constantFrom(...troubles), fc.integer({ min: 2, max: 10_000 }), (trouble, hours) => {
      assert.equal(stillCounts(incidentAt(trouble, at + hours * 3_600_000), at), false);
    }));
  });
});

describe('another GPU than was advertised', () => {
  /** What markets say, and what the driver says of the same card. */
  const same: readonly (readonly [string, string])[] = [
    ['RTX 4090', 'NVIDIA GeForce RTX 4090'], ['RTX 4070S Ti', 'NVIDIA GeForce RTX 4070 Ti SUPER'], ['RTX 3060', 'NVIDIA GeForce RTX 3060'], ['RTX 3060 laptop', 'NVIDIA GeForce RTX 3060 Laptop GPU'],
    ['H100 SXM', 'NVIDIA H100 80GB HBM3'], ['H100 PCIE', 'NVIDIA H100 PCIe'], ['H100 NVL', 'NVIDIA H100 NVL'], ['H200', 'NVIDIA H200'], ['B200', 'NVIDIA B200'], ['GH200 SXM', 'NVIDIA GH200 480GB'],
    ['A100 SXM4', 'NVIDIA A100-SXM4-80GB'], ['A100 PCIE', 'NVIDIA A100 80GB PCIe'], ['A100 PCIE', 'NVIDIA A100-PCIE-40GB'], ['Tesla V100', 'Tesla V100-SXM2-32GB'], ['Tesla T4', 'Tesla T4'], ['L40S', 'NVIDIA L40S'],
    ['A10', 'NVIDIA A10'], ['RTX A6000', 'NVIDIA RTX A6000'], ['RTX 6000Ada', 'NVIDIA RTX 6000 Ada Generation'], ['RTX 4000Ada', 'NVIDIA RTX 4000 SFF Ada Generation'], ['Q RTX 8000', 'Quadro RTX 8000'],
    ['RTX PRO 6000 WS', 'NVIDIA RTX PRO 6000 Blackwell Workstation Edition'], ['RTX PRO 6000 S', 'NVIDIA RTX PRO 6000 Blackwell Server Edition'], ['RTX 2080 Ti', 'NVIDIA GeForce RTX 2080 Ti'], ['GTX 1080', 'NVIDIA GeForce GTX 1080'],
    ['A100 SXM', 'NVIDIA A100-SXM4-80GB MIG 3g.40gb'], ['TITAN RTX', 'TITAN RTX'],
  ];

  it('is none where the driver only spells it otherwise', () => {
    for (const [advertised, named] of same) assert.equal(isOtherGpu([named], advertised), false, `${named} for ${advertised}`);
  });

  it('is one of another model, or of another size of it', () => {
    for (const [advertised, named] of [
      ['RTX 4090', 'NVIDIA GeForce RTX 3090'], ['RTX 4090', 'NVIDIA GeForce RTX 3060'], ['H100 SXM', 'NVIDIA A100-SXM4-80GB'], ['A100 SXM', 'Tesla V100-SXM2-32GB'], ['RTX 4070 Ti', 'NVIDIA GeForce RTX 4070'],
      ['RTX 3060 Ti', 'NVIDIA GeForce RTX 3060'], ['L40S', 'NVIDIA L4'], ['RTX A6000', 'NVIDIA RTX A4000'], ['RTX 6000Ada', 'NVIDIA RTX A6000'],
    ] as const) assert.ok(isOtherGpu([named], advertised), `${named} for ${advertised}`);
  });

  it('is not found where nobody says which it is, or one of several is right', () => {
    assert.equal(isOtherGpu([], 'RTX 4090'), false);
    assert.equal(isOtherGpu(['NVIDIA GeForce RTX 3060', 'NVIDIA GeForce RTX 4090'], 'RTX 4090'), false);
    assert.equal(isOtherGpu(['NVIDIA Graphics Device'], 'RTX 4090'), false);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (named, advertised) => {
      assert.equal(isOtherGpu([advertised], advertised), false);
      assert.equal(isOtherGpu([named], advertised), isOtherGpu([advertised], named));
    }));
  });
});
