import assert from 'node:assert/strict';
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

  it('rents, shows spend, opens a terminal, stops and destroys', async () => {
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

    // Neither a browser nor a bare desktop has a Remote-SSH.
    const opened = await run('gpuRental.instance.openWorkspace', undefined);
    assert.match(opened.notes[0]?.text ?? '', /; a terminal on the machine is open instead\.$/);
    const terminal = await until('the terminal', () => vscode.window.terminals.find(({ creationOptions }) => 'shellArgs' in creationOptions && creationOptions.shellArgs?.includes('-F')));
    assert.match((terminal.creationOptions as vscode.TerminalOptions).shellArgs?.at(-1) ?? '', /^gpu-rental-[a-z0-9-]+$/);
    terminal.dispose();

    const stopped = await run('gpuRental.instance.stop', undefined, { press: 'yes' });
    assert.match(stopped.questions[0]?.detail ?? '', /goes on costing \$\d+\.\d+\/h \(\$\d+\.\d\d a month\)/);
    assert.deepEqual(stopped.notes, []);
    assert.equal(await living(), 1, 'a stopped machine still exists');

    const destroyed = await run('gpuRental.instance.destroy', undefined, { press: 'destroy' });
    assert.match(destroyed.questions[0]?.detail ?? '', /lost for good/);
    assert.equal(await living(), 0);
    const nothingLeft = await run('gpuRental.instance.stop', undefined);
    assert.deepEqual(nothingLeft.notes.map(({ text }) => text), ['No machine allows that now.']);
  });
});
