import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GpuSample, MachineSample } from '../../../../src/domain/machineSample.ts';
import { keptMs } from '../../../../src/services/machineWatch.ts';
import { detailPage } from '../../../../src/ui/gpu/detailPage.ts';
import { Lookers } from '../../../../src/ui/gpu/lookers.ts';
import { liveWords } from '../../../../src/ui/gpu/machineWords.ts';
import { english } from '../support/english.ts';
import { machine, now } from '../support/machines.ts';

const gib = 1024 ** 3;
const card = (change: Partial<GpuSample> = {}): GpuSample =>
  ({ index: 0, name: 'NVIDIA GeForce RTX 4090', busy: 0.63, memory: { usedBytes: 18 * gib, totalBytes: 24564 * 1024 ** 2 }, celsius: 71, watts: 320.4, wattLimit: 450, ...change });
const sample = (change: Partial<MachineSample> = {}): MachineSample => ({
  at: now, gpus: [card()], programs: [{ gpu: 0, pid: 4321, name: '/opt/conda/bin/python', usedBytes: 17.5 * gib }, { pid: 7, name: '[Not Found]' }],
  cpu: { cores: 8, busy: 0.5 }, memory: { usedBytes: 12 * gib, totalBytes: 64 * gib }, disk: { folder: '/workspace', usedBytes: 38e9, totalBytes: 40e9 }, ...change,
});

describe('a machine on one line', () => {
  it('names what is known of its card', () => {
    assert.equal(liveWords({ samples: [sample()] }, now, english), '63 % · 18 of 24 GB · 71 °C · 320 W');
    assert.equal(liveWords({ samples: [sample({ gpus: [{ index: 0, name: 'x', celsius: 40 }] })] }, now, english), '40 °C');
    assert.equal(liveWords({ samples: [sample({ gpus: [{ index: 0, name: 'x' }] })] }, now, english), 'tells no figures');
  });

  it('puts several cards together: the mean of their use, the sum of what they hold, the hottest', () => {
    const gpus = [card(), card({ index: 1, busy: 0.17, celsius: 40, watts: 80 })];
    assert.equal(liveWords({ samples: [sample({ gpus })] }, now, english), '40 % · 36 of 48 GB · 71 °C · 400 W');
  });

  it('says what is missing, and how old it is', () => {
    assert.equal(liveWords({ samples: [] }, now, english), 'asking the machine');
    assert.equal(liveWords({ samples: [], trouble: new Error('x') }, now, english), 'no answer');
    assert.equal(liveWords({ samples: [sample({ gpus: [], gpuTrouble: 'absent' })] }, now, english), 'no nvidia-smi on it');
    assert.equal(liveWords({ samples: [sample({ gpus: [], gpuTrouble: 'silent' })] }, now, english), 'its GPU driver does not answer');
    assert.match(liveWords({ samples: [sample({ at: now - 12_000 })], trouble: new Error('x') }, now, english), /^12 s ago · 63 % .* · no answer$/);
  });
});

