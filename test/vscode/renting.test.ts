import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { SwitchableDialogs } from '../../src/ui/switchableDialogs.ts';
import { until } from '../host/until.ts';
import { ScriptedDialogs, type Answer } from '../unit/ui/support/scriptedDialogs.ts';

interface Ledger {
  readonly createsAccepted: number;
  readonly instances: readonly { readonly id: string; readonly state: string; readonly endedAt: unknown }[];
}

/** What the providers themselves say was rented. */
async function ledger(): Promise<Ledger> {
  const url = process.env['GPU_RENTAL_TEST_LEDGER'];
  assert.ok(url, 'the suite needs the practice market');
  return (await (await fetch(url)).json()) as Ledger;
}

const living = async (): Promise<number> => (await ledger()).instances.filter(({ endedAt }) => endedAt === null || endedAt === undefined).length;

/** The machine that is there, as the SSH configuration names it. */
function lastMachine(): vscode.Uri | undefined {
  const config = readFileSync(join(process.env['GPU_RENTAL_HOME'] ?? '', 'ssh', 'config'), 'utf8');
  const [, authority] = /^Host (gpu-rental-[a-z0-9-]+)$/m.exec(config) ?? [];
  return authority === undefined ? undefined : vscode.Uri.from({ scheme: 'gpu-pod', authority, path: '/' });
}

const read = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

/** All that an editor does with files, by the editor's own means. */
async function useFiles(within: vscode.Uri): Promise<void> {
  const { fs } = vscode.workspace;
  const folder = vscode.Uri.joinPath(within, "it's a folder ünï");
  const at = (...names: string[]): vscode.Uri => vscode.Uri.joinPath(folder, ...names);
  await fs.createDirectory(folder);
  await fs.writeFile(at('a.py'), new TextEncoder().encode('print(1)\n'));
  await fs.createDirectory(at('deep'));
  await fs.rename(at('a.py'), at('deep', 'b.py'));
  await assert.rejects(async () => fs.rename(at('deep'), at('deep', 'within')));
  await fs.copy(at('deep'), at('copy'));
  assert.equal(await read(at('copy', 'b.py')), 'print(1)\n');
  await assert.rejects(read(at('a.py')), { code: 'FileNotFound' });
  await assert.rejects(read(at('deep')), { code: 'FileIsADirectory' });
  assert.deepEqual((await fs.readDirectory(folder)).toSorted(), [['copy', vscode.FileType.Directory], ['deep', vscode.FileType.Directory]]);
  const document = await vscode.workspace.openTextDocument(at('deep', 'b.py'));
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), '# edited\n');
  assert.ok(await vscode.workspace.applyEdit(edit));
  assert.ok(await document.save());
  assert.equal(await read(document.uri), '# edited\nprint(1)\n');
  assert.equal((await fs.stat(document.uri)).size, 18);
  await fs.delete(folder, { recursive: true });
  await assert.rejects(async () => fs.stat(folder), { code: 'FileNotFound' });
}

describe('renting in the editor', function () {
  this.timeout(180_000);
  let dialogs: SwitchableDialogs;

  before(async () => {
    const extension = vscode.extensions.getExtension<SwitchableDialogs>('gpu-rental.gpu-rental');
    assert.ok(extension);
    dialogs = await extension.activate();
  });
  afterEach(() => dialogs.answerWith(undefined));

  /** Runs a command with a person who answers like this, and waits until all of it has been asked. */
  async function run(command: string, argument: unknown, ...answers: Answer[]): Promise<ScriptedDialogs> {
    const person = new ScriptedDialogs(...answers);
    dialogs.answerWith(person);
    await vscode.commands.executeCommand(command, argument);
    assert.equal(person.unused, 0, `${command} said: ${person.notes.map(({ text }) => text).join(' | ')}`);
    return person;
  }

  it('rents nothing when the person turns away', async () => {
    const before = await ledger();
    const person = await run('gpuRental.offer.rent', undefined, { choose: /RTX/ }, { choose: /\/h/ }, { press: undefined });
    assert.match(person.questions[0]?.title ?? '', /^Rent \d+× RTX .* for \$\d+\.\d+\/h\?$/);
    assert.match(person.questions[0]?.detail ?? '', /GB disk \$.*stops by itself at .* or at \$5\.00/s);
    assert.equal((await ledger()).createsAccepted, before.createsAccepted);
  });

  it('ends with nothing when it is cancelled on the way', async () => {
    const person = new ScriptedDialogs({ choose: /RTX/ }, { choose: /Vast\.ai/ }, { press: 'rent' });
    person.cancelAt = /starting|pulling/;
    dialogs.answerWith(person);
    await vscode.commands.executeCommand('gpuRental.offer.rent');
    assert.deepEqual(person.notes.map(({ text }) => text), ['The rental was cancelled, and nothing is billed for it.']);
    assert.equal(await living(), 0);
  });

  it('rents, shows spend, works in a terminal and on files, stops and destroys', async () => {
    const rented = await run('gpuRental.offer.rent', undefined, { choose: /RTX/ }, { choose: /Vast\.ai/ }, { press: 'rent' });
    assert.match(rented.notes.at(-1)?.text ?? '', /is ready for \$\d+\.\d+\/h; it is stopped at/);
    assert.equal(await living(), 1);

    await run('gpuRental.spend.show', undefined);
    const page = await until('the spend page', () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label, input }) => label === 'GPU spend' && input instanceof vscode.TabInputWebview));
    await vscode.window.tabGroups.close(page);
    await run('gpuRental.spend.showText', undefined);
    const document = await until('the spend view', () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'gpu-rental'));
    assert.match(document.getText(), /This session +\$\d+\.\d\d\n/);
    assert.match(document.getText(), /Vast\.ai +ready/);

    await run('gpuRental.instance.openTerminal', undefined);
    const terminal = await until('the terminal', () => vscode.window.terminals.find(({ creationOptions }) => 'pty' in creationOptions));
    const machine = await until('its name', () => lastMachine());
    const note = machine.with({ path: `/tmp/${basename(process.env['GPU_RENTAL_HOME'] ?? '')}-${Date.now()}` });
    terminal.sendText(`pwd > '${note.path}'`);
    const [path = ''] = (await until('what was typed', () => read(note).then((text) => text || undefined, () => undefined))).split('\n');
    await vscode.workspace.fs.delete(note);
    const folder = machine.with({ path });
    await useFiles(folder);

    // The terminal goes with its machine.
    const stopped = await run('gpuRental.instance.stop', undefined, { press: 'yes' });
    assert.match(stopped.questions[0]?.detail ?? '', /goes on costing \$\d+\.\d+\/h \(\$\d+\.\d\d a month\)/);
    assert.deepEqual(stopped.notes.map(({ text }) => text).filter((text) => !/does not run, so its files/.test(text)), []);
    await until('the terminal to close', () => terminal.exitStatus !== undefined);
    await assert.rejects(read(vscode.Uri.joinPath(folder, 'a.py')), { code: 'Unavailable' });
    assert.equal(await living(), 1, 'a stopped machine still exists');

    const destroyed = await run('gpuRental.instance.destroy', undefined, { press: 'destroy' });
    assert.match(destroyed.questions[0]?.detail ?? '', /lost for good/);
    assert.equal(await living(), 0);
    const nothingLeft = await run('gpuRental.instance.stop', undefined);
    assert.deepEqual(nothingLeft.notes.map(({ text }) => text), ['No machine allows that now.']);
  });
});
