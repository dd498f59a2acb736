// How it looks when it is hard to look well: thousands of offers, a narrow sidebar, either theme, after a reload.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { until } from '../host/until.ts';
import { runCommand } from './harness/commands.ts';
import { contrast, fits, isCutOff, setSidebarWidth } from './harness/looks.ts';
import { offersSummary } from './harness/offers.ts';
import { openPractice, type Practice } from './harness/practice.ts';
import { pick } from './harness/prompts.ts';
import { inOrder } from './harness/steps.ts';
import { savedState } from './harness/storage.ts';
import { clickPaneAction, expandRow, findRow, jump, literally, openContainer, pane, paneTexts, readRows, rowText, waitForRows } from './harness/trees.ts';
import { useWorkbench, waitForWorkbench } from './workbench.ts';

/** Far more rows than fit on any screen. */
const mostDrawn = 100;

describe('the looks', () => {
  let practice: Practice;
  const workbench = useWorkbench(async () => {
    practice = await openPractice({ seed: 3, offers: 10_000, searchCap: 1000 });
    return { market: practice };
  });
  const page = () => workbench().page;
  /** A group of many pieces. */
  let long: RegExp;
  const rows = (view: string): Locator => pane(page(), view).locator('[role=treeitem]');

  inOrder();
  before(async () => await openContainer(page(), 'GPU Rental'));

  it('has all that the providers gave in one list, and draws only what is in sight', async () => {
    const count = await until('thousands of offers', async () => {
      const [, text = ''] = /^([\d,]+)\+? offers/.exec(await offersSummary(page())) ?? [];
      const offers = Number(text.replaceAll(',', ''));
      return offers > 5000 && offers;
    });
    await clickPaneAction(page(), 'Offers', 'Sort Offers');
    await pick(page(), 'Most reliable first', 'Sort offers');
    await jump(page(), 'Offers', 'Home');
    long = new RegExp(literally(await (await findRow(page(), 'Offers', /([6-9]\d\d|\d,\d{3}) offers$/)).innerText()));
    await expandRow(page(), 'Offers', long);
    assert.ok(await rows('Offers').count() < mostDrawn, `of ${count}`);
  });

  it('goes on from piece to piece to the end of a long group', async () => {
    const first = (await (await findRow(page(), 'Offers', /^\s*[\d,]+ more\s*$/)).innerText()).trim();
    await expandRow(page(), 'Offers', first);
    await waitForRows(page(), 'Offers', (seen) => seen.some(({ level, name }) => level === 3 && /^\$\d+\.\d+\/h/.test(name)));
    assert.ok(await rows('Offers').count() < mostDrawn);
    await offersSummary(page());
    assert.ok(await rows('Offers').count() < mostDrawn);
  });

  it('tells a screen reader what each row says, on every kind of row', async () => {
    await clickPaneAction(page(), 'Offers', 'Collapse All');
    await jump(page(), 'Offers', 'Home');
    await expandRow(page(), 'Offers', long);
    const seen = await readRows(page(), 'Offers');
    for (const row of seen) {
      assert.ok(row.label.includes(/\$\d+\.\d+\/h/.exec(rowText(row))?.[0] ?? row.name), rowText(row));
      if (row.level === 2) assert.match(row.label, /all in, with 40 GB of disk, \d× \d+ GB [A-Z].*, (on demand|interruptible), /);
    }
    assert.ok(seen.some(({ level }) => level === 2));
    await jump(page(), 'Offers', 'End');
    const summary = await findRow(page(), 'Offers', /GB disk$/);
    assert.match(await summary.getAttribute('aria-label') ?? '', /offers.* read at \d\d:\d\d:\d\d · 40 GB disk$/);
  });

  it('keeps everything that can be pressed whole in a narrow sidebar', async () => {
    const width = await setSidebarWidth(page(), 200);
    assert.ok(width <= 210, `${width} pixels`);
    const header = pane(page(), 'Offers').locator('.pane-header');
    await header.hover();
    const actions = await header.locator('.actions-container a[role=button]').all();
    assert.ok(actions.length >= 3);
    for (const action of actions) assert.ok(await fits(action, pane(page(), 'Offers')), await action.getAttribute('aria-label') ?? '');
    const button = pane(page(), 'Instances').getByRole('button', { name: 'Rent a GPU' });
    assert.ok(await fits(button, pane(page(), 'Instances')));
    assert.equal(await isCutOff(button), false);
    await jump(page(), 'Offers', 'Home');
    const row = await findRow(page(), 'Offers', /\/h\s+\d× \d+ GB/);
    await row.hover();
    assert.ok(await fits(row.getByRole('button', { name: 'Rent…' }), pane(page(), 'Offers')));
  });

  it('is readable in light and in dark', async () => {
    const dark = async (): Promise<boolean> => await page().locator('.monaco-workbench.vs-dark').count() > 0;
    for (const _ of ['one', 'the other']) {
      const was = await dark();
      await runCommand(page(), 'Preferences: Toggle between Light/Dark Themes');
      await until('the other theme', async () => await dark() !== was);
      for (const row of (await rows('Offers').all()).slice(0, 5)) {
        // Colours may fade into each other.
        for (const [part, least] of [['.label-name', 4.5], ['.label-description', 4.5], ['.custom-view-tree-node-item-icon', 3]] as const) {
          let found = 0;
          await until(`contrast of ${part}`, async () => (found = await contrast(row.locator(part).first())) >= least, {
            seconds: 10, detail: () => `It is ${found} when dark is ${!was}.`,
          });
        }
      }
    }
  });

  it('remembers the filter and the order over a reload', async () => {
    await setSidebarWidth(page(), 420);
    await clickPaneAction(page(), 'Offers', 'Filter Offers');
    await pick(page(), 'Provider', 'Filter offers');
    await pick(page(), 'RunPod', 'Provider');
    await page().keyboard.press('Escape');
    const words = 'RunPod · Most reliable first';
    await until('the filter beside the name', async () => (await paneTexts(page(), 'Offers')).description === words);
    await until('the browser to have it on disk', async () => /"provider":"runpod"/.test(await savedState(page())));
    await page().reload();
    await waitForWorkbench(page());
    await openContainer(page(), 'GPU Rental');
    await waitForRows(page(), 'Offers', (seen) => seen.length > 0);
    assert.equal((await paneTexts(page(), 'Offers')).description, words);
    await clickPaneAction(page(), 'Offers', 'Clear Filter');
    await until('the filter to be gone', async () => (await paneTexts(page(), 'Offers')).description === 'Most reliable first');
  });
});