describe('the detail of a machine', () => {
  const page = (samples: readonly MachineSample[], change = {}, trouble?: Error) =>
    detailPage({ instance: machine(change), watched: { samples, ...(trouble === undefined ? {} : { trouble }) }, now }, english);

  it('has a chart for all that is measured, each with its figure of now and what its top stands for', () => {
    const { charts } = page([sample()]);
    assert.deepEqual(charts.map(({ title, now: figure, top }) => [title, figure, top]), [
      ['GPU', '63 %', '100 %'], ['GPU memory', '18 GB', '24 GB'], ['Temperature', '71 °C', '100 °C'], ['Power', '320 W', '450 W'], ['Processors', '50 %', '100 %'], ['Memory', '12 GB', '64 GB'],
    ]);
    assert.deepEqual(page([sample({ gpus: [], gpuTrouble: 'absent' })]).charts.map(({ title }) => title), ['Processors', 'Memory']);
  });

  it('has a line for each card, and gaps where nobody looked', () => {
    const gpus = [card(), card({ index: 1, busy: 0.1 })];
    const { charts } = page([sample({ at: now - 300_000, gpus }), sample({ gpus })]);
    const [use] = charts;
    assert.deepEqual(use?.lines.map(({ name }) => name), ['0 · NVIDIA GeForce RTX 4090', '1 · NVIDIA GeForce RTX 4090']);
    assert.equal(use?.now, '63 % · 10 %');
    const [first] = use.lines;
    assert.equal(first?.values.length, keptMs / 5000);
    assert.equal(first.values.at(-1), 0.63);
    assert.equal(first.values.filter((value) => value !== null).length, 2);
  });

  it('holds the same figures in its table, newest first', () => {
    const { history } = page([sample({ at: now - 60_000, gpus: [card({ busy: 0.2 })] }), sample()]);
    assert.deepEqual(history.columns, ['Time', 'GPU', 'GPU memory', 'Temperature', 'Power', 'Processors', 'Memory']);
    assert.deepEqual(history.rows.map(([at, use]) => [at, use]), [['16:30:00', '63 %'], ['16:29:00', '20 %']]);
  });

  it('lists programs by what they hold, and the rest of the machine', () => {
    const { programs, figures } = page([sample()]);
    assert.deepEqual(programs.rows, [['/opt/conda/bin/python', '4321', '0', '18 GB'], ['[Not Found]', '7', '', '']]);
    assert.deepEqual(figures.map(({ label, figure }) => [label, figure]), [
      ['GPU', '63 % · 18 of 24 GB · 71 °C · 320 W'], ['Processors', '50 % · 8 cores'], ['Memory', '12 of 64 GB'], ['Disk at /workspace', '38 of 40 GB'],
    ]);
  });

  it('says first why there are no figures', () => {
    assert.deepEqual(page([sample()]).notices, []);
    assert.match(page([], {}, new Error('x')).notices.join(), /does not answer/);
    assert.match(page([sample({ gpus: [], gpuTrouble: 'failed' })]).notices.join(), /GPU driver fails/);
    assert.match(page([sample()], { state: 'stopped' }).notices.join(), /not running/);
  });

  it('draws only shares, and words without controls, whatever a machine says', () => {
    const value = fc.oneof(fc.double({ min: 0, max: 1e16, noNaN: true }), fc.constant(0));
    const amount = fc.tuple(value, fc.double({ min: 1, max: 1e16, noNaN: true })).map(([used, total]) => ({ usedBytes: Math.min(used, total), totalBytes: total }));
    const anything = fc.record({
      at: fc.integer({ min: now - 2 * keptMs, max: now + 60_000 }),
      gpus: fc.array(fc.record({ index: fc.integer({ min: 0, max: 8 }), name: fc.string({ unit: 'binary' }), busy: fc.double({ min: 0, max: 1, noNaN: true }), memory: amount, watts: value, celsius: value }, { requiredKeys: ['index', 'name'] }), { maxLength: 4 }),
      programs: fc.array(fc.record({ pid: fc.nat(), name: fc.string({ unit: 'binary' }) }), { maxLength: 3 }),
    });
    fc.assert(fc.property(fc.array(anything, { maxLength: 8 }), (samples) => {
      const view = page(samples.toSorted((a, b) => a.at - b.at));
      for (const { lines } of view.charts) for (const { name, values } of lines) {
        assert.doesNotMatch(name, /\p{Cc}/u);
        for (const one of values) assert.ok(one === null || (one >= 0 && one <= 1), String(one));
      }
      for (const row of view.programs.rows) assert.doesNotMatch(row.join(), /\p{Cc}/u);
    }), { numRuns: 30 });
  });
});

describe('who looks at machines', () => {
  it('is counted by place, and let go of when no place shows it', () => {
    const looking: string[] = [];
    const lookers = new Lookers((alias) => {
      looking.push(alias);
      return { dispose: () => void looking.splice(looking.indexOf(alias), 1) };
    });
    lookers.at('list', ['a', 'b']);
    lookers.at('list', ['b', 'c']);
    assert.deepEqual(looking, ['b', 'c']);
    lookers.at('page', ['c']);
    lookers.at('list', []);
    assert.deepEqual(looking, ['c']);
    lookers.dispose();
    assert.deepEqual(looking, []);
  });
});
