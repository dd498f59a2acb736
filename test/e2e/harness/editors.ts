import type { Page } from 'playwright-core';
import { until } from '../../host/until.ts';

/** The lines in sight of the text editor in front, from top to bottom; they are drawn in no order. */
export async function editorText(page: Page): Promise<string> {
  const lines = await page.locator('.editor-instance .view-lines > .view-line').all();
  const read = await Promise.all(lines.map(async (line) => ({
    // A line that is redrawn meanwhile is read again by whoever polls.
    top: (await line.boundingBox())?.y ?? 0,
    text: (await line.textContent({ timeout: 1000 }).catch(() => '')) ?? '',
  })));
  return read.toSorted((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' ')).join('\n');
}

/** Waits until the editor in front has this title and its text matches; gives the text. */
export async function waitForEditor(page: Page, title: string, pattern: RegExp): Promise<string> {
  await page.locator('.tab.active', { hasText: title }).waitFor();
  let seen = '';
  return await until(`${title} to show ${pattern}`, async () => {
    seen = await editorText(page);
    return pattern.test(seen) && seen;
  }, { detail: () => `It shows:\n${seen}` });
}
