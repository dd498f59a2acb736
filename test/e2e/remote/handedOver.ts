// Which folders the editor was asked to open. A browser's editor takes every remote folder for one of its own
// server and drops the authority from the address of the new window, so it is read where the extension says it:
// in the messages that the extension host sends to the page.
import type { Page } from 'playwright-core';

export interface Asked {
  readonly authority: string;
  readonly path: string;
  readonly newWindow: boolean;
}

const request = /"vscode\.openFolder",\[(\{[^{}]*\}),(\{[^{}]*\})\]/g;

/** Gives the list to which every request from now on is added. */
export async function watchOpenFolder(page: Page): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const session = await page.context().newCDPSession(page);
  session.on('Network.webSocketFrameReceived', ({ response: { opcode, payloadData } }) => {
    const text = opcode === 2 ? Buffer.from(payloadData, 'base64').toString('utf8') : payloadData;
    for (const [, uri = '', options = ''] of text.matchAll(request)) {
      const { scheme, authority, path }: { scheme: string; authority: string; path: string } = JSON.parse(uri);
      const { forceNewWindow = false }: { forceNewWindow?: boolean } = JSON.parse(options);
      if (scheme === 'vscode-remote') asked.push({ authority, path, newWindow: forceNewWindow });
    }
  });
  await session.send('Network.enable');
  return asked;
}
