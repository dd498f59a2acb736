import type { Locator, Page } from 'playwright-core';
import { until } from '../../host/until.ts';

export interface Row {
  /** What is written in the row: its name, then in lighter letters its description. */
  readonly name: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly label: string;
  /** 1 at the root. */
  readonly level: number;
  /** undefined where there is nothing to open. */
  readonly expanded: boolean | undefined;
}

/** The row as one line. */
export function rowText({ name, description }: Row): string {
  return `${name} ${description}`.trimEnd();
}

/** Text as a part of a pattern; however wide its spaces are drawn. */
export const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(/\s+/g, '\\s+');

/** This very row. */
export const rowPattern = (row: Row): RegExp => new RegExp(`^\\s*${literally(row.name)}\\s*${literally(row.description)}\\s*$`);

const sidebar = '.part.sidebar';

/** Opens a view container by the title of its icon, and leaves it open when it is. */
export async function openContainer(page: Page, title: string): Promise<void> {
  const heading = page.locator(`${sidebar} .composite.title h2`).filter({ hasText: new RegExp(`^${literally(title)}$`, 'i') });
  const icon = page.locator('.part.activitybar').getByRole('tab', { name: title }).first();
  // A click on the icon of a container that is just opening by itself closes it.
  await until(`the container ${title}`, async () => {
    if (await heading.isVisible()) return true;
    if (await icon.getAttribute('aria-selected') !== 'true') await icon.click();
    return await inTime(heading.waitFor({ timeout: 5_000 }));
  });
}

/** One view of the open container, by its name. */
export function pane(page: Page, view: string): Locator {
  return page.locator(`${sidebar} .pane`).filter({ has: page.locator('.pane-header').getByRole('heading', { name: view, exact: true }) });
}

/** The line of text above the tree, and what stands beside the view's name. */
export async function paneTexts(page: Page, view: string): Promise<{ message: string; description: string }> {
  const shown = async (part: Locator): Promise<string> => (await part.count()) > 0 ? clean(await part.first().innerText()) : '';
  const found = pane(page, view);
  return { message: await shown(found.locator('.pane-body .message')), description: await shown(found.locator('.pane-header .description')) };
}

/** A button in the view's header. It is there only while the pointer or the focus is in the view. */
export async function clickPaneAction(page: Page, view: string, action: string): Promise<void> {
  await pane(page, view).locator('.pane-header').hover();
  await pane(page, view).locator('.pane-header').getByRole('button', { name: action }).click();
}

function rowsOf(page: Page, view: string): Locator {
  return pane(page, view).locator('[role=treeitem]');
}

/** What this needs to know of an element; the page itself is no part of this program. */
interface Drawn {
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string | null }>;
}

/** The rows that are drawn now, from top to bottom; a long tree draws only what is in sight. */
export async function readRows(page: Page, view: string): Promise<Row[]> {
  // One moment of the tree: read row by row, rows of before and after a refresh would be mixed.
  const read = await rowsOf(page, view).evaluateAll((rows: Drawn[]) => rows.map((row) => {
    const text = (part: string): string => [...row.querySelectorAll(part)].map(({ textContent }) => textContent ?? '').join(' ');
    const attribute = (name: string): string => row.getAttribute(name) ?? '';
    return {
      index: Number(attribute('data-index')),
      name: text('.label-name'),
      description: text('.label-description'),
      label: attribute('aria-label'),
      level: Number(attribute('aria-level')),
      expanded: attribute('aria-expanded'),
    };
  }));
  return read.toSorted((a, b) => a.index - b.index).map(({ name, description, label, level, expanded }) => ({
    name: clean(name), description: clean(description), label, level, expanded: expanded === '' ? undefined : expanded === 'true',
  }));
}

/** Waits until the drawn rows satisfy the condition, and gives them. */
export async function waitForRows(page: Page, view: string, condition: (rows: readonly Row[]) => boolean, seconds = 30): Promise<Row[]> {
  let last: Row[] = [];
  return await until(`rows of ${view}`, async () => {
    last = await readRows(page, view);
    return condition(last) && last;
  }, { seconds, detail: () => `Last seen:\n${last.map(rowText).join('\n')}` });
}

