import assert from 'node:assert/strict';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import { Once } from '../../../../src/services/once.ts';
import { outbidHistory } from '../../../../src/services/outbidHistory.ts';
import { watchOutbids } from '../../../../src/ui/instances/outbidListener.ts';
import { outbidNote } from '../../../../src/ui/instances/outbidNote.ts';
import { testCore, type TestCore } from '../../../fakes/core.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { machine } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

const never = new AbortController().signal;
const limits = { budget: usd(5), leaseEndsAt: Date.UTC(2026, 11, 24) };
const rent = (core: TestCore) => core.rentals.rent({ offer: offer(), image: 'i', name: 'sdxl', limits }, () => undefined, never);

/** Somebody at this window, who presses that. */
function listen(core: TestCore, press?: string) {
  const [dialogs, editor] = [new ScriptedDialogs(), new RecordingEditor()];
  if (press !== undefined) dialogs.onNotes.push({ text: /outbid/, press });
  watchOutbids({ ...core, marks: core.store, once: new Once(core.store, core.log), dialogs, editor, voice: english, report: (error) => assert.fail(String(error)) });
  return { dialogs, editor };
}

async function seen(core: TestCore, change: Parameters<TestCore['provider']['set']>[1], insist = false): Promise<void> {
  core.clock.advance(60_000);
  core.provider.set('1', change);
  await core.fleet.refresh(undefined, insist);
  await core.fleet.refresh();
  await new Promise((resolve) => setImmediate(resolve));
}

const outbid = { state: 'stopped', outbid: true } as const;
const running = { state: 'ready', outbid: false } as const;

describe('a machine that was outbid', () => {
  it('is told of with what goes on costing and how it goes on', () => {
    const note = outbidNote(machine({ name: 'sdxl', state: 'stopped', outbid: true, burn: usdPerHour(0.02), rates: { running: usdPerHour(0.33), stopped: usdPerHour(0.02) } }), english);
    assert.equal(note.text, 'sdxl was outbid, and what ran on it has stopped. Its disk goes on costing $0.020/h ($14.60 a month). It starts again by itself, for $0.33/h, when its bid is enough.');
    assert.deepEqual(note.buttons.map(({ label }) => label), ['Raise the bid…', 'Move the work…', 'Wait']);
  });

  it('is told of once each time, in one of all windows', async () => {
    using first = await testCore();
    using second = await testCore(first);
    await rent(first);
    const all = [listen(first), listen(second)];
    const told = (): number[] => all.map(({ dialogs }) => dialogs.notes.length);
    await seen(first, outbid);
    second.fleet.catchUp();
    assert.deepEqual(told(), [1, 0]);
    await seen(second, outbid, true);
    assert.ok(second.fleet.acts('vast'));
    assert.deepEqual(told(), [1, 0], 'whoever takes over has nothing new to say');
    await seen(second, running);
    await seen(second, outbid);
    assert.deepEqual(told(), [1, 1]);
    using later = await testCore(first);
    const { dialogs } = listen(later);
    await seen(later, outbid, true);
    assert.equal(dialogs.notes.length, 0);
  });

  it('is bid for, moved away from, or waited for from there', async () => {
    for (const [press, done] of [['bid', ['run gpuRental.instance.changeBid vast:1']], ['move', ['run gpuRental.instance.move vast:1']], ['wait', []]] as const) {
      using core = await testCore();
      await rent(core);
      const { editor } = listen(core, press);
      await seen(core, outbid);
      assert.deepEqual(editor.done, done);
    }
  });

  it('is counted, so that the next bid is made knowing it', async () => {
    using core = await testCore();
    await core.rentals.rent({ offer: offer({ kind: 'interruptible' }), image: 'i', name: 'sdxl', limits }, () => undefined, never);
    listen(core);
    const history = () => outbidHistory({ ...core, marks: core.store });
    for (let times = 1; times <= 3; times++) {
      core.clock.advance(3_600_000);
      await seen(core, outbid);
      core.clock.advance(10 * 3_600_000);
      await seen(core, outbid);
      await seen(core, running);
      assert.equal(history().times, times);
    }
    assert.ok(history().hours > 2.9 && history().hours < 3.3, `${history().hours} h: what it rested is not counted`);
    using other = await testCore();
    await rent(other);
    assert.deepEqual(outbidHistory({ ...other, marks: other.store }), { hours: 0, times: 0 }, 'on demand nobody is outbid');
  });

  it('is nobody’s news while we stop, start or end it, or where it is not ours', async () => {
    using core = await testCore();
    const { launch } = await rent(core);
    const { dialogs } = listen(core);
    core.provider.add({ key: '50', label: 'theirs', state: 'stopped', outbid: true });
    for (const state of ['stopping', 'created', 'ending'] as const) {
      core.store.mark(launch.id, state);
      await seen(core, outbid);
    }
    assert.deepEqual(dialogs.notes, []);
  });
});
