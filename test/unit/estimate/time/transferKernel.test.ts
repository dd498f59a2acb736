import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { caseOf, kernel } from '../../../../src/estimate/time/transferKernel.ts';
import { cholesky } from '../../../../src/estimate/time/matrix.ts';
import { anyMachine, anyWorkload, diffusionRun, machineOf, visionRun } from '../memory/sampleWorkloads.ts';

const anyCase = fc.tuple(anyWorkload, anyMachine).map(([workload, machine]) => caseOf(workload, machine));

describe('the likeness of runs', () => {
  it('is symmetric and never above the likeness to itself', () => {
    fc.assert(fc.property(anyCase, anyCase, (a, b) => {
      assert.ok(Math.abs(kernel(a, b) - kernel(b, a)) < 1e-9);
      assert.ok(kernel(a, b) ** 2 <= kernel(a, a) * kernel(b, b) * (1 + 1e-9));
    }));
  });

  it('carries nothing from a run whose sample nobody sized to a sized one of the same model', () => {
    const model = { name: 'Wan2.1 T2V 1.3B', paramsM: 1300 };
    const [sized, unsized] = [{ frames: 81 }, {}].map((clip) => caseOf(diffusionRun({ model, ...clip }), machineOf('RTX 4090')));
    const other = caseOf(diffusionRun({ model, frames: 33 }), machineOf('RTX 4090'));
    assert.ok(sized && unsized);
    assert.ok(sized.sized && !unsized.sized);
    assert.ok(kernel(sized, other) > kernel(sized, unsized) + 0.9);
  });

  it('is a covariance: any set of runs can be fitted', () => {
    fc.assert(fc.property(fc.array(anyCase, { minLength: 1, maxLength: 25 }), (cases) => {
      const size = cases.length;
      const { lower } = cholesky(Float64Array.from(cases.flatMap((a, i) => cases.map((b, j) => kernel(a, b) + (i === j ? 0.001 : 0)))), size);
      // What is not positive shows as a pivot below the noise that was added.
      cases.forEach((_, i) => assert.ok((lower[i * size + i] ?? 0) > 0.03));
    }));
  });

  it('is greater the more two runs share', () => {
    const here = caseOf(visionRun(), machineOf('RTX 3090'));
    const samples = [
      caseOf(visionRun(), machineOf('RTX 3090')),
      caseOf(visionRun({ precision: 'tf32', resolution: 288 }), machineOf('RTX 3090')),
      caseOf(visionRun({ model: { name: 'vgg16', paramsM: 138, gmacs: 15.5, mActs: 13.6, resolution: 224 } }), machineOf('RTX 3090')),
      caseOf(diffusionRun(), machineOf('RTX 3090')),
    ];
    const likeness = samples.map((other) => kernel(here, other) / Math.sqrt(kernel(here, here) * kernel(other, other)));
    assert.deepEqual(likeness, likeness.toSorted((a, b) => b - a));
    assert.equal(new Set(likeness).size, likeness.length);
  });

  it('knows a card of the same kind from one of another', () => {
    const here = caseOf(visionRun(), machineOf('RTX 4080'));
    const near = kernel(here, caseOf(visionRun(), machineOf('RTX 4080 SUPER')));
    const far = kernel(here, caseOf(visionRun(), machineOf('V100')));
    assert.ok(near > far);
  });

  it('takes a model for the same under every writing', () => {
    const model = (name: string) => caseOf(visionRun({ model: { name, paramsM: 25.6 } }), machineOf('T4')).model;
    assert.equal(model('ResNet-50 v1.5'), model('resnet50'));
    assert.equal(model('timm/ResNet-50'), model('resnet50'));
    assert.notEqual(model('resnet101'), model('resnet50'));
    assert.notEqual(model('Wan2.1 1.3B'), model('Wan2.1 14B'));
  });

  it('tells variants by what changes the work, not by the machine or the batch', () => {
    const variant = (change: Parameters<typeof visionRun>[0], gpu = 'T4') => caseOf(visionRun(change), machineOf(gpu)).variant;
    assert.equal(variant({}), variant({}, 'H100'));
    assert.equal(variant({}), variant({ microBatch: 7 }));
    for (const change of [{ precision: 'fp32' as const }, { resolution: 288 }, { checkpointing: true }, { stack: 'pytorch' as const }, { dataset: 'Task003_Liver' }]) {
      assert.notEqual(variant({}), variant(change), JSON.stringify(change));
    }
  });
});
