import assert from 'node:assert/strict';
import { rememberMachines, type MachineOffer } from '../../../../src/estimate/offers/tools.ts';
import { workload } from '../workloads.ts';
import { fakeTools } from './fakeTools.ts';

const machine = (change: Partial<MachineOffer> = {}): MachineOffer =>
  ({ gpu: 'RTX 4090', vramGb: 24, count: 1, cpuCores: 16, pcieGbPerS: 24, ...change });

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
    for (const change of [{}, { gpu: 'RTX 3090' }, { vramGb: 48 }, { count: 2 }, { cpuCores: 4 }, { cpuCores: undefined }, { count: 2, pcieGbPerS: 3 }]) machines(script, machine(change));
    assert.equal(tools.asked.predict, 7);
  });

  it('does not mix two workloads up', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    machines(workload(), machine());
    machines(workload(), machine());
    assert.equal(tools.asked.predict, 2);
  });

  it('takes cores and links in steps of at most a quarter from what the host says', () => {
    const tools = fakeTools();
    const machines = rememberMachines(tools);
    for (const cores of [5.3, 7, 10, 20, 27.5, 56, 90]) {
      const { cpuCores = 0, pcieGbPerS = 0 } = machines(workload(), machine({ count: 2, cpuCores: cores, pcieGbPerS: cores })).machine;
      for (const step of [cpuCores, pcieGbPerS]) assert.ok(Math.abs(Math.log(step / cores)) < Math.log(1.45), `${step} for ${cores}`);
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
    const { machine: seen } = rememberMachines(fakeTools())(workload(), machine({ count: 2, cpuCores: 0, pcieGbPerS: undefined }));
    assert.deepEqual([seen.cpuCores, seen.pcieGbPerS], [undefined, undefined]);
  });
});
