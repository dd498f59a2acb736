import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SwitchableDialogs } from '../../src/ui/switchableDialogs.ts';
import { OpenScript } from '../../src/ui/estimate/scripts.ts';
import { until } from '../host/until.ts';
import { ScriptedDialogs } from '../unit/ui/support/scriptedDialogs.ts';

const script = `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from datasets import load_dataset
model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-0.5B", torch_dtype="bfloat16")
data = load_dataset("tatsu-lab/alpaca", split="train")
args = TrainingArguments(output_dir="out", num_train_epochs=2, per_device_train_batch_size=4, bf16=True)
trainer = Trainer(model=model, args=args, train_dataset=data)
trainer.train()
`;
const figure = /^≈ (?:\$\d+\.\d\d|< \$0\.01) · [\d.]+ (?:s|m|h|d) on .+ · [\d,]+ offers? fits?$/;

describe('an estimate in the editor', function () {
  this.timeout(120_000);
  let dialogs: SwitchableDialogs;
  let folder: vscode.Uri;
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  const write = (name: string, text: string): PromiseLike<void> => vscode.workspace.fs.writeFile(at(name), new TextEncoder().encode(text));
  const titles = async (uri: vscode.Uri): Promise<string[]> => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
    return lenses.flatMap(({ command }) => (command?.command === 'gpuRental.estimate.open' ? command.title : []));
  };
  const tab = (label: string): vscode.Tab | undefined =>
    vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find((one) => one.label === label && one.input instanceof vscode.TabInputWebview);

  before(async () => {
    const extension = vscode.extensions.getExtension<SwitchableDialogs>('gpu-rental.gpu-rental');
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(extension && workspace);
    dialogs = await extension.activate();
    folder = workspace.uri;
    await write('train.py', script);
    await write('hello.py', 'print("hello")\n');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  afterEach(() => dialogs.answerWith(undefined));

  it('is offered above the line that trains, and nowhere else, before anything is read', async () => {
    await vscode.window.showTextDocument(at('train.py'));
    assert.deepEqual(await titles(at('train.py')), ['Estimate what this costs']);
    await vscode.workspace.openTextDocument(at('hello.py'));
    assert.deepEqual(await titles(at('hello.py')), []);
  });

  it('opens beside the script, and stands above it from then on', async () => {
    await vscode.commands.executeCommand('gpuRental.estimate.open', at('train.py'));
    const panel = await until('the panel', () => tab('Cost of train.py'));
    assert.equal(panel.group.viewColumn, vscode.ViewColumn.Two);
    await until('a figure', async () => (await titles(at('train.py'))).some((title) => figure.test(title)));
    await vscode.commands.executeCommand('gpuRental.estimate.open', at('train.py'));
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ label }) => label === 'Cost of train.py').length, 1, 'one panel for each script');
  });

  it('follows what is typed, before it is saved', async () => {
    const document = await vscode.workspace.openTextDocument(at('train.py'));
    const [before = ''] = await titles(at('train.py'));
    const edit = new vscode.WorkspaceEdit();
    const place = script.indexOf('num_train_epochs=2') + 'num_train_epochs='.length;
    edit.replace(at('train.py'), new vscode.Range(document.positionAt(place), document.positionAt(place + 1)), '40');
    await vscode.workspace.applyEdit(edit);
    const after = await until('another figure', async () => (await titles(at('train.py'))).find((title) => figure.test(title) && title !== before));
    assert.ok(document.isDirty);
    const dollars = (title: string): number => Number(/\$(\d+\.\d\d)/.exec(title)?.[1]);
    assert.ok(dollars(after) > 5 * dollars(before), `${before} became ${after}`);
  });

  it('can be turned off', async () => {
    const settings = vscode.workspace.getConfiguration('gpuRental');
    await settings.update('estimate.codeLens', false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await titles(at('train.py')), []);
    } finally {
      await settings.update('estimate.codeLens', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.equal((await titles(at('train.py'))).length, 1);
  });

  it('asks for a script when none is open', async () => {
    await vscode.commands.executeCommand('workbench.action.files.saveAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('the panel to close', () => tab('Cost of train.py') === undefined);
    const person = new ScriptedDialogs();
    dialogs.answerWith(person);
    await vscode.commands.executeCommand('gpuRental.estimate.open');
    assert.deepEqual(person.notes.map(({ text }) => text), ['Open the script to estimate first.']);
  });
});

describe('a script with what stands beside it', () => {
  let folder: vscode.Uri;
  const write = async (name: string, text: string): Promise<void> => vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(text));

  before(() => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    folder = workspace.uri;
  });

  it('is read with its configuration and the commands that start it', async () => {
    await write('exp/run.sh', 'accelerate launch --config_file conf.yaml job.py\n');
    await write('exp/conf.yaml', 'num_processes: 2\n');
    await write('exp/unrelated.yaml', 'x: 1\n');
    await write('exp/job.py', script);
    const files = await new OpenScript(vscode.Uri.joinPath(folder, 'exp/job.py')).files();
    assert.deepEqual(files.map(({ path }) => path), ['exp/job.py', 'exp/run.sh', 'exp/conf.yaml']);
    assert.equal(files[2]?.text, 'num_processes: 2\n');
  });

  it('is read as it stands in the editor, saved or not', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'python', content: script });
    const open = new OpenScript(document.uri);
    const [file] = await open.files();
    assert.equal(file?.text, script);
    assert.match(file?.path ?? '', /\.py$/, 'so that it is known to be Python');
  });

  it('is read again after somebody asked, and tells when it changes', async () => {
    await write('beside/train.py', script);
    await write('beside/run.sh', 'python train.py --epochs 1\n');
    const open = new OpenScript(vscode.Uri.joinPath(folder, 'beside/train.py'));
    assert.equal((await open.files())[1]?.text, 'python train.py --epochs 1\n');
    await write('beside/run.sh', 'python train.py --epochs 2\n');
    open.forget();
    assert.equal((await open.files())[1]?.text, 'python train.py --epochs 2\n');
    let changes = 0;
    const listener = open.onDidChange(() => changes++);
    const edit = new vscode.WorkspaceEdit();
    await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'beside/run.sh'));
    edit.insert(vscode.Uri.joinPath(folder, 'beside/run.sh'), new vscode.Position(0, 0), '# note\n');
    await vscode.workspace.applyEdit(edit);
    await until('the change to be told', () => changes > 0);
    assert.match((await open.files())[1]?.text ?? '', /^# note\n/);
    listener.dispose();
    await vscode.workspace.saveAll();
  });
});
