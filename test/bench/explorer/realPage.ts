/** The explorer's page as it is bundled, in a real browser, under the policy that it has in the editor. */
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, CDPSession, Page } from 'playwright-core';
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
  const meter = await page.context().newCDPSession(page);
  await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
  return new RealPage(browser, page, meter);
}

/** Until it was painted, and what that took of one core, whatever else the machine does. In milliseconds. */
export interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

export class RealPage implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #meter: CDPSession;

  constructor(browser: Browser, page: Page, meter: CDPSession) {
    this.#browser = browser;
    this.#page = page;
    this.#meter = meter;
  }

  /** From the message to the picture. */
  async receive({ table, view }: Sent): Promise<Took> {
    const columns = table.columns.map(({ ranks, figures, ...column }) => ({ ...column, ranks: [...ranks], ...(figures === undefined ? {} : { figures: [...figures] }) }));
    await this.#ask('take', { offers: table.offers, columns, view });
    return this.#timed('receive');
  }

  /** A frame in which nothing is done: what a measurement costs by itself. */
  nothing = (): Promise<Took> => this.#timed('nothing');
  sort = (column: string): Promise<Took> => this.#timed('sort', column);
  search = (text: string): Promise<Took> => this.#timed('search', text);
  /** The longest of as many frames, and what all of them took of a core. */
  scroll = (frames: number): Promise<Took> => this.#timed('scroll', frames);
  rows = (): Promise<number> => this.#ask('rows');

  async #timed(what: string, argument?: unknown): Promise<Took> {
    const before = await this.#cpuSeconds();
    const ms = await this.#ask(what, argument);
    return { ms, cpuMs: (await this.#cpuSeconds() - before) * 1000 };
  }

  #ask(what: string, argument?: unknown): Promise<number> {
    return this.#page.evaluate(`hand.${what}(${JSON.stringify(argument) ?? ''})`);
  }

  /** Of the page's own thread. */
  async #cpuSeconds(): Promise<number> {
    const { metrics } = await this.#meter.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
