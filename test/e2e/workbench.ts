// A VS Code in a browser with the packaged extension, signed in to a practice market of its own: what the
// end-to-end suites drive. Each suite asks for one with useWorkbench(); the pieces to drive it are in harness/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { ensureBrowserParts, launchChromium } from '../host/browser.ts';
import { marketEnvironment, type RunningMarket, startMarketProcess } from '../host/market.ts';
import { cache } from '../host/paths.ts';
import { writeSampleWorkspace } from '../host/sampleWorkspace.ts';
import { temporaryFolder } from '../host/temporary.ts';
import { builtExtension } from '../host/vsix.ts';
import { serveWorkbench, writeSettings } from '../host/workbench.ts';

export interface WorkbenchOptions {
  /**
   * Flags of the practice market, such as `--seed 7`; a market of the suite's own, which ends with the
   * workbench; `false` for an editor that knows of no market.
   */
  readonly market?: readonly string[] | RunningMarket | false;
  /** False leaves the keys out: a person who has no account yet. */
  readonly signedIn?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Files of the opened folder, beside those of the sample project. */
  readonly files?: Readonly<Record<string, string>>;
  /** VSIX files to install beside ours. */
  readonly extensions?: readonly string[];
}

export interface Workbench extends AsyncDisposable {
  readonly page: Page;
  readonly url: string;
  /** The opened folder. */
  readonly folder: string;
  /** GPU_RENTAL_HOME of the extension. */
  readonly home: string;
  /** HOME of the editor: nobody's own SSH configuration is touched. */
  readonly userHome: string;
  /** The settings.json of the user. */
  readonly settingsFile: string;
  readonly market: RunningMarket | undefined;
  /** Writes the user's settings and opens the page anew: a running one does not see them change on the disk. */
  readonly setSettings: (settings: Readonly<Record<string, unknown>>) => Promise<void>;
}

const size = { width: 1280, height: 800 };
const patienceMs = 30_000;

async function marketOf(wanted: NonNullable<WorkbenchOptions['market']>): Promise<RunningMarket | undefined> {
  if (wanted === false) return undefined;
  return 'endpoints' in wanted ? wanted : await startMarketProcess(wanted);
}

function signInEnvironment(market: RunningMarket | undefined, home: string, signedIn: boolean): Record<string, string> {
  if (!market) return { GPU_RENTAL_HOME: home };
  const environment = marketEnvironment(market.endpoints, home);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => signedIn || !name.endsWith('_KEY')));
}

export async function openWorkbench({ market: wanted = [], signedIn = true, settings = {}, files = {}, extensions = [] }: WorkbenchOptions = {}): Promise<Workbench> {
  await using stack = new AsyncDisposableStack();
  const market = stack.use(await marketOf(wanted));
  const parts = await ensureBrowserParts('the workbench end to end');
  if (!parts) throw new Error('There is no browser or no VS Code server.');
  const temporary = stack.use(await temporaryFolder('e2e'));
  const at = (name: string): string => join(temporary.path, name);
  const [data, folder, home, userHome] = [at('data'), at('workspace'), at('home'), at('user')];
  for (const path of [home, userHome]) mkdirSync(path);
  writeSampleWorkspace(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { vsix } = await builtExtension(temporary.path);
  const env = { ...signInEnvironment(market, home, signedIn), HOME: userHome };
  const served = stack.use(await serveWorkbench(parts.server, { data, vsix, others: extensions, folder, settings, env }));
  const browser = stack.use(await launchChromium(parts.chromium));
  // A context of our own: further pages of it are further windows of the same person.
  const page = await (await browser.newContext({ viewport: size })).newPage();
  page.setDefaultTimeout(patienceMs);
  await page.goto(served.url);
  await waitForWorkbench(page);
  const everything = stack.move();
  return {
    page, url: served.url, folder, home, userHome, market,
    settingsFile: join(data, 'User', 'settings.json'),
    setSettings: async (changed) => {
      writeSettings(data, { ...settings, ...changed });
      await page.reload();
      await waitForWorkbench(page);
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

/** After opening or reloading the page: until there is something to click. */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator('.part.activitybar [role=tab]').first().waitFor({ timeout: 2 * patienceMs });
  await page.locator('.part.statusbar .statusbar-item').first().waitFor();
}

/** One workbench for the tests of a suite. What it looked like when one of them failed is kept as a picture. */
export function useWorkbench(options: WorkbenchOptions | (() => Promise<WorkbenchOptions>) = {}): () => Workbench {
  let workbench: Workbench | undefined;
  const current = (): Workbench => {
    if (!workbench) throw new Error('The workbench is open only while tests run.');
    return workbench;
  };
  before(async function open() {
    this.timeout(4 * patienceMs);
    workbench = await openWorkbench(typeof options === 'function' ? await options() : options);
  });
  afterEach(async function keepPicture() {
    if (this.currentTest?.state !== 'failed') return;
    const path = join(cache, 'e2e-failures', `${this.currentTest.fullTitle().replaceAll(/[^\w]+/g, '-')}.png`);
    // The first one may have been closed.
    await current().page.context().pages().at(-1)?.screenshot({ path });
    console.error(`    what it looked like: ${path}`);
  });
  after(async () => await workbench?.[Symbol.asyncDispose]());
  return current;
}
