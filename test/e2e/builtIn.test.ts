// A machine as a workspace with nothing but this extension, in a browser that has no other way there.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rental } from '../../src/practice/rental.ts';
import { until } from '../host/until.ts';
import { runCommand } from './harness/commands.ts';
import { waitForEditor } from './harness/editors.ts';
import { answerNotice, readNotices } from './harness/notices.ts';
import { openPractice, type Practice } from './harness/practice.ts';
import { answerDialog, type } from './harness/prompts.ts';
import { rentFirst } from './harness/renting.ts';
import { inOrder } from './harness/steps.ts';
import { terminalSettings, typeInTerminal, waitForTerminal } from './harness/terminals.ts';
import { clickContext, clickInline, openContainer, rowText, waitForRows } from './harness/trees.ts';
import { useWorkbench, waitForWorkbench } from './workbench.ts';

const gpu = 'RTX 5090';

describe('a machine as a workspace, without Remote-SSH', function builtIn() {
  this.timeout(180_000);
  let practice: Practice;
  let rental: Rental;
  let folder: string;
  const workbench = useWorkbench(async () => {
    practice = await openPractice({ seed: 7, offers: 60, bootScale: 1 });
    return { market: practice, settings: { ...terminalSettings, 'gpuRental.openIn': 'currentWindow', 'files.autoSave': 'off' } };
  });
  const page = () => workbench().page;
  const there = (name: string): string => join(folder, name);
  const inExplorer = (name: string) => page().locator('.explorer-folders-view').getByRole('treeitem', { name });
  inOrder();

  it('opens under its own name, with what lies on the machine', async () => {
    rental = await rentFirst(page(), practice, gpu);
    folder = existsSync(join(rental.dir, 'workspace')) ? join(rental.dir, 'workspace') : join(rental.dir, 'root');
    mkdirSync(there('src'));
    writeFileSync(there('src/train.py'), 'steps = 10\n');
    await answerNotice(page(), /is ready/, 'Open workspace');
    await page().waitForURL(/workspace=/);
    await waitForWorkbench(page());
    await inExplorer('rtx-5090').waitFor();
    await inExplorer('src').click();
    await inExplorer('train.py').dblclick();
    await waitForEditor(page(), 'train.py', /^steps = 10$/m);
    await answerNotice(page(), /works on rtx-5090 over SSH alone/, 'Search on the machine').catch(() => assert.fail('it does not explain itself'));
    await type(page(), '', 'Search on rtx-5090'); // what is typed before it is there would go to it
    await page().keyboard.press('Escape');
  });

  it('saves what is typed to the machine', async () => {
    await page().locator('.editor-instance .view-lines').click();
    await page().keyboard.press('ControlOrMeta+A');
    await page().keyboard.type('steps = 2000');
    await page().keyboard.press('ControlOrMeta+S');
    await until('the file on the machine to change', () => /^steps = 2000\n*$/.test(readFileSync(there('src/train.py'), 'utf8')));
  });

  it('shows what others do there', async () => {
    writeFileSync(there('src/loss.csv'), '0.5\n');
    await inExplorer('loss.csv').waitFor();
    writeFileSync(there('src/train.py'), 'steps = 3\n# changed there\n');
    await waitForEditor(page(), 'train.py', /# changed there/);
  });

  it('has a terminal that is there after the page is closed and opened again', async () => {
    await runCommand(page(), 'Terminal: Create New Terminal');
    await waitForTerminal(page(), /practice-pod/);
    await typeInTerminal(page(), 'kept=yes; echo "I am $CONTAINER_ID in $(basename "$PWD")"');
    await waitForTerminal(page(), new RegExp(`^I am ${rental.id} in `, 'm'));
    const url = page().url();
    await page().goto('about:blank');
    await page().goto(url);
    await waitForWorkbench(page());
    await waitForEditor(page(), 'train.py', /# changed there/);
    await waitForTerminal(page(), new RegExp(`^I am ${rental.id} in `, 'm'));
    await typeInTerminal(page(), 'echo "still: $kept"');
    await waitForTerminal(page(), /^still: yes$/m);
    assert.equal(await page().locator('.terminal-wrapper').count(), 1, 'a shell of this computer was opened beside it');
  });

  it('goes without a word when it was asked to', async () => {
    await openContainer(page(), 'GPU Rental');
    await clickInline(page(), 'Instances', gpu, 'Stop…');
    await answerDialog(page(), 'Stop');
    await waitForRows(page(), 'Instances', (rows) => rows.some((row) => /stopped ·/.test(rowText(row))));
    await clickContext(page(), 'Instances', gpu, 'Destroy…');
    await answerDialog(page(), 'Destroy');
    await waitForRows(page(), 'Instances', (rows) => rows.length === 0);
    assert.deepEqual((await readNotices(page())).filter(({ text }) => /cannot be reached|does not exist/.test(text)), []);
  });
});
