import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Documents } from '../../src/ui/documents.ts';
import { until } from '../host/until.ts';

describe('read-only texts', () => {
  const documents = new Documents('gpu-rental-test');
  const open = (): vscode.TextDocument | undefined => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'gpu-rental-test');
  after(async () => {
    documents.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('open in an editor that nobody can write to, and follow what they show', async () => {
    let spent = '$1.24';
    await documents.show('spend.txt', () => spent);
    assert.equal(open()?.getText(), '$1.24');
    assert.equal(vscode.window.activeTextEditor?.document, open());
    spent = '$1.25';
    documents.refresh('spend.txt');
    await until('the text to follow', () => open()?.getText() === '$1.25');
    documents.refresh('never-shown.txt');
  });

  it('show the newest text under one name', async () => {
    await documents.show('spend.txt', () => 'another');
    await until('the other text', () => open()?.getText() === 'another');
  });
});
