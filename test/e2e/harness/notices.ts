// What tells a person something: notifications and the status bar.
import type { Locator, Page } from 'playwright-core';
import { until } from '../../host/until.ts';

export interface Notice {
  readonly text: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly buttons: readonly string[];
}

function toasts(page: Page): Locator {
  return page.locator('.notifications-toasts .notification-list-item');
}

/** The notifications in sight, the newest first. */
export async function readNotices(page: Page): Promise<Notice[]> {
  const read = await Promise.all((await toasts(page).all()).map(async (toast): Promise<Notice | undefined> => {
    try {
      const message = toast.locator('.notification-list-item-message');
      const text = await message.innerText({ timeout: 1000 });
      const icon = await toast.locator('.notification-list-item-icon').getAttribute('class', { timeout: 1000 }) ?? '';
      const buttons = await toast.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
      // The next one moved into its place while it was read.
      if (await message.innerText({ timeout: 1000 }) !== text) return undefined;
      return { text, buttons, severity: icon.includes('codicon-error') ? 'error' : icon.includes('codicon-warning') ? 'warning' : 'info' };
    } catch {
      // It went away while it was read.
      return undefined;
    }
  }));
  return read.filter((notice) => notice !== undefined);
}

export async function waitForNotice(page: Page, pattern: RegExp, seconds = 60): Promise<Notice> {
  let seen: Notice[] = [];
  return await until(`a notification like ${pattern}`, async () => {
    seen = await readNotices(page);
    return seen.find(({ text }) => pattern.test(text));
  }, { seconds, detail: () => `In sight: ${seen.map(({ text }) => text).join(' | ')}` });
}

/** Presses a button of the notification with this text. */
export async function answerNotice(page: Page, pattern: RegExp, button: string): Promise<void> {
  await waitForNotice(page, pattern);
  const toast = toasts(page).filter({ hasText: pattern }).first();
  // Buttons of a folded notification appear when the pointer is over it.
  await toast.hover();
  await toast.locator('.notification-list-item-buttons-container').getByRole('button', { name: button }).click();
}

export interface StatusItem {
  readonly id: string;
  readonly text: string;
  /** What a screen reader says. */
  readonly label: string;
  /** Coloured as a warning or an error. */
  readonly kind: 'plain' | 'warning' | 'error';
}

/** The entries of the status bar whose id contains this, from left to right. */
export async function readStatus(page: Page, id = ''): Promise<StatusItem[]> {
  const items = page.locator(`.part.statusbar .statusbar-item[id*="${id}"]`);
  return await Promise.all((await items.all()).map(async (item) => {
    const kind = await item.getAttribute('class') ?? '';
    return {
      id: await item.getAttribute('id') ?? '',
      text: (await item.innerText()).trim(),
      label: await item.getAttribute('aria-label') ?? '',
      kind: kind.includes('error-kind') ? 'error' : kind.includes('warning-kind') ? 'warning' : 'plain',
    };
  }));
}

export async function clickStatus(page: Page, id: string): Promise<void> {
  await page.locator(`.part.statusbar .statusbar-item[id*="${id}"] a`).first().click();
}

/** What appears when the pointer rests on the entry. */
export async function hoverStatus(page: Page, id: string): Promise<string> {
  return await hoverText(page, page.locator(`.part.statusbar .statusbar-item[id*="${id}"]`).first());
}

/** What appears when the pointer rests there. A table has a line for each row. */
export async function hoverText(page: Page, target: Locator): Promise<string> {
  // What is made on demand says so first.
  const hover = page.locator('.workbench-hover-container .monaco-hover').filter({ hasNotText: /^Loading\.\.\.$/ }).last();
  // What is drawn anew under the pointer takes its hover away, and shows none until the pointer comes again.
  const text = await until('what appears under the pointer', async () => {
    try {
      await target.hover({ timeout: 5_000 });
      await hover.waitFor({ timeout: 5_000 });
      return await hover.innerText({ timeout: 1_000 });
    } catch {
      await page.mouse.move(0, 0);
      return undefined;
    }
  });
  return text.replaceAll('\t', ' ');
}
