import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { vscodeDialogs } from '../../src/ui/vscodeDialogs.ts';
import { until } from '../host/until.ts';

const accept = 'workbench.action.acceptSelectedQuickOpenItem';
const close = 'workbench.action.closeQuickOpen';

/** Presses the key until what was asked has an answer: a pick takes a moment to appear. */
async function answered<T>(asked: Promise<T>, key: string): Promise<T> {
  let done = false;
  const settled = asked.finally(() => (done = true));
  await until('the question to be answered', async () => {
    await vscode.commands.executeCommand(key);
    return done;
  });
  return settled;
}

const pick = { title: 'Fruit', placeholder: 'Which?' };
const choices = ['apple', 'pear', 'plum'].map((label) => ({ label, value: label }));

describe('the dialogs of the editor', () => {
  it('take the first choice for an answer when nothing else is marked', async () => {
    assert.equal(await answered(vscodeDialogs.pick({ ...pick, choices }), accept), 'apple');
  });

  it('begin at the present choice, also below a heading', async () => {
    const marked = choices.map((choice) => ({ ...choice, current: choice.label === 'pear', ...(choice.label === 'pear' ? { section: 'Soft' } : {}) }));
    assert.equal(await answered(vscodeDialogs.pick({ ...pick, choices: marked, withBack: true }), accept), 'pear');
  });

  it('say nothing for a person who turns away', async () => {
    assert.equal(await answered(vscodeDialogs.pick({ ...pick, choices }), close), undefined);
    assert.equal(await answered(vscodeDialogs.input({ title: 'Name', prompt: 'Name', refuse: () => undefined }), close), undefined);
  });

  it('hand over what is typed', async () => {
    assert.equal(await answered(vscodeDialogs.input({ title: 'Name', prompt: 'Name', value: 'rtx', refuse: () => undefined }), accept), 'rtx');
  });

  it('show progress as long as something runs, and give its result or its failure', async () => {
    assert.equal(await vscodeDialogs.progress('Working', true, async (tell, signal) => {
      tell('half way');
      return signal.aborted ? 'cancelled' : 'done';
    }), 'done');
    await assert.rejects(vscodeDialogs.progress('Working', false, () => Promise.reject(new Error('boom'))), /boom/);
  });
});