/** The row with this text (or one matching), scrolled to when it is out of sight. */
export async function findRow(page: Page, view: string, text: string | RegExp): Promise<Locator> {
  const wanted = rowsOf(page, view).filter({ hasText: text }).first();
  const list = pane(page, view).locator('[role=tree]');
  await list.waitFor();
  let seen = '';
  let down = true;
  await until(`the row ${text} in ${view}`, async () => {
    const distance = await distanceFromSight(wanted, list);
    if (distance === 0) return true;
    const drawn = (await rowsOf(page, view).allInnerTexts()).join('\n');
    // Nothing new: this end is reached. Rows may have come meanwhile, so it goes on in the other direction.
    if (drawn === seen) down = !down;
    seen = drawn;
    const screenful = Math.max(44, ((await list.boundingBox())?.height ?? 0) - 66);
    await scroll(page, view, distance ?? (down ? screenful : -screenful));
    return false;
  });
  return wanted;
}

/** Turns the wheel over the view; `distance` is in pixels, and down where it is positive. */
async function scroll(page: Page, view: string, distance: number): Promise<void> {
  const { x, y, width, height } = await pane(page, view).locator('[role=tree]').boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.wheel(0, distance);
}

/** The first row below this one, opened, that is `wanted`. */
export async function findBelow(page: Page, view: string, text: string | RegExp, wanted: (row: Row) => boolean): Promise<Row> {
  // Opened at the lower edge, or pushed there by rows that come in above, it has its rows out of sight.
  return await until(`a row below ${text} in ${view}`, async () => {
    await expandRow(page, view, text);
    const found = (await readRows(page, view)).find(wanted);
    if (found === undefined) await scroll(page, view, 66);
    return found;
  });
}

/** To the first or the last row, as a person does who does not want to scroll past thousands. */
export async function jump(page: Page, view: string, key: 'Home' | 'End'): Promise<void> {
  await pane(page, view).locator('[role=tree]').press(key);
}

/** How far to scroll until the row is not cut off; undefined when it is not drawn. Some rows are drawn out of sight. */
async function distanceFromSight(row: Locator, list: Locator): Promise<number | undefined> {
  const box = await row.isVisible() ? await row.boundingBox() : null;
  const frame = await list.boundingBox();
  if (!box || !frame) return undefined;
  const pinned = await list.locator('.monaco-tree-sticky-container').boundingBox();
  const above = frame.y + (pinned?.height ?? 0) - box.y;
  const below = box.y + box.height - (frame.y + frame.height);
  // At either end of the list a border may lie over the last few pixels, and nothing brings them nearer.
  const hidden = 4;
  if (above > hidden) return -above;
  return below > hidden ? below : 0;
}

export async function expandRow(page: Page, view: string, text: string | RegExp): Promise<void> {
  // Offers that come in between move the rows, and the click goes to another.
  await until(`${text} to open`, async () => {
    const row = await findRow(page, view, text);
    if (await row.getAttribute('aria-expanded') === 'true') return true;
    await row.locator('.monaco-tl-twistie').click({ timeout: 2000 }).catch(() => undefined);
    const opened = rowsOf(page, view).and(page.locator('[aria-expanded=true]')).filter({ hasText: text });
    return await inTime(opened.first().waitFor({ timeout: 2000 }));
  });
}

/** An inline action, which shows when the pointer is over its row. */
export async function clickInline(page: Page, view: string, text: string | RegExp, action: string | RegExp): Promise<void> {
  // A list that is drawn anew in between moves the row away from under the pointer.
  await until(`${action} on ${text}`, async () => {
    const row = await findRow(page, view, text);
    await row.hover();
    return await inTime(row.getByRole('button', { name: action }).click({ timeout: 1000 }));
  });
}

/** An entry of the row's context menu. */
export const clickContext = (page: Page, view: string, text: string | RegExp, entry: string | RegExp): Promise<void> =>
  clickMenu(page, () => findRow(page, view, text), entry);

export async function clickMenu(page: Page, find: () => Promise<Locator>, entry: string | RegExp): Promise<void> {
  const menu = page.locator('.context-view .monaco-menu');
  const item = menu.getByRole('menuitem', { name: entry });
  // A menu is made for what the row was when it opened: a machine that has just changed has another one now. And a
  // menu that has just opened swallows clicks, so that letting go of the right button chooses nothing.
  await until(`the menu to take ${entry}`, async () => {
    if (!await item.isVisible()) {
      if (await menu.isVisible()) await page.keyboard.press('Escape');
      const row = await find();
      if (!await inTime(row.click({ button: 'right', timeout: 2000 })) || !await inTime(item.waitFor({ timeout: 1000 }))) return false;
    }
    return await inTime(item.click({ timeout: 1000 })) && await inTime(item.waitFor({ state: 'hidden', timeout: 1000 }));
  });
}

const inTime = (action: Promise<void>): Promise<boolean> => action.then(() => true, () => false);

/** Tree rows are padded with no-break spaces and drawn in several boxes. */
function clean(text: string): string {
  return text.replaceAll(/[\s\u00a0]+/g, ' ').trim();
}
