import assert from 'node:assert/strict';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import type { InstanceId } from '../../../../src/domain/instance.ts';
import { usd, usdPerHour, zeroRate, type Usd } from '../../../../src/domain/money.ts';
import type { AwaySpend } from '../../../../src/services/away.ts';
import type { FleetInstance } from '../../../../src/services/fleetInstance.ts';
import { Once } from '../../../../src/services/once.ts';
import { RentError } from '../../../../src/domain/errors.ts';
import { noStore } from '../../../../src/store/noStore.ts';
import { awayNote, tellWhatWentOn } from '../../../../src/ui/spend/awayNote.ts';
import { watchBalances } from '../../../../src/ui/spend/balanceNote.ts';
import { closingWords, diskWords, type EndsItself } from '../../../../src/ui/spend/closing.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { english } from '../support/english.ts';
import { foreign, hourMs, machine, minuteMs, now } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

const burning = (change: Partial<FleetInstance> = {}): FleetInstance => machine({ burn: usdPerHour(0.33), ...change });
const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
const fail = (error: unknown): never => {
  throw error;
};

describe('what is said about closing the editor', () => {
  const say = (instances: readonly FleetInstance[], endsItself: EndsItself = () => false): string[] => closingWords(instances, now, endsItself, english);

  it('is nothing while nothing costs', () => {
    assert.deepEqual(say([]), []);
    assert.deepEqual(say([machine({ state: 'stopped', burn: zeroRate })]), []);
    assert.deepEqual(say([burning({ state: 'ending' })]), [], 'it is being destroyed, which goes on by itself');
  });

  it('is that nothing is stopped by it', () => {
    assert.deepEqual(say([burning(), burning({ name: 'eval' }), machine({ state: 'stopped', burn: usdPerHour(0.02) })]), [
      'Closing the editor does not stop what runs: sdxl-lora, eval at $0.66/h until you end it.',
    ]);
  });

  it('claims neither while a guard has not been heard yet', () => {
    const young = burning({ name: 'young' });
    assert.deepEqual(say([burning(), young], (one) => (one === young ? undefined : true)), [
      'With the editor closed, sdxl-lora goes on at $0.33/h and stops by itself at 18:40 at the latest.',
      'Whether this ends by itself with the editor closed is being checked: young at $0.33/h.',
    ]);
  });

  it('is apart from that what stopped disks cost together', () => {
    const disk = machine({ state: 'stopped', burn: usdPerHour(0.02) });
    assert.deepEqual(diskWords([burning(), disk, disk], english), ['Disks of stopped machines cost $0.040/h ($29.20 a month) until you destroy them.']);
    assert.deepEqual(diskWords([burning(), machine({ state: 'stopped', burn: zeroRate })], english), []);
  });

  it('is when a machine that holds itself to its limits ends, by whichever comes first', () => {
    const evaluating = burning({ name: 'eval', spent: usd(4.67) });
    const all = (...instances: FleetInstance[]): string[] => say(instances, ({ ours }) => ours);
    assert.deepEqual(all(burning()), ['With the editor closed, sdxl-lora goes on at $0.33/h and stops by itself at 18:40 at the latest.']);
    assert.deepEqual(all(evaluating), ['With the editor closed, eval goes on at $0.33/h and stops by itself at 17:30 at the latest.']);
    assert.deepEqual(all(burning({ limits: { budget: usd(5), leaseEndsAt: now + hourMs, atLimit: 'destroy' } })), ['With the editor closed, sdxl-lora goes on at $0.33/h and destroys itself at 17:30 at the latest.']);
    assert.deepEqual(all(evaluating, burning(), foreign({ burn: usdPerHour(0.1) })), [
      'With the editor closed, eval, sdxl-lora go on at $0.66/h and end by themselves, by 18:40 at the latest.',
      'Closing the editor does not stop what runs: their-box at $0.10/h until you end it.',
    ]);
  });
});

