import assert from 'node:assert/strict';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import { Once } from '../../../../src/services/once.ts';
import { diskNote, watchDisks } from '../../../../src/ui/instances/diskNote.ts';
import { testCore, type TestCore } from '../../../fakes/core.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';
import { machine } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

const dayMs = 24 * 3_600_000;
const never = new AbortController().signal;

function listen(core: TestCore, press?: string) {
  const [dialogs, editor] = [new ScriptedDialogs(), new RecordingEditor()];
  if (press !== undefined) dialogs.onNotes.push({ text: /stopped for/, press });
  watchDisks({ ...core, once: new Once(core.store, core.log), now: () => core.meter.providerNow(), dialogs, editor, voice: english, report: (error) => assert.fail(String(error)) });
  return { dialogs, editor };
}

async function stopped(core: TestCore): Promise<void> {
  const limits = { budget: usd(5), leaseEndsAt: core.clock.now() + dayMs };
  await core.rentals.rent({ offer: offer(), image: 'i', name: 'sdxl', limits }, () => undefined, never);
  await core.rentals.stop('vast:1');
}

/** Looks once an hour for so many days, and gives after how many whole days each word was said. */
async function live(core: TestCore, days: number, said: () => number): Promise<number[]> {
  const at: number[] = [];
  for (let hour = 1; hour <= days * 24; hour++) {
    core.clock.advance(3_600_000);
    const before = said();
    await core.fleet.refresh();
    await new Promise((resolve) => setImmediate(resolve));
    for (let i = before; i < said(); i++) at.push(Math.floor(hour / 24));
  }
  return at;
}

describe('the disk of a stopped machine', () => {
  it('is told with what it costs, what it has cost and what ends that', () => {
    const note = diskNote(machine({ name: 'sdxl', state: 'stopped', burn: usdPerHour(0.02) }), 3.2 * dayMs, english);
    assert.equal(note.text, 'sdxl has been stopped for 3 d. Its disk costs $0.020/h ($14.60 a month), $1.54 since then, and goes on until you destroy it.');
    assert.deepEqual(note.buttons.map(({ id }) => id), ['start', 'destroy']);
  });

  it('comes to mind after a day, three, a week and a month, over windows and lives', async () => {
    using core = await testCore();
    await stopped(core);
    const { dialogs } = listen(core);
    assert.deepEqual(await live(core, 4, () => dialogs.notes.length), [1, 3]);
    using later = await testCore(core);
    const next = listen(later);
    await later.fleet.refresh(undefined, true);
    assert.deepEqual(next.dialogs.notes, []);
    assert.deepEqual(await live(later, 40, () => next.dialogs.notes.length), [3, 26]);
  });

  it('is said of once after a long time away, and not of what runs, is free or is not ours', async () => {
    using core = await testCore();
    await stopped(core);
    core.provider.add({ key: '50', label: 'theirs', state: 'stopped' });
    core.clock.advance(20 * dayMs);
    const { dialogs, editor } = listen(core, 'destroy');
    await core.fleet.refresh();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(dialogs.notes.length, 1);
    assert.match(editor.done[0] ?? '', /gpuRental\.instance\.destroy vast:1/);
    await core.rentals.start('vast:1', () => undefined, never);
    core.clock.advance(2 * dayMs);
    await core.fleet.refresh();
    core.provider.set('1', { state: 'stopped', rates: { running: usdPerHour(0.33), stopped: usdPerHour(0) } });
    await live(core, 3, () => 0);
    assert.equal(dialogs.notes.length, 1);
  });
});
