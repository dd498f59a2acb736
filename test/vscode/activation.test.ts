import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../host/until.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('gpu-rental.gpu-rental');
  assert.ok(found, 'the extension is not installed');
  return found;
}

// All suites are loaded before the first test of any of them runs, so nothing has used the extension yet.
const activeBeforeUse = extension().isActive;

describe('the extension in a real editor', () => {
  it('is not started by opening a window', () => {
    assert.equal(activeBeforeUse, false);
  });

  it('starts when its views are opened, and registers every command it names', async () => {
    await vscode.commands.executeCommand('workbench.view.extension.gpuRental');
    await until('the extension to start', () => extension().isActive);
    const manifest: Manifest = extension().packageJSON;
    const named = manifest.contributes.commands.map(({ command }) => command);
    assert.ok(named.length > 0);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(named.filter((id) => !registered.has(id)), []);
  });

  it('registers no command of its own that the manifest does not name', async () => {
    const manifest: Manifest = extension().packageJSON;
    const named = new Set(manifest.contributes.commands.map(({ command }) => command));
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('gpuRental.'));
    // The editor makes some for each view: focus, open, reset its place.
    const views = /^gpuRental\.(offers|instances)\.(focus|open|removeView|resetViewLocation|toggleVisibility)$/;
    assert.deepEqual(registered.filter((id) => !named.has(id) && !views.test(id)), []);
  });
});
