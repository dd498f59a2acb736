import assert from 'node:assert/strict';
import type { Offer, OfferDetails } from '../../../../src/domain/offer.ts';
import { rememberMachines, unknownMemory } from '../../../../src/estimate/offers/tools.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { offer } from '../../../fakes/offers.ts';
import { workload as aWorkload } from '../workloads.ts';
import { fakeTools } from './fakeTools.ts';

const machine = ({ cpuCores = 16, pcieGbPerS = 24, ...change }: Partial<Offer> & OfferDetails = {}): Offer =>
  offer({ details: { cpuCores, pcieGbPerS }, ...change });
// Every GPU of the offer works.
const workload = (): Workload => aWorkload({ parallelism: 'ddp' });

describe('the memory of machines', () => {
  it('asks once for a kind of machine', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    const script = workload();
    assert.equal(machines(script, machine()), machines(script, machine()));
    assert.deepEqual(tools.asked, { predict: 1, memory: 1, fit: 1 });
  });

  it('tells apart all that time and memory depend on', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    const script = workload();
    for (const change of [{}, { gpu: 'RTX 3090' }, { vramGb: 48 }, { gpuCount: 2 }, { cpuCores: 4 }, { details: {} }, { gpuCount: 2, pcieGbPerS: 3 }]) machines(script, machine(change));
    assert.equal(tools.asked.predict, 7);
  });

  it('lets the GPUs idle that the script does not use', () => {
    assert.equal(rememberMachines(fakeTools())(aWorkload({ parallelism: 'single' }), machine({ gpuCount: 4 })).machine.count, 1);
  });

  it('does not mix two workloads up', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    machines(workload(), machine());
    machines(workload(), machine());
    assert.equal(tools.asked.predict, 2);
  });

  it('takes cores and links in steps that lie within a fifth of what the host says', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    for (const cores of [5.3, 7, 10, 20, 27.5, 56]) {
      const { cpuCores = 0, pcieGbPerS = 0 } = machines(workload(), machine({ gpuCount: 2, cpuCores: cores, pcieGbPerS: cores })).machine;
      for (const step of [cpuCores, pcieGbPerS]) assert.ok(Math.abs(Math.log(step / cores)) < Math.log(1.23), `${step} for ${cores}`);
    }
  });

  it('does not care for the link of a single card', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    const script = workload();
    machines(script, machine({ pcieGbPerS: 3 }));
    assert.equal(machines(script, machine({ pcieGbPerS: 24 })).machine.pcieGbPerS, undefined);
    assert.equal(tools.asked.predict, 1);
  });

  it('passes on nothing for what a host does not say', () => {
    const { machine: seen } = rememberMachines(fakeTools())(workload(), machine({ gpuCount: 2, details: { cpuCores: 0 } }));
    assert.deepEqual([seen.cpuCores, seen.pcieGbPerS], [undefined, undefined]);
  });

  it('stands for what cannot be known with something that can be told from a figure', () => {
    const tools = { ...fakeTools(), memory: () => undefined, fit: () => undefined };
    const { memory, fit } = rememberMachines(tools)(workload(), machine());
    assert.equal(memory, unknownMemory);
    assert.equal(fit.verdict, 'risky');
  });
});
