import type { Page } from 'playwright-core';

/** What our extension remembers beyond the window, as the browser has it on disk: it comes there a moment late. */
export async function savedState(page: Page): Promise<string> {
  const script = `new Promise((resolve, reject) => {
    const opening = indexedDB.open('vscode-web-state-db-global');
    opening.onerror = reject;
    opening.onsuccess = () => {
      const db = opening.result;
      const reading = db.transaction('ItemTable').objectStore('ItemTable').get('gpu-rental.gpu-rental');
      reading.onsuccess = () => { db.close(); resolve(String(reading.result)); };
    };
  })`;
  return await page.evaluate<string>(script);
}
