import type { Page } from 'playwright-core';
import { until } from '../../host/until.ts';

/** Opens a file of the workspace by its name, as Ctrl+P does. */
export async function openFile(page: Page, name: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  const option = widget.locator('[role=option] .label-name').getByText(name, { exact: true }).first();
  // A list closes when the focus goes elsewhere, and a webview gives it up only after a while.
  await until(`${name} to be listed`, async () => {
    await page.keyboard.press('ControlOrMeta+P');
    return await widget.locator('.quick-input-box input').fill(name, { timeout: 2000 })
      .then(() => option.click({ timeout: 5000 })).then(() => true, () => false);
  });
  await page.locator('.tab.active', { hasText: name }).first().waitFor();
}
