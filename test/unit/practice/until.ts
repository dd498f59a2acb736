// Waits for a condition, never for a time.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

export async function until<T>(what: string, probe: () => T | Promise<T>, deadlineMs = 20_000): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > end) assert.fail(`waited in vain for ${what}`);
    await wait(5);
  }
}
