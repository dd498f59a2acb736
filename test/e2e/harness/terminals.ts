// Terminals, drawn by the DOM: the setting `terminalSettings` makes their text readable.
import type { Locator, Page } from 'playwright-core';
import { until } from '../../host/until.ts';

/** A canvas would hold pixels alone, and a shell that is started anew as extensions wake loses what was typed. */
export const terminalSettings = {
  'terminal.integrated.gpuAcceleration': 'off',
  'terminal.integrated.enableImages': false,
  'terminal.integrated.environmentChangesRelaunch': false,
};

function active(page: Page): Locator {
  return page.locator('.terminal-wrapper.active');
}

/** What stands in the terminal in front; lines that were too long for it are put together again. */
export async function terminalText(page: Page): Promise<string> {
  const rows = await active(page).locator('.xterm-rows > div').allInnerTexts();
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n').trimEnd();
}

export async function waitForTerminal(page: Page, pattern: RegExp): Promise<RegExpExecArray> {
  let seen = '';
  return await until(`a terminal that shows ${pattern}`, async () => {
    if (await active(page).count() === 0) return undefined;
    seen = await terminalText(page);
    return pattern.exec(seen);
  }, { detail: () => `It shows:\n${seen}` });
}

/** Types a command line into the terminal in front. */
export async function typeInTerminal(page: Page, line: string): Promise<void> {
  await active(page).locator('.xterm-helper-textarea').focus();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}
