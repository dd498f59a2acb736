import type { Page } from 'playwright-core';
import { until } from '../../host/until.ts';

/** Opens the palette and types; what opens or closes beside it may take the focus and close it again. */
async function type(page: Page, typed: string): Promise<void> {
  const input = page.locator('.quick-input-widget .quick-input-box input');
  await until('the palette to take what is typed', async () => {
    await page.keyboard.press('F1');
    return await input.fill(typed, { timeout: 3000 }).then(() => true, () => false);
  });
}

/** Runs a command the way a person does: F1, its title with the category ("GPU Rental: Refresh offers"), Enter. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await type(page, `>${title}`);
  // The label goes on with the key binding where there is one.
  const option = page.locator('.quick-input-list [role=option]').filter({ has: page.locator('.label-name').getByText(title, { exact: true }) });
  await option.first().click();
}

/** The titles the command palette offers for what is typed. */
export async function findCommands(page: Page, typed: string): Promise<string[]> {
  await type(page, `>${typed}`);
  const widget = page.locator('.quick-input-widget');
  await widget.locator('[role=option]', { hasText: typed }).first().waitFor();
  const titles = await widget.locator('[role=option] .quick-input-list-row:first-child .label-name').allInnerTexts();
  await page.keyboard.press('Escape');
  return titles;
}
