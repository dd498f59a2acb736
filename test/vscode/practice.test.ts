import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SwitchableDialogs } from '../../src/ui/switchableDialogs.ts';
import { ScriptedDialogs, type Answer } from '../unit/ui/support/scriptedDialogs.ts';

describe('the practice market in the editor', function () {
  this.timeout(180_000);
  let dialogs: SwitchableDialogs;

  before(async () => {
    const extension = vscode.extensions.getExtension<SwitchableDialogs>('gpu-rental.gpu-rental');
    assert.ok(extension);
    dialogs = await extension.activate();
  });
  after(() => dialogs.answerWith(undefined));

  async function run(command: string, ...answers: Answer[]): Promise<ScriptedDialogs> {
    const person = new ScriptedDialogs(...answers);
    dialogs.answerWith(person);
    await vscode.commands.executeCommand(command);
    assert.equal(person.unused, 0, `${command} said: ${person.notes.map(({ text }) => text).join(' | ')}`);
    return person;
  }

  it('starts, rents with practice money alone, and gives the real providers back', async () => {
    assert.deepEqual((await run('gpuRental.practice.start')).notes, []);
    const rented = await run('gpuRental.offer.rent', { choose: /RTX/ }, { choose: /Vast\.ai/ }, { press: 'rent' });
    assert.match(rented.questions[0]?.detail ?? '', /^This is the practice market: no real money is spent\./);
    assert.match(rented.notes.at(-1)?.text ?? '', /is ready/);
    await run('gpuRental.practice.stop');
    const after = await run('gpuRental.instance.stop');
    assert.deepEqual(after.notes.map(({ text }) => text), ['No machine allows that now.'], 'practice machines end with their market');
  });
});
