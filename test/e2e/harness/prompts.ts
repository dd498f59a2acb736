// What asks a person something: modal dialogs, quick picks and input boxes.
import type { Locator, Page } from 'playwright-core';
import { until } from '../../host/until.ts';

export interface Dialog {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

function dialogBox(page: Page): Locator {
  return page.locator('.monaco-dialog-box');
}

/** Waits for a modal dialog and reads it. */
export async function readDialog(page: Page): Promise<Dialog> {
  const box = dialogBox(page);
  // Vast allows ten searches a minute, and an offer is looked at again before it is asked about.
  await box.waitFor({ timeout: 100_000 });
  const detail = box.locator('.dialog-message-detail');
  return {
    message: await box.locator('.dialog-message-text').innerText(),
    detail: await detail.isVisible() ? await detail.innerText() : '',
    buttons: await box.locator('.dialog-buttons .monaco-button').allInnerTexts(),
  };
}

/** Presses a button of the open modal dialog and waits until it is gone; gives what it said. */
export async function answerDialog(page: Page, button: string): Promise<Dialog> {
  const dialog = await readDialog(page);
  await dialogBox(page).locator('.dialog-buttons').getByRole('button', { name: button, exact: true }).click();
  await until(`the dialog "${dialog.message}" to close`, async () =>
    !(await dialogBox(page).locator('.dialog-message-text').allInnerTexts()).includes(dialog.message));
  return dialog;
}

export async function dialogIsOpen(page: Page): Promise<boolean> {
  return await dialogBox(page).isVisible();
}

function quickInput(page: Page, title: string): Locator {
  return page.locator('.quick-input-widget').filter({ has: page.locator('.quick-input-title', { hasText: title }) });
}

function options(widget: Locator): Locator {
  return widget.locator('.quick-input-list .monaco-list-row');
}

export interface Choice {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** Waits for a quick pick with this title ('' for any) and reads what can be picked and is in sight. */
export async function readChoices(page: Page, title = ''): Promise<Choice[]> {
  const widget = quickInput(page, title);
  await options(widget).first().waitFor();
  const part = async (row: Locator, selector: string): Promise<string> => (await row.locator(selector).allInnerTexts()).join(' ').trim();
  return await Promise.all((await options(widget).all()).map(async (row) => ({
    label: await part(row, '.quick-input-list-row:first-child .label-name'),
    description: await part(row, '.quick-input-list-row:first-child .label-description'),
    detail: await part(row, '.quick-input-list-label-meta'),
  })));
}

/** Picks the entry with this label; it is typed where the list is too long to show it. */
export async function pick(page: Page, label: string, title = ''): Promise<void> {
  const widget = quickInput(page, title);
  await options(widget).first().waitFor();
  const option = options(widget).filter({ has: page.locator('.label-name').getByText(label, { exact: true }) }).first();
  if (await option.count() === 0) await type(page, label, title);
  await option.click();
}

/** Ticks exactly these entries of a pick with many answers, and accepts. */
export async function pickMany(page: Page, labels: readonly string[], title = ''): Promise<void> {
  const widget = quickInput(page, title);
  await options(widget).first().waitFor();
  for (const row of await options(widget).all()) {
    const name = await row.locator('.label-name').first().innerText();
    const ticked = await row.getAttribute('aria-checked') === 'true';
    if (ticked !== labels.includes(name)) await row.click();
  }
  await widget.locator('.quick-input-header').getByRole('button', { name: 'OK' }).click();
}

/** Fills an input box and accepts it. */
export async function enter(page: Page, text: string, title = ''): Promise<void> {
  // A list that is just closing may bear the same title.
  await quickInput(page, title).locator('.quick-input-list').waitFor({ state: 'hidden' });
  await type(page, text, title);
  await page.keyboard.press('Enter');
}

/** Chooses a folder of this computer in the editor's own dialog, whose button reads as its title does. */
export async function chooseFolder(page: Page, path: string, title: string): Promise<void> {
  const widget = quickInput(page, title);
  await options(widget).first().waitFor();
  await type(page, `${path}/`, title);
  await widget.getByRole('button', { name: title }).click();
  await widget.waitFor({ state: 'hidden' });
}

/** Fills an input box and leaves it open. */
export async function type(page: Page, text: string, title = ''): Promise<void> {
  await quickInput(page, title).locator('.quick-input-box input').fill(text);
}

/** The line under an input box: its prompt, or what is wrong with what was typed. */
export async function inputMessage(page: Page, title = ''): Promise<string> {
  return await quickInput(page, title).locator('.quick-input-message').innerText();
}

export async function dismissQuickInput(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}
