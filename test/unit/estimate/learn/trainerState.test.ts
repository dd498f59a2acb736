import assert from 'node:assert/strict';
import fc from 'fast-check';
import { progressOfState, readTrainerState } from '../../../../src/estimate/learn/trainerState.ts';

const running = {
  best_metric: null, epoch: 0.52, eval_steps: 500, global_step: 120, is_hyper_param_search: false, max_steps: 1000, num_train_epochs: 3,
  log_history: [{ epoch: 0.2, grad_norm: 0.51, learning_rate: 0.0002, loss: 1.21, step: 50 }, { epoch: 0.4, eval_loss: 1.1, eval_runtime: 12.3, step: 100 }],
};
const ended = { ...running, global_step: 1000, log_history: [...running.log_history, { epoch: 3, step: 1000, total_flos: 1e17, train_loss: 0.9, train_runtime: 530, train_samples_per_second: 60.4 }] };

describe('trainer_state.json', () => {
  it('says how far a run is, and not how fast', () => {
    const state = readTrainerState(JSON.stringify(running));
    assert.deepEqual(state, { step: 120, totalSteps: 1000 });
    assert.equal(progressOfState(state), undefined);
  });

  it('says how fast it was once it has ended', () => {
    const state = readTrainerState(JSON.stringify(ended));
    assert.ok(state);
    assert.deepEqual(progressOfState(state), { step: 1000, totalSteps: 1000, secondsPerStep: 0.53, unit: 'step' });
  });

  it('of a short run says nothing of speed', () => assert.equal(progressOfState({ step: 29, seconds: 30 }), undefined));

  it('is nothing where it is half written, empty or something else', () => {
    for (const text of ['', JSON.stringify(running).slice(0, 200), '[]', 'null', '{"global_step":"120"}', '{"global_step":-1}', '{"global_step":null}']) assert.equal(readTrainerState(text), undefined, text);
  });

  it('bears any history', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (log_history, max_steps) => {
      const state = readTrainerState(JSON.stringify({ global_step: 50, max_steps, log_history }));
      assert.equal(state?.step, 50);
      assert.ok(state.totalSteps === undefined || state.totalSteps > 0);
    }));
  });
});
