/** Long enough for a good connection to answer, short enough that nobody wonders whether the click was seen. */
const graceMs = 500;

/**
 * Waits for what runs, and calls `show` only when that takes a while. A notification that flashes says nothing, and
 * VS Code throws away whatever comes after the third within 0.8 s: the flashes would take the place of an answer.
 */
export async function whenItLasts<T>(running: Promise<T>, show: () => void, afterMs = graceMs): Promise<T> {
  const timer = setTimeout(show, afterMs);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
  }
}
