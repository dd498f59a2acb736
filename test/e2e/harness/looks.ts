// How the workbench looks: themes, widths, webviews.
import type { FrameLocator, Page } from 'playwright-core';
import { until } from '../../host/until.ts';
import type { Workbench } from '../workbench.ts';

const themes = {
  dark: { name: 'Dark Modern', mark: 'vs-dark' },
  light: { name: 'Light Modern', mark: 'vs' },
  contrast: { name: 'Default High Contrast', mark: 'hc-black' },
} as const;

export async function setTheme({ page, setSettings }: Workbench, theme: keyof typeof themes): Promise<void> {
  const { name, mark } = themes[theme];
  await setSettings({ 'workbench.colorTheme': name });
  await page.locator(`.monaco-workbench.${mark}`).waitFor();
}

/** Drags the edge of the sidebar; the workbench stops at its own smallest width. Gives the width it got. */
export async function setSidebarWidth(page: Page, width: number): Promise<number> {
  const box = async (): Promise<{ x: number; y: number; width: number; height: number }> => {
    const found = await page.locator('.part.sidebar').boundingBox();
    if (!found) throw new Error('The sidebar is closed.');
    return found;
  };
  const before = await box();
  const edge = { x: before.x + before.width, y: before.y + before.height / 2 };
  await page.mouse.move(edge.x, edge.y);
  await page.mouse.down();
  await page.mouse.move(before.x + width, edge.y, { steps: 8 });
  await page.mouse.up();
  return await until('the sidebar to take its width', async () => {
    const { width: now } = await box();
    return now !== before.width || before.width === width ? now : undefined;
  });
}

/** The document inside the webview in sight. */
export function webview(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
}
