import assert from 'node:assert/strict';
import { createEmitter } from '../../../../src/domain/emitter.ts';
import type { GuardReason } from '../../../../src/domain/guard.ts';
import type { FoundEnded } from '../../../../src/services/guardEnds.ts';
import type { GuardWarning, ProtectionLost, Told, Unheard } from '../../../../src/services/protection.ts';
import { listenToProtection } from '../../../../src/ui/instances/protectionListener.ts';
import { aliasOf } from '../../../../src/ui/remote/remoteAlias.ts';
import { english } from '../support/english.ts';
import { hourMs, launch, machine, now } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';

const { limits } = launch().quote;

function bench(press: string | undefined, told: Told = 'heard', kept = true) {
  const lost = createEmitter<ProtectionLost>();
  const warned = createEmitter<GuardWarning>();
  const missed = createEmitter<Unheard>();
  const found = createEmitter<FoundEnded>();
  const dialogs = new ScriptedDialogs();
  const editor = new RecordingEditor();
  const held: (number | undefined)[] = [];
  const failures: unknown[] = [];
  if (press !== undefined) dialogs.onNotes.push({ text: /./, press });
  const listener = listenToProtection({
    protection: {
      onDidLose: lost.event, onDidWarn: warned.event, onDidMiss: missed.event,
      tell: (_, __, holdMs) => {
        held.push(holdMs);
        return Promise.resolve(told);
      },
    },
    runs: { keepMachine: () => Promise.resolve(kept) },
    guardEnds: { onDidFind: found.event }, dialogs, editor, now: () => now, voice: english, report: (error) => void failures.push(error),
  });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { lost, warned, missed, found, dialogs, editor, held, failures, listener, settled };
}

describe('what a person answers to a guard', () => {
  const warn = async (reason: GuardReason, press: string, told?: Told) => {
    const one = bench(press, told);
    one.warned.fire({ instance: machine({ limits: { ...limits, idleMs: 2 * hourMs } }), reason, leftMs: 170_000 });
    await one.settled();
    return one;
  };

  it('keeps it running, for as long as it may idle', async () => {
    const { held, dialogs, editor } = await warn('idle', 'keep');
    assert.deepEqual([held, editor.done, dialogs.notes.at(-1)?.text], [[2 * hourMs], [], 'sdxl-lora goes on.']);
    const short = bench('keep');
    short.warned.fire({ instance: machine(), reason: 'idle', leftMs: 1 });
    await short.settled();
    assert.deepEqual(short.held, [hourMs]);
  });

  it('keeps it running when its run has ended, by taking back the word of the run', async () => {
    for (const [kept, said] of [[true, 'sdxl-lora goes on.'], [false, 'The guard of sdxl-lora could not be told: it goes on to end the machine.']] as const) {
      const { warned, settled, held, dialogs } = bench('keep', 'heard', kept);
      warned.fire({ instance: machine(), reason: 'run', leftMs: 170_000 });
      await settled();
      assert.deepEqual([held, dialogs.notes.map(({ text }) => text)], [[], ['sdxl-lora is ended by its guard in 2 m 50 s, as was chosen for its run, which has ended.', said]]);
    }
  });

  it('is not told that it goes on when its guard did not hear', async () => {
    const { dialogs } = await warn('idle', 'keep', 'unreachable');
    assert.match(dialogs.notes.at(-1)?.text ?? '', /could not be told: it goes on to end the machine/);
  });

  it('moves the limit that is reached, stops or destroys', async () => {
    assert.deepEqual((await warn('deadline', 'extend')).editor.done, ['run gpuRental.instance.extendLease vast:77']);
    assert.deepEqual((await warn('budget', 'raise')).editor.done, ['run gpuRental.instance.setBudget vast:77']);
    assert.deepEqual((await warn('idle', 'stop')).editor.done, ['run gpuRental.instance.stop vast:77']);
    assert.deepEqual((await warn('idle', 'destroy')).editor.done, ['run gpuRental.instance.destroy vast:77']);
  });

  it('acts on what was lost, missed and found', async () => {
    const lost = bench('stop');
    lost.lost.fire({ instance: machine(), why: 'stale' });
    const missed = bench('instances');
    missed.missed.fire({ instance: machine(), why: 'unreachable' });
    const found = bench('start');
    found.found.fire({ id: 'vast:77', name: 'lora', provider: 'vast', limits, end: { how: 'stopped', reason: 'idle', sure: true, at: now } });
    await lost.settled();
    assert.deepEqual([lost, missed, found].map(({ editor }) => editor.done[0]), ['run gpuRental.instance.stop vast:77', 'view gpuRental.instances', 'run gpuRental.instance.start vast:77']);
  });

  it('may be nothing, and ends with the listener', async () => {
    const one = bench(undefined);
    one.lost.fire({ instance: machine(), why: 'absent' });
    one.listener.dispose();
    one.lost.fire({ instance: machine(), why: 'absent' });
    await one.settled();
    assert.deepEqual([one.dialogs.notes.length, one.editor.done, one.failures], [1, [], []]);
  });
});

describe('the machine that a window is on', () => {
  it('is read from the authority of its folder', () => {
    assert.equal(aliasOf('ssh-remote+gpu-rental-ab12-01j9z'), 'gpu-rental-ab12-01j9z');
    for (const other of [undefined, '', 'ssh-remote+other', 'wsl+Ubuntu', 'gpu-rental-ab12', 'ssh-remote+gpu-rental-A/../x']) assert.equal(aliasOf(other), undefined, String(other));
  });
});
