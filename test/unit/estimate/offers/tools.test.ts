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
    for (const change of [{}, { gpu: 'RTX 3090' }, { vramGb: 48 }, { gpuCount: 2 }, { gpuCount: 2, details: {} }, { gpuCount: 2, pcieGbPerS: 3 }]) machines(script, machine(change));
    assert.equal(tools.asked.predict, 6);
  });

  it('does not tell apart what they do not look at: cores, links beside NVLink, and GPUs that idle', () => {
    const tools = fakeTools();
    const linked: typeof tools = { ...tools, gpu: (name, vramGb) => ({ ...tools.gpu(name, vramGb), nvlinkGbPerS: 450 }) };
    const machines = rememberMachines(linked);
    const script = workload();
    for (const change of [{ cpuCores: 4 }, { cpuCores: 64 }, { gpuCount: 2, pcieGbPerS: 3 }, { gpuCount: 2, pcieGbPerS: 50 }]) machines(script, machine(change));
    assert.equal(tools.asked.predict, 2);
    const single = aWorkload({ parallelism: 'single' });
    for (const gpuCount of [1, 2, 4, 8]) machines(single, machine({ gpuCount }));
    assert.equal(tools.asked.predict, 3);
  });

  it('looks a card up once, whatever is asked of it', () => {
    let looked = 0;
    const tools = fakeTools();
    const machines = rememberMachines({ ...tools, gpu: (name, vramGb) => { looked++; return tools.gpu(name, vramGb); } });
    for (const script of [workload(), workload()]) for (const gpuCount of [1, 2]) machines(script, machine({ gpuCount }));
    assert.equal(looked, 1);
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

  it('takes links in steps that lie within a fifth of what the host says', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    for (const speed of [5.3, 7, 10, 20, 27.5, 56]) {
      const { pcieGbPerS = 0 } = machines(workload(), machine({ gpuCount: 2, pcieGbPerS: speed })).machine;
      assert.ok(Math.abs(Math.log(pcieGbPerS / speed)) < Math.log(1.23), `${pcieGbPerS} for ${speed}`);
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
    const { machine: seen } = rememberMachines(fakeTools())(workload(), machine({ gpuCount: 2, details: { pcieGbPerS: 0 } }));
    assert.equal(seen.pcieGbPerS, undefined);
  });

  it('stands for what cannot be known with something that can be told from a figure', () => {
    const tools = { ...fakeTools(), memory: () => undefined, fit: () => undefined };
    const { memory, fit } = rememberMachines(tools)(workload(), machine());
    assert.equal(memory, unknownMemory);
    assert.equal(fit.verdict, 'risky');
  });
});
