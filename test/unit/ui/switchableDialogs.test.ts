import assert from 'node:assert/strict';
import { createEmitter } from '../../../src/domain/emitter.ts';
import { all, onAny } from '../../../src/ui/disposables.ts';
import { SwitchableDialogs } from '../../../src/ui/switchableDialogs.ts';
import { ScriptedDialogs } from './support/scriptedDialogs.ts';

describe('dialogs that can be switched', () => {
  it('ask whoever is there now, in every way', async () => {
    const person = new ScriptedDialogs({ press: 'yes' }, { choose: /b/ }, { type: 'x' });
    const test = new ScriptedDialogs({ press: undefined });
    const dialogs = new SwitchableDialogs(person);
    const question = { title: 'Sure?', detail: '', buttons: [{ id: 'yes', label: 'Yes' }], grave: false };
    // Handed over as loose functions, as a spread of dependencies does.
    const { confirm, notify, pick, input, progress } = dialogs;
    dialogs.answerWith(test);
    assert.equal(await confirm(question), undefined);
    dialogs.answerWith(undefined);
    assert.equal(await confirm(question), 'yes');
    assert.equal(await pick({ title: '', placeholder: '', choices: [{ label: 'a', value: 1 }, { label: 'b', value: 2 }] }), 2);
    assert.equal(await input({ title: '', prompt: '', refuse: () => undefined }), 'x');
    assert.equal(await notify({ level: 'info', text: 'hello', buttons: [] }), undefined);
    assert.equal(await progress('working', true, async () => 7), 7);
    assert.deepEqual([person.asked.length, test.asked.length], [5, 1]);
  });
});

describe('disposables', () => {
  it('end together, and listen together', () => {
    const first = createEmitter<void>();
    const second = createEmitter<void>();
    let heard = 0;
    const listening = onAny(first.event, second.event)(() => heard++);
    first.fire();
    second.fire();
    let ended = 0;
    all([listening, { dispose: () => ended++ }]).dispose();
    first.fire();
    second.fire();
    assert.deepEqual([heard, ended], [2, 1]);
  });
});
