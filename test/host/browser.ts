import { chromium as playwright, type Browser } from 'playwright-core';
import { type CodeServer, ensureCodeServer } from './codeServer.ts';
import { ensureDebianPackages, onDebian } from './debian.ts';
import { findExecutable } from './executable.ts';

const candidates = [
  'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome', 'msedge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
];

/** The browser of this machine; undefined, with the reason on standard error, when none can be had. */
export function ensureChromium(purpose: string): string | undefined {
  const found = findExecutable(candidates);
  if (found) return found;
  if (onDebian()) return ensureDebianPackages(['chromium'], purpose) ? findExecutable(candidates) : undefined;
  console.error(`${purpose} is skipped: there is no Chromium, Chrome or Edge on this machine.`);
  return undefined;
}

export interface BrowserParts {
  readonly server: CodeServer;
  /** Path of the browser. */
  readonly chromium: string;
}

/** What a VS Code drawn in a browser is made of; undefined, with the reason told, when a part cannot be had. */
export async function ensureBrowserParts(purpose: string): Promise<BrowserParts | undefined> {
  const chromium = ensureChromium(purpose);
  const server = chromium === undefined ? undefined : await ensureCodeServer(purpose);
  return chromium === undefined || server === undefined ? undefined : { chromium, server };
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return playwright.launch({
    executablePath,
    headless: true,
    args: [
      // Containers run as root and have a small /dev/shm.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