describe('what is told on coming back', () => {
  const spent = (instanceId: InstanceId = 'vast:77', amount = usd(1.04), ms = 190 * minuteMs): AwaySpend => ({ instanceId, spent: amount, ms });
  const note = (all: readonly AwaySpend[], instances: readonly FleetInstance[]) => awayNote({ spent: all, instances, nameOf: (id) => `name of ${id}`, now }, english);

  it('is what ran, what it cost and when it ends', () => {
    const said = note([spent()], [burning()]);
    assert.deepEqual([said?.level, said?.text], ['warning', 'While no window was open: sdxl-lora ran 3 h 10 m for $1.04; it ends at 18:40.']);
    assert.deepEqual(said?.buttons.map(({ id }) => id), ['spend', 'stop']);
  });

  it('is what became of what is stopped or gone', () => {
    const stopped = note([spent()], [machine({ state: 'stopped', burn: usdPerHour(0.02) })]);
    assert.deepEqual([stopped?.level, stopped?.text], ['info', 'While no window was open: sdxl-lora cost $1.04 and is stopped, its disk at $0.020/h ($14.60 a month).']);
    assert.equal(note([spent()], [])?.text, 'While no window was open: name of vast:77 ran 3 h 10 m for $1.04 and is gone.');
  });

  it('names the dearest three, and nothing when nothing was spent', () => {
    const many = note([1, 2, 3, 4, 5].map((i) => spent(`vast:${i}`, usd(i))), []);
    assert.match(many?.text ?? '', /vast:5 .* · .*vast:4 .* · .*vast:3 .* · 2 more: \$3\.00\.$/);
    assert.equal(note([], [burning()]), undefined);
  });

  const bench = (from: number | undefined, press?: string, once = new Once(noStore(new RentError('noJournal')), new FakeLog())) => {
    const changed = createEmitter<void>();
    const dialogs = new ScriptedDialogs();
    if (press !== undefined) dialogs.onNotes.push({ text: /./, press });
    const editor = new RecordingEditor();
    const state = { loaded: false, signedIn: false };
    const asked: number[] = [];
    const listener = tellWhatWentOn({
      from, spent: (since, until) => (asked.push(since, until), [spent()]), once, dialogs, editor, now: () => now, voice: english, report: fail,
      signedIn: () => state.signedIn,
      fleet: { instances: [burning()], nameOf: (id) => id, get loaded() { return state.loaded; }, onDidChange: changed.event },
    });
    return { changed, dialogs, editor, state, asked, listener, once };
  };

  it('waits until the providers have said how things are, and is told once over all windows', async () => {
    const { changed, dialogs, state, editor, asked, once } = bench(now - 4 * hourMs, 'spend');
    changed.fire();
    state.loaded = true;
    changed.fire();
    await settle();
    assert.equal(dialogs.notes.length, 0, 'nobody is signed in yet');
    state.signedIn = true;
    changed.fire();
    changed.fire();
    await settle();
    assert.deepEqual([dialogs.notes.length, editor.done, asked], [1, ['run gpuRental.spend.show'], [now - 4 * hourMs, now]]);
    const other = bench(now - 4 * hourMs, undefined, once);
    Object.assign(other.state, { loaded: true, signedIn: true });
    other.changed.fire();
    await settle();
    assert.equal(other.dialogs.notes.length, 0);
  });

  it('is nothing in the first window ever', async () => {
    const { changed, dialogs, state } = bench(undefined);
    Object.assign(state, { loaded: true, signedIn: true });
    changed.fire();
    await settle();
    assert.equal(dialogs.notes.length, 0);
  });
});

describe('a low balance', () => {
  const run = async (provider: 'vast' | 'runpod', balance: Usd, press?: string) => {
    const changed = createEmitter<void>();
    const dialogs = new ScriptedDialogs();
    if (press !== undefined) dialogs.onNotes.push({ text: /balance/, press });
    const editor = new RecordingEditor();
    const link = { keysUrl: 'https://keys.invalid', billingUrl: `https://billing.invalid/${provider}` };
    const watch = watchBalances({
      read: () => ({ instances: [burning({ provider })], balances: new Map([[provider, balance]]), now }), onDidChange: changed.event,
      once: new Once(noStore(new RentError('noJournal')), new FakeLog()), dialogs, editor, links: { vast: link, runpod: link, lambda: link }, voice: english, report: fail,
    });
    for (let i = 0; i < 3; i++) changed.fire();
    await settle();
    watch.dispose();
    return { dialogs, editor };
  };

  it('is said once, with what happens at zero and where credit is bought', async () => {
    const { dialogs, editor } = await run('runpod', usd(0.22), 'credit');
    assert.deepEqual(dialogs.notes.map(({ text }) => text), ['The balance at RunPod lasts 40 m. At zero RunPod ends every machine without a network volume, and its disk is lost.']);
    assert.deepEqual(editor.done, ['open https://billing.invalid/runpod']);
    assert.match((await run('vast', usd(0.1))).dialogs.notes[0]?.text ?? '', /At zero Vast\.ai stops every machine/);
  });

  it('is nothing to say about a balance that lasts', async () => {
    assert.equal((await run('runpod', usd(0.34))).dialogs.notes.length, 0);
  });
});
