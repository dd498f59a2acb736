import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `probe` until it gives something other than undefined, false or null, and gives that back.
 * The deadline is there to end a hopeless wait, not to measure: keep it generous.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  { seconds = 60, detail = (): string => '' } = {},
): Promise<Exclude<T, undefined | false | null>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await probe();
    if (isAnswer(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} s in vain: ${what}. ${detail()}`.trimEnd());
    await pause(50);
  }
}

function isAnswer<T>(answer: T): answer is Exclude<T, undefined | false | null> {
  return answer !== undefined && answer !== null && answer !== false;
}
