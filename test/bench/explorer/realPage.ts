/** The explorer's page as it is bundled, in a real browser, under the policy that it has in the editor. */
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { panelHtml } from '../../../src/ui/panel/panelHtml.ts';
import { ensureChromium, launchChromium } from '../../host/browser.ts';
import { root } from '../../host/paths.ts';
import type { Sent } from './extensionSide.ts';

const origin = 'http://explorer.invalid';

/** Undefined, with the reason told, where there is no browser. */
export async function openRealPage(): Promise<RealPage | undefined> {
  const chromium = ensureChromium('Measuring the explorer in a browser');
  if (chromium === undefined) return undefined;
  const browser = await launchChromium(chromium);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const bundled = await build({ absWorkingDir: root, entryPoints: ['src/webview/explorer/main.ts'], bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', outdir: 'page', write: false });
  const fileOf = (ending: string): string => bundled.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/': ['text/html', panelHtml({ language: 'en', title: 'Explorer', script: '/page.js', style: '/page.css', source: origin, nonce: 'bench' })],
    '/page.js': ['text/javascript', fileOf('.js')],
    '/page.css': ['text/css', fileOf('.css')],
  };
  await page.route(`${origin}/**`, (route) => {
    const [contentType, body] = files[new URL(route.request().url()).pathname] ?? ['text/plain', ''];
    return route.fulfill({ contentType, body });
  });
  await page.addInitScript({ path: join(import.meta.dirname, 'inPage.mjs') });
  await page.goto(`${origin}/`);
  return new RealPage(browser, page);
}

export class RealPage implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #page: Page;

  constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  /** From the message to the picture, in milliseconds. */
  async receive({ table, view }: Sent): Promise<number> {
    const columns = table.columns.map(({ ranks, figures, ...column }) => ({ ...column, ranks: [...ranks], ...(figures === undefined ? {} : { figures: [...figures] }) }));
    await this.#ask('take', { offers: table.offers, columns, view });
    return this.#ask('receive');
  }

  /** Two frames in which nothing is done: what a measurement costs by itself. */
  nothing = (): Promise<number> => this.#ask('nothing');
  sort = (column: string): Promise<number> => this.#ask('sort', column);
  search = (text: string): Promise<number> => this.#ask('search', text);
  scroll = (frames: number): Promise<number> => this.#ask('scroll', frames);
  rows = (): Promise<number> => this.#ask('rows');

  #ask(what: string, argument?: unknown): Promise<number> {
    return this.#page.evaluate(`hand.${what}(${JSON.stringify(argument) ?? ''})`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
