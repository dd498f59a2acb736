import assert from 'node:assert/strict';
import { toDollars } from '../../../../src/domain/money.ts';
import type { OfferId } from '../../../../src/domain/offer.ts';
import { candidates } from '../../../../src/estimate/advice/advise.ts';
import { finishLimits } from '../../../../src/estimate/advice/finishLimits.ts';
import { estimatedScript } from '../../../../src/ui/advice/estimatedScript.ts';
import type { Script, SessionState } from '../../../../src/ui/estimate/session.ts';
import { estimate, estimates, reading, state, unfit, workload } from '../estimate/support/estimates.ts';

const script = { name: 'train.py' } as Script;
const id = (key: string): OfferId => `vast:${key}`;
const all = [
  estimate({ id: id('slow'), hours: 6 }), estimate({ id: id('fast'), gpu: 'H100 SXM', vramGb: 80, gpuUsd: 1, hours: 1.5 }),
  estimate({ id: id('tight'), hours: 2, fit: { verdict: 'risky', probability: 0.5 } }), unfit({ id: id('small') }),
];
const of = (change: Partial<SessionState> = {}) => estimatedScript({ script, state: state({ estimates: estimates(all), ...change }) });
const said = { use: 'batch', sensitive: true } as const;

describe('a script that was estimated, as a job', () => {
  it('takes its own time on each machine, and is none where its memory may not be enough', () => {
    const jobs = of()?.jobs(said);
    const hours = all.map(({ offer }) => jobs?.(offer)?.hours);
    assert.deepEqual(hours.map((one) => one?.toFixed(2)), ['5.88', '1.38', undefined, undefined]);
    assert.equal(of()?.fits, 2);
    const [slow] = all;
    assert.deepEqual(slow && jobs?.(slow.offer)?.on, { gpu: 'RTX 4090', gpuCount: 1 });
    assert.equal(slow && jobs?.(slow.offer)?.sensitive, true);
  });

  it('moves its model and its data, and saves as often as the script does', () => {
    const [slow] = all;
    assert.ok(slow);
    const plainly = of()?.jobs(said)(slow.offer);
    // 1.5 billion parameters in two bytes each, and the data set beside them.
    assert.ok(plainly !== undefined && plainly.dataGb > 3 && plainly.dataGb < 4, String(plainly?.dataGb));
    assert.equal(plainly.checkpointHours, undefined);
    const saving = of({ reading: reading({ workload: workload({ checkpointEvery: 1000 }) }) })?.jobs(said)(slow.offer);
    assert.ok(saving?.checkpointHours !== undefined && Math.abs(saving.checkpointHours - 5.88 / 9) < 0.01, `9,750 steps: ${saving?.checkpointHours}`);
  });

  it('is nothing without a panel, a reading or figures', () => {
    assert.equal(estimatedScript(undefined), undefined);
    assert.equal(of({ estimates: undefined }), undefined);
    assert.equal(of({ reading: undefined }), undefined);
  });

  it('gets limits that leave half as much again', () => {
    const jobs = of()?.jobs(said);
    assert.ok(jobs);
    for (const { finish } of candidates(all.map(({ offer }) => offer), jobs)) {
      const { budget, leaseHours } = finishLimits(finish);
      assert.ok(leaseHours >= finish.hours * 1.5 && leaseHours <= finish.hours * 1.5 + 1);
      assert.ok(budget >= finish.usd * 1.5 && toDollars(budget) <= toDollars(finish.usd) * 1.5 + 1);
    }
  });
});
