// From a folder here to its result, with nothing but this extension, in a browser that has no other way to a machine:
// sent, edited there, run there, left alone, found again, brought home, and ended by the machine itself.
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Rental } from '../../src/practice/rental.ts';
import { until } from '../host/until.ts';
import { runCommand } from './harness/commands.ts';
import { waitForEditor } from './harness/editors.ts';
import { answerNotice, readNotices, waitForNotice } from './harness/notices.ts';
import { chargedInAll, openPractice, type Practice, readLedger } from './harness/practice.ts';
import { chooseFolder, enter, pick, readChoices } from './harness/prompts.ts';
import { rentFirst } from './harness/renting.ts';
import { inOrder } from './harness/steps.ts';
import { terminalSettings, waitForTerminal } from './harness/terminals.ts';
import { clickContext, clickInline, clickMenu, expandRow, openContainer, readRows, waitForRows, type Row } from './harness/trees.ts';
import { useWorkbench, waitForWorkbench } from './workbench.ts';

const gpu = 'RTX 5090';
const script = readFileSync(join(import.meta.dirname, '../fixtures/training/train.py'), 'utf8');
const sleeping = script.split('\n').findIndex((line) => /^ +time\.sleep/.test(line)) + 1;
/** The run waits where a person looks away. */
const waiting = '    while step % 100 == 0 and not os.path.exists(f"go-{step}"): time.sleep(0.1)';
const whatIsTyped = { 'editor.autoIndent': 'none', 'editor.autoClosingBrackets': 'never', 'editor.autoClosingQuotes': 'never', 'editor.quickSuggestions': { other: 'off' }, 'editor.parameterHints.enabled': false };

