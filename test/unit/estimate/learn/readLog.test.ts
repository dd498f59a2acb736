import assert from 'node:assert/strict';
import { progressBetween } from '../../../../src/estimate/learn/progress.ts';
import { readProgress } from '../../../../src/estimate/learn/readLog.ts';

describe('a log', () => {
  it('is read by its bar where it has one, whatever is printed beside it', () => {
    const log = "{'loss': 0.53, 'learning_rate': 0.0001, 'epoch': 0.2}\rstep 120 took 9.5s\n 12%|█ | 120/1000 [02:00<14:40,  1.00s/it]";
    assert.deepEqual(readProgress(log), { step: 120, totalSteps: 1000, secondsPerStep: 1, unit: 'step' });
  });

  it('is read by its lines where it has no bar', () => {
    assert.deepEqual(readProgress('Using device cuda\nstep 40/100 | dt: 250ms\n'), { step: 40, totalSteps: 100, secondsPerStep: 0.25, unit: 'step' });
  });

  it('is read at its end where it is long', () => {
    const log = `${'step 50 dt: 9000ms\n'.repeat(100_000)}${'step 90 dt: 100ms\n'.repeat(20_000)}`;
    assert.equal(readProgress(log)?.secondsPerStep, 0.1);
  });

  it('of something else is no progress', () => {
    for (const log of ['', 'Collecting torch\nInstalling collected packages', 'Traceback (most recent call last):\n  File "train.py", line 12', '\u0000\ufffd']) assert.equal(readProgress(log), undefined);
  });
});

describe('two looks at a counter', () => {
  const at = 1_800_000_000_000;
  it('make a rate', () => {
    assert.deepEqual(progressBetween({ step: 100, at }, { step: 150, totalSteps: 600, at: at + 25_000 }), { step: 150, totalSteps: 600, secondsPerStep: 0.5, unit: 'step' });
  });
  it('make none too close together, or backwards', () => {
    assert.equal(progressBetween({ step: 100, at }, { step: 129, at: at + 25_000 }), undefined);
    assert.equal(progressBetween({ step: 100, at }, { step: 10, at: at + 25_000 }), undefined);
    assert.equal(progressBetween({ step: 100, at }, { step: 200, at }), undefined);
  });
  it('know no end where the trainer writes none', () => assert.equal(progressBetween({ step: 0, at }, { step: 50, totalSteps: -1, at: at + 1000 })?.totalSteps, undefined));
});
