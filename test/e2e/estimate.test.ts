// What a script costs before a cent is spent: three scripts as people write them, one fact that is changed, and the
// pick that is rented.
import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { until } from '../host/until.ts';
import { openFile } from './harness/files.ts';
import { contrast, fits, setTheme, webview } from './harness/looks.ts';
import { readNotices, waitForNotice } from './harness/notices.ts';
import { newest, openPractice, type Practice, readLedger, runToSsh } from './harness/practice.ts';
import { answerDialog, readDialog } from './harness/prompts.ts';
import { inOrder } from './harness/steps.ts';
import { openContainer, waitForRows } from './harness/trees.ts';
import { useWorkbench } from './workbench.ts';

const headline = /^≈ \$(\d+(?:\.\d+)?) · .*? on (.+?) · ([\d,]+) offers? fits?$/;

describe('what a script costs', () => {
  let practice: Practice;
  const workbench = useWorkbench(async () => {
    practice = await openPractice({ seed: 7, offers: 80, bootScale: 1 });
    return { market: practice };
  });
  inOrder();
  const page = () => workbench().page;
  const panel = (): FrameLocator => webview(page());
  const part = (name: string): Locator => panel().locator(`[data-part="${name}"]`);

  const rateOf = (text: string): number => Number(/\$(\d+\.\d+)/.exec(text)?.[1]);

  /** Waits until the panel of this script has figures, and gives its headline. */
  async function figures(name: string): Promise<{ usd: number; machine: string; fit: number }> {
    const shown = async (): Promise<string | undefined> => {
      if (await page().locator('iframe.webview.ready:visible').count() !== 1) return undefined;
      if ((await part('title').allInnerTexts())[0] !== name) return undefined;
      const [line] = await part('headline').allInnerTexts();
      return line !== undefined && headline.test(line) && await panel().locator('body[aria-busy=false]').count() > 0 ? line : undefined;
    };
    // The panel of another script may be on its way out while this one is asked, and its frame goes with it.
    let last: unknown;
    const text = await until(`figures for ${name}`, () => shown().catch((error: unknown) => {
      last = error;
      return undefined;
    }), { detail: () => String(last ?? '') });
    const [, usd, machine = '', fit = ''] = headline.exec(text) ?? [];
    return { usd: Number(usd), machine, fit: Number(fit.replaceAll(',', '')) };
  }

  async function estimate(name: string): Promise<{ usd: number; machine: string; fit: number }> {
    // Among the scripts, not among their panels: a script that covered the panels would get one in a column of its own.
    await page().keyboard.press('ControlOrMeta+1');
    await openFile(page(), name);
    await page().locator('.editor-instance .editor-actions, .editor-actions').getByRole('button', { name: 'Estimate What This Script Costs' }).first().click();
    const found = await figures(name);
    // Where there is one column, what was read is folded.
    await until('what was read to be in sight', async () => {
      if (await panel().locator('#fact-model').isVisible().catch(() => false)) return true;
      await panel().locator('details[data-fold=facts] > summary').click({ timeout: 2000 }).catch(() => undefined);
      return false;
    });
    return found;
  }

  const factInput = (name: string): Locator => panel().locator(`#fact-${name}`);

  it('shows nothing over a script before anybody asked, and does not start for it', async () => {
    await openFile(page(), 'train_lora.py');
    await page().locator('.view-line', { hasText: 'SFTTrainer(' }).first().waitFor();
    assert.equal(await page().locator('.codelens-decoration').count(), 0);
    assert.deepEqual(Object.keys((await readLedger(practice)).requests['vast'] ?? {}), []);
  });

  it('reads a LoRA fine-tune and says what it costs on the offers of today', async () => {
    const { usd, machine, fit } = await estimate('train_lora.py');
    assert.ok(usd > 0.05 && usd < 50, `$${usd}`);
    assert.ok(fit > 5, `${fit} offers`);
    assert.notEqual(machine, '');
    for (const [name, value] of [['epochs', '3'], ['microBatch', '8'], ['accumulation', '2'], ['samples', '52002'], ['loraRank', '16']] as const) {
      assert.equal(await factInput(name).inputValue(), value, name);
    }
    assert.equal(await factInput('method').inputValue(), 'lora');
    assert.match(await factInput('model').inputValue(), /Qwen2\.5-1\.5B/);
    assert.deepEqual((await readNotices(page())).filter(({ severity }) => severity !== 'info'), []);
  });

  it('leads from a fact to the line it stands on', async () => {
    await panel().locator('#fact-epochs-place').click();
    const line = page().locator('.editor-instance .view-line', { hasText: 'num_train_epochs=3' }).first();
    await line.waitFor();
    await until('the cursor on that line', async () => /\(?Ln 1[0-9],/.test(await page().locator('.statusbar-item[id="status.editor.selection"]').innerText()));
  });

  it('says it above the line that drives it, too', async () => {
    const lens = page().locator('.codelens-decoration a').filter({ hasText: '≈ $' });
    await lens.first().waitFor();
    const { usd, machine } = await figures('train_lora.py');
    await until('lens and panel to agree', async () => {
      const [, cost, where] = headline.exec((await lens.first().innerText()).replaceAll(/\s+/g, ' ')) ?? [];
      return Number(cost) === usd && where === machine;
    });
  });

  it('recomputes when one fact is changed, and ranks anew', async () => {
    const before = await figures('train_lora.py');
    const order = async (): Promise<string[]> => await panel().locator('table.offers tbody tr').evaluateAll((rows: { textContent: string | null }[]) => rows.map(({ textContent }) => textContent ?? ''));
    const ranked = await order();
    await factInput('epochs').fill('9');
    await factInput('epochs').press('Enter');
    const after = await until('three times the work to cost more', async () => {
      const now = await figures('train_lora.py');
      return now.usd > before.usd * 2 && now;
    });
    assert.ok(after.usd < before.usd * 3.3, `$${before.usd} became $${after.usd}`);
    assert.notDeepEqual(await order(), ranked);
    await panel().locator('#fact-epochs-back').click();
    await until('the script’s own epochs to count again', async () => (await figures('train_lora.py')).usd === before.usd);
  });

  it('follows what is typed into the script', async () => {
    const before = await figures('train_lora.py');
    // Not in its middle, which may lie under the panel.
    await page().locator('.editor-instance .view-line', { hasText: 'num_train_epochs=3' }).first().click({ position: { x: 60, y: 8 } });
    await page().keyboard.press('End');
    await page().keyboard.press('ArrowLeft');
    await page().keyboard.press('Backspace');
    await page().keyboard.type('6');
    await until('six epochs to be read', async () => await factInput('epochs').inputValue() === '6');
    await until('six epochs to cost more', async () => (await figures('train_lora.py')).usd > before.usd * 1.4);
  });

  it('is readable in light and in dark', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(workbench(), theme);
      await estimate('train_lora.py');
      for (const name of ['headline', 'facts'] as const) assert.ok(await contrast(part(name)) >= 4.5, `${name} in ${theme}`);
      assert.ok(await fits(panel().locator('#rent-chosen'), panel().locator('body')));
    }
  });

  for (const { file, read } of [
    { file: 'classify.py', read: { epochs: '20', microBatch: '128', samples: '50000', resolution: '224' } },
    { file: 'dreambooth.sh', read: { steps: '500', accumulation: '4', resolution: '1024', loraRank: '16' } },
  ]) {
    it(`reads ${file} as well`, async () => {
      const { usd, fit } = await estimate(file);
      assert.ok(usd > 0.01 && usd < 100, `$${usd}`);
      assert.ok(fit > 0);
      for (const [name, value] of Object.entries(read)) assert.equal(await factInput(name).inputValue(), value, name);
    });
  }

  it('rents the cheapest pick, with limits that hold for the estimate', async () => {
    await openContainer(page(), 'GPU Rental');
    await waitForRows(page(), 'Offers', (rows) => rows.length > 0);
    await openFile(page(), 'classify.py');
    await estimate('classify.py');
    const pick = panel().locator('.picks button').first();
    await pick.click();
    await until('the pick to be the chosen one', async () => await pick.getAttribute('aria-pressed') === 'true');
    const { usd } = await figures('classify.py');
    await panel().locator('#rent-chosen').click();
    // The price is asked anew, and searches are rationed by the minute: the panels and the sidebar have used some.
    await page().locator('.monaco-dialog-box').waitFor({ timeout: 90_000 });
    const { message, detail } = await readDialog(page());
    assert.match(message, /^Rent .* for \$\d+\.\d+\/h\?$/);
    const budget = Number(/at \$(\d+\.\d\d)/.exec(detail)?.[1]);
    assert.ok(budget >= usd, `a budget of $${budget} for about $${usd}`);
    assert.ok(rateOf(message) > 0);
    await answerDialog(page(), 'Rent');
    await until('the machine', async () => (await readLedger(practice)).createsAccepted === 1);
    await runToSsh(practice, newest(practice));
    await waitForNotice(page(), /is ready/);
  });
});