describe('work on a machine, without Remote-SSH', function work() {
  this.timeout(180_000);
  let practice: Practice;
  let rental: Rental;
  let shown: Page | undefined;
  const workbench = useWorkbench(async () => {
    practice = await openPractice({ seed: 7, offers: 60, bootScale: 1 });
    const settings = { ...terminalSettings, ...whatIsTyped, 'gpuRental.openIn': 'currentWindow', 'files.autoSave': 'off' };
    return { market: practice, settings, files: { 'clouds/train.py': script } };
  });
  const page = (): Page => shown ?? workbench().page;
  const inExplorer = (name: string) => page().locator('.explorer-folders-view').getByRole('treeitem', { name });
  /** Of the machine. */
  const there = (name: string): string => join(rental.dir, existsSync(join(rental.dir, 'workspace')) ? 'workspace' : 'root', 'clouds', name);
  const letGoOn = (...steps: readonly number[]): void => steps.forEach((step) => closeSync(openSync(there(`go-${step}`), 'w')));
  const lastStep = (): number => (existsSync(there('checkpoint.json')) ? Number(/"step": (\d+)/.exec(readFileSync(there('checkpoint.json'), 'utf8'))?.[1]) : 0);
  const isRun = ({ name }: Row): boolean => name === 'train.py';
  inOrder();

  it('sends a folder to a rented machine', async () => {
    rental = await rentFirst(page(), practice, gpu);

    await openContainer(page(), 'Explorer');
    await clickMenu(page(), async () => inExplorer('clouds'), 'Upload a Folder to the Machine…');
    await enter(page(), 'clouds', 'Uploading clouds');
    await waitForNotice(page(), /^1 file \(2\.\d kB\) was sent in /);
    assert.equal(readFileSync(there('train.py'), 'utf8'), script);
  });

  it('opens what the machine has, and saves what is typed there', async () => {
    await openContainer(page(), 'GPU Rental');
    await clickContext(page(), 'Instances', gpu, 'Open Built-in Workspace');
    await page().waitForURL(/workspace=/);
    await waitForWorkbench(page());
    await inExplorer('rtx-5090').waitFor();
    await inExplorer('clouds').click();
    await inExplorer('train.py').dblclick();
    await waitForEditor(page(), 'train.py', /^"""Trains a logistic regression/);
    await page().keyboard.press('Control+G');
    await page().keyboard.type(String(sleeping));
    await page().keyboard.press('Enter');
    await page().keyboard.press('Home');
    await page().keyboard.press('Home');
    await page().keyboard.type(waiting);
    await page().keyboard.press('Enter');
    await page().keyboard.press('ControlOrMeta+S');
    const lines = script.split('\n');
    const edited = lines.toSpliced(sleeping - 1, 0, waiting).join('\n');
    await until('the file on the machine to change', () => readFileSync(there('train.py'), 'utf8') === edited, { detail: () => readFileSync(there('train.py'), 'utf8') });
    assert.equal(readFileSync(join(workbench().folder, 'clouds/train.py'), 'utf8'), script, 'the file here was changed');
  });

  it('runs it where it lies, after a choice of what becomes of the machine', async () => {
    await runCommand(page(), 'GPU Rental: Run on GPU');
    const choices = await readChoices(page(), 'Run on GPU');
    assert.deepEqual(choices.map(({ label }) => label), ['Keep the machine', 'Stop the machine', 'Destroy the machine']);
    await pick(page(), 'Destroy the machine', 'Run on GPU');
    await waitForTerminal(page(), /step 90\/400 \| loss 0\.\d+/);
    await openContainer(page(), 'GPU Rental');
    await expandRow(page(), 'Instances', gpu);
    const [row] = (await waitForRows(page(), 'Instances', (rows) => rows.some((one) => isRun(one) && /step 90\/400/.test(one.description)))).filter(isRun);
    assert.match(row?.description ?? '', /^running .* · step 90\/400 · epoch \d+ · loss 0\.\d+.* · then the machine is destroyed$/);
  });

  it('goes on while nobody looks, and is found again by whoever comes back', async () => {
    const { url, context } = { url: page().url(), context: page().context() };
    await page().close();
    letGoOn(100);
    await until('the run to go on', () => lastStep() === 190);
    shown = await context.newPage();
    await shown.goto(url);
    await waitForWorkbench(page());
    await waitForEditor(page(), 'train.py', /while step % 100 == 0/);
    await openContainer(page(), 'GPU Rental');
    await expandRow(page(), 'Instances', gpu);
    await waitForRows(page(), 'Instances', (rows) => rows.some((row) => isRun(row) && /^running .*step 190\/400/.test(row.description)));
    await clickInline(page(), 'Instances', /train\.py/, 'Show the Log of a Run');
    await waitForTerminal(page(), /step 190\/400 \| loss/);
    assert.equal(rental.state, 'running');
  });

  it('shows how it ended', async () => {
    letGoOn(200, 300, 400);
    await waitForTerminal(page(), /^accuracy 0\.\d+$/m);
    await waitForTerminal(page(), /Ended with exit code 0\./);
    const { text, buttons } = await waitForNotice(page(), /ended with exit code/);
    assert.match(text, /^python3 train\.py on rtx-5090 ended with exit code 0 after .* \(\$\d\.\d\d\)\. Its guard destroys the machine in three minutes\.$/);
    assert.deepEqual(buttons, ['Download results', 'Show log', 'Keep it running']);
  });

  it('brings the result home, byte for byte, into a folder that is chosen', async () => {
    const onMachine = readFileSync(there('model.json'));
    await answerNotice(page(), /ended with exit code/, 'Download results');
    await chooseFolder(page(), workbench().userHome, 'Download results into this folder');
    const { text } = await waitForNotice(page(), /files are now in/);
    const [, folder = ''] = /files are now in (\S+)\.$/.exec(text) ?? [];
    assert.ok(folder.startsWith(`${workbench().userHome}/clouds-r`), text);
    assert.deepEqual(readFileSync(join(folder, 'model.json')), onMachine);
    assert.ok(JSON.parse(onMachine.toString()).accuracy > 0.8);
    assert.equal(rental.state, 'running', 'it did not wait for its results');
  });

  it('ends itself, and then nothing bills', async function end() {
    // The guard is the real one, and so are its three minutes.
    this.timeout(400_000);
    await until('the guard to end it', () => rental.state === 'destroyed', { seconds: 300 });
    await waitForNotice(page(), /^rtx-5090: Destroyed.* at .* by its guard: its run has ended\.$/);
    await openContainer(page(), 'GPU Rental');
    await waitForRows(page(), 'Instances', (rows) => rows.length === 0);
    const { instances } = await readLedger(practice);
    assert.deepEqual(instances.map(({ state, endedAt }) => [state, typeof endedAt]), [['destroyed', 'string']]);
    const charged = chargedInAll(instances);
    practice.market.clock.advance(24 * 3_600_000);
    assert.equal(chargedInAll((await readLedger(practice)).instances), charged, 'something still bills');
    assert.deepEqual(await readRows(page(), 'Instances'), []);
    const notices = await readNotices(page());
    assert.deepEqual(notices.filter(({ severity, text }) => severity === 'error' || /does not exist any more/.test(text)), []);
  });

  it('keeps what the run was', async () => {
    await runCommand(page(), 'GPU Rental: Show All Runs');
    await waitForEditor(page(), 'runs.txt', /^rtx-5090 \(gone\)\n.*python3 train\.py\n.*ended, exit code 0/m);
  });
});
