// How the workbench looks: themes, widths, webviews.
import type { FrameLocator, Locator, Page } from 'playwright-core';
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

/** Lies wholly inside, to the pixel. */
export async function fits(part: Locator, whole: Locator): Promise<boolean> {
  const [inner, outer] = [await part.boundingBox(), await whole.boundingBox()];
  if (!inner || !outer) return false;
  return inner.x >= outer.x - 1 && inner.x + inner.width <= outer.x + outer.width + 1
    && inner.y >= outer.y - 1 && inner.y + inner.height <= outer.y + outer.height + 1;
}

/** Its text is wider than itself. */
export async function isCutOff(part: Locator): Promise<boolean> {
  return await part.evaluate((node) => node.scrollWidth > node.clientWidth + 1);
}

/** Contrast of the text's colour with what is solid behind it, from 1 to 21, as WCAG counts it. */
export async function contrast(text: Locator): Promise<number> {
  const colours = await text.evaluate((node): string[] => {
    const look = node.ownerDocument.defaultView.getComputedStyle;
    const behind: string[] = [];
    for (let one = node; one !== null; one = one.parentElement) behind.push(look(one).backgroundColor);
    return [look(node, node.textContent === '' ? '::before' : null).color, ...behind.filter((colour) => colour.startsWith('rgb('))];
  });
  const [front = 0, back = 0] = colours.slice(0, 2).map(luminance);
  return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3)
    .map((part) => Number(part) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
