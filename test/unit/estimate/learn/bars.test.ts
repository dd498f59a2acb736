import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readBars } from '../../../../src/estimate/learn/bars.ts';

const near = (actual: number | undefined, expected: number, share = 0.01): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= share * expected, `${actual} is not near ${expected}`);

/** As tqdm draws them over one another. */
const drawn = (...bars: string[]): string => bars.join('\r');
const bar = (step: number, total: number, elapsed: string, rate: string, before = '', after = ''): string =>
  `${before}${String(Math.floor((100 * step) / total)).padStart(3)}%|████▌     | ${step}/${total} [${elapsed}<07:58, ${rate}${after}]`;

describe('progress bars', () => {
  it('of Transformers: steps and it/s', () => {
    const log = drawn(bar(0, 1000, '00:00', '?it/s'), bar(1, 1000, '00:09', '9.12s/it'), bar(60, 1000, '00:41', ' 1.80it/s'), bar(120, 1000, '01:13', ' 1.84it/s'), bar(121, 1000, '01:14', ' 1.86it/s'));
    const progress = readBars(log);
    assert.deepEqual([progress?.step, progress?.totalSteps, progress?.unit], [121, 1000, 'step']);
    near(progress?.secondsPerStep, 1 / 1.84);
  });

  it('of slow steps: s/it', () => near(readBars(bar(40, 60, '55:04', ' 82.60s/it', '', ', loss=0.53'))?.secondsPerStep, 82.6));

  it('of kohya and diffusers, with their words before and after', () => {
    const log = drawn(bar(50, 1600, '00:51', ' 1.02s/it', 'steps: ', ', avr_loss=0.0912'), bar(51, 1600, '00:52', ' 1.02s/it', 'steps: ', ', avr_loss=0.0911'));
    assert.deepEqual([readBars(log)?.step, readBars(log)?.totalSteps], [51, 1600]);
    const diffusers = readBars(bar(120, 500, '01:50', ' 1.10it/s', 'Steps: ', ', lr=0.0001, step_loss=0.0123'));
    near(diffusers?.secondsPerStep, 1 / 1.1);
  });

  it('of Lightning: batches over epochs, of which nobody says how many', () => {
    const log = drawn(...[100, 200].map((step) => bar(step, 1000, '01:05', ' 1.84it/s', 'Epoch 0: ', ', v_num=0')), bar(120, 1000, '01:05', ' 1.84it/s', 'Epoch 2: ', ', v_num=0, train_loss=0.5'));
    const progress = readBars(log);
    assert.deepEqual([progress?.step, progress?.totalSteps, progress?.unit], [2120, undefined, 'batch']);
  });

  it('of Lightning\'s rich bar', () => {
    const progress = readBars('Epoch 1/9 ━━━━╸━━━━━━━━━━━━━━━ 120/1000 0:01:05 • 0:07:58 1.84it/s v_num: 0 train_loss: 0.5');
    assert.deepEqual([progress?.step, progress?.totalSteps, progress?.unit], [1120, 10_000, 'batch']);
    near(progress?.secondsPerStep, 1 / 1.84);
  });

  it('of ultralytics: batches, with epochs counted from one', () => {
    const row = (epoch: number, step: number): string => bar(step, 125, '00:12', ' 10.0it/s', `      ${epoch}/100      2.90G      1.051      2.104      1.223         35        640: `);
    const log = [row(1, 125), '                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|██████████| 4/4 [00:01<00:00,  2.11it/s]', row(2, 125), row(3, 50)].join('\n');
    const progress = readBars(log);
    assert.deepEqual([progress?.step, progress?.totalSteps, progress?.unit], [300, 12_500, 'batch']);
    near(progress?.secondsPerStep, 0.1);
  });

  it('of newer ultralytics, without brackets', () => {
    const progress = readBars('      2/100      2.9G      1.051      2.104      1.223         35        640: 40% ━━━━──────── 50/125 10.0it/s 5.0s<7.5s');
    assert.deepEqual([progress?.step, progress?.totalSteps], [175, 12_500]);
    near(progress?.secondsPerStep, 0.1);
  });

  it('leave out the first steps, which compile', () => {
    const log = drawn(bar(1, 1000, '00:40', ' 40.1s/it'), bar(5, 1000, '00:42', ' 20.4s/it'), bar(9, 1000, '00:44', ' 8.00s/it'), bar(40, 1000, '00:60', ' 2.00it/s'), bar(45, 1000, '01:02', ' 2.00it/s'));
    near(readBars(log)?.secondsPerStep, 0.5);
  });

  it('say nothing before thirty steps', () => {
    assert.equal(readBars(bar(29, 1000, '00:20', ' 1.50it/s')), undefined);
    assert.ok(readBars(bar(30, 1000, '00:20', ' 1.50it/s')));
  });

  it('are not those of downloads, tokenising and loading', () => {
    assert.equal(readBars('Map: 100%|██████████| 52002/52002 [00:12<00:00, 4333.50 examples/s]'), undefined);
    assert.equal(readBars('model.safetensors: 100%|██████████| 16.1G/16.1G [02:12<00:00, 121MB/s]'), undefined);
    const log = ['Loading checkpoint shards: 100%|██████████| 40/40 [09:05<00:00,  1.33s/it]', bar(60, 300, '01:00', ' 1.00s/it')].join('\n');
    assert.deepEqual([readBars(log)?.step, readBars(log)?.totalSteps], [60, 300]);
  });

  it('are not those of evaluation in between', () => {
    const log = [bar(500, 1000, '10:00', ' 1.20s/it'), bar(40, 63, '00:08', ' 5.00it/s')].join('\n');
    assert.equal(readBars(log)?.totalSteps, 1000);
    near(readBars(log)?.secondsPerStep, 1.2);
  });

  it('of a run that has ended are the longest', () => {
    const log = ['caching latents: 100%|██████████| 50/50 [00:20<00:00,  2.50it/s]', bar(1600, 1600, '27:12', ' 1.02s/it', 'steps: ')].join('\n');
    assert.deepEqual([readBars(log)?.step, readBars(log)?.totalSteps], [1600, 1600]);
  });

  it('give back what was drawn, whatever it was', () => {
    fc.assert(fc.property(fc.integer({ min: 30, max: 1e6 }), fc.nat(1e6), fc.integer({ min: 1, max: 99_999 }), fc.boolean(), (step, more, rate, slow) => {
      const progress = readBars(bar(step, step + more, '1:02:03', slow ? ` ${rate / 100}s/it` : ` ${rate / 100}it/s`));
      assert.deepEqual([progress?.step, progress?.totalSteps], [step, step + more]);
      near(progress?.secondsPerStep, slow ? rate / 100 : 100 / rate, 1e-9);
    }));
  });

  it('read any text without throwing', () => {
    const pieces = fc.constantFrom('Epoch ', '3/9', ' ', '[', '00:12', '<', '?', ', ', '1.5', 'it/s', 's/it', '%|', '\r', '\n', '0/0', '•', 'G', '━');
    fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }), (text) => {
      const progress = readBars(text.join(''));
      assert.ok(progress === undefined || (progress.secondsPerStep > 0 && progress.step >= 30));
    }), { numRuns: 500 });
  });
});
