import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { mayBill, type Launch, type LaunchState } from '../../../src/domain/launch.ts';
import { isOver, mayBecome, newMachine, nextDeed, type Move, type MoveStep } from '../../../src/domain/move.ts';
import { launch } from '../ui/support/machines.ts';

const old = 'gpu-rental-abcdef-01';
const move = (change: Partial<Move> = {}): Move => ({
  launchId: old, instanceId: 'vast:77' as InstanceId, work: { words: ['python3', 'train.py'], folder: '/workspace/p', afterwards: 'keep' },
  checkpoints: { kind: 'none' }, run: 'r0abc-12345', step: 'parting', changedAt: 0, ...change,
});
const fresh = (state: LaunchState, change: Partial<Launch> = {}): Launch => ({ ...launch({ id: 'gpu-rental-abcdef-02', movedFrom: old }), instanceId: 'vast:78' as InstanceId, state, ...change });
const before: Launch = { ...launch(), state: 'stopped' };
const deed = (of: Partial<Move>, launches: readonly Launch[], facts: { seen?: boolean; state?: 'ready' | 'starting' } = {}) =>
  nextDeed(move(of), { launches, seen: facts.seen ?? false, stateOf: () => facts.state ?? 'ready' });

const steps: readonly MoveStep[] = ['parting', 'renting', 'restoring', 'starting', 'going', 'done', 'failed'];
const states: readonly LaunchState[] = ['intent', 'sent', 'refused', 'uncertain', 'notCreated', 'created', 'ready', 'stopping', 'stopped', 'ending', 'gone'];

describe('what a move does next', () => {
  it('is to rent while there is no machine of it, and never beside one that may exist', () => {
    assert.equal(deed({}, [before]), 'rent');
    assert.equal(deed({ step: 'renting' }, [before, fresh('refused')]), 'rent');
    for (const state of ['sent', 'uncertain', 'created'] as const) assert.equal(deed({ step: 'renting' }, [before, fresh(state)]), 'wait');
  });

  it('is to restore once the new one is ready, also when a window closed in the middle of it', () => {
    for (const step of ['renting', 'restoring', 'starting'] as const) assert.equal(deed({ step, to: 'gpu-rental-abcdef-02' }, [before, fresh('ready')]), 'restore');
    assert.equal(deed({ step: 'restoring' }, [before, fresh('ready')], { state: 'starting' }), 'wait');
  });

  it('is to rent again when the new one went as well', () => {
    assert.equal(deed({ step: 'restoring', to: 'gpu-rental-abcdef-02' }, [before, fresh('gone')]), 'rent');
  });

  it('is to ask about the old machine only when the work was seen on the new one', () => {
    assert.equal(deed({ step: 'starting', to: 'gpu-rental-abcdef-02' }, [before, fresh('ready')], { seen: true }), 'offerEnd');
    assert.equal(deed({ step: 'going', to: 'gpu-rental-abcdef-02' }, [before, fresh('ready')]), 'offerEnd');
    assert.equal(deed({ step: 'going', to: 'gpu-rental-abcdef-02' }, [{ ...before, state: 'gone' }, fresh('ready')]), 'close');
  });

  it('takes nobody else’s machine for its own', () => {
    assert.equal(newMachine(move(), [before, launch({ id: 'gpu-rental-abcdef-09' }), { ...fresh('ready'), quote: { ...fresh('ready').quote, movedFrom: 'gpu-rental-abcdef-07' } }]), undefined);
  });

  it('holds in every state: one machine at most, no end before the work goes on, nothing after the end', () => {
    const launches = fc.array(fc.record({ state: fc.constantFrom(...states), ours: fc.boolean() }), { maxLength: 4 });
    fc.assert(fc.property(fc.constantFrom(...steps), launches, fc.constantFrom(...states), fc.boolean(), fc.constantFrom('ready', 'starting', undefined), (step, others, oldState, seen, state) => {
      const all = [{ ...before, state: oldState }, ...others.map(({ state: its, ours }, i) => fresh(its, { id: `gpu-rental-abcdef-1${i}`, quote: { ...launch().quote, ...(ours ? { movedFrom: old } : {}) } }))];
      const to = all.find(({ quote }) => quote.movedFrom === old)?.id;
      const next = nextDeed(move({ step, ...(to === undefined ? {} : { to }) }), { launches: all, seen, stateOf: () => state as 'ready' | undefined });
      const mine = all.filter(({ quote, state: its }) => quote.movedFrom === old && mayBill.includes(its) && its !== 'ending');
      if (next === 'rent') assert.deepEqual(mine, []);
      if (next === 'restore') assert.ok(mine.some(({ state: its }) => its === 'ready') && state === 'ready');
      if (next === 'offerEnd') assert.ok(step === 'going' || seen);
      if (isOver({ step })) assert.equal(next, 'close');
      if (next === 'close' && !isOver({ step })) assert.ok(step === 'going' && !mayBill.includes(oldState));
    }));
  });
});

describe('the steps of a move', () => {
  it('never lead back from work that goes on, and always to an end', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 40 }), (wishes) => {
      let at: MoveStep = 'parting';
      let going = false;
      for (const wish of wishes) {
        if (!mayBecome(at, wish)) continue;
        at = wish;
        if (wish === 'parting') going = false;
        if (going) assert.ok(wish === 'going' || wish === 'done', wish);
        going ||= wish === 'going';
      }
      assert.ok(isOver({ step: at }) || mayBecome(at, 'failed') || mayBecome(at, 'done'));
    }));
  });

  it('come to going only over all that comes before it', () => {
    for (const step of steps) assert.equal(mayBecome(step, 'going'), step === 'starting' || step === 'going');
    for (const step of steps) assert.equal(mayBecome(step, 'done'), step === 'going' || step === 'done');
  });
});
