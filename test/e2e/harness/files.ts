import type { Page } from 'playwright-core';

/** Opens a file of the workspace by its name, as Ctrl+P does. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+P');
  const widget = page.locator('.quick-input-widget');
  await widget.locator('.quick-input-box input').fill(name);
  await widget.locator('[role=option] .label-name').getByText(name, { exact: true }).first().click();
  await page.locator('.tab.active', { hasText: name }).first().waitFor();
}
