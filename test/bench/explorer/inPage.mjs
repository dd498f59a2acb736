// Runs in the page, before its own script: stands for the editor, and does what a person does. Each deed gives the
// milliseconds until it was painted.
let state;
globalThis.acquireVsCodeApi = () => ({
  postMessage: () => undefined,
  getState: () => state,
  setState: (next) => (state = next),
});

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const task = () => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => resolve(), { once: true });
  port1.start();
  port2.postMessage(undefined);
});
// Whatever waits for a frame goes on inside it, before it is painted, and the next task comes after that.
const painted = async () => {
  await frame();
  await task();
};
const timed = async (act) => {
  await painted();
  const from = performance.now();
  act();
  await painted();
  return performance.now() - from;
};
const element = (id) => document.getElementById(id);
let sent;

globalThis.hand = {
  /** Typed arrays cannot come in from outside; the editor brings them as they are. */
  take({ offers, columns, view }) {
    const typed = columns.map((column) => ({ ...column, ranks: Int32Array.from(column.ranks), ...(column.figures && { figures: Float64Array.from(column.figures) }) }));
    sent = [{ type: 'bulk', bulk: { offers, columns: typed } }, { type: 'view', view }];
  },
  /** A message is a task of its own: it is waited for, and then for what it made to be painted. */
  async receive() {
    await painted();
    const from = performance.now();
    const heard = new Promise((resolve) => addEventListener('message', ({ data }) => data.type === 'view' && resolve()));
    for (const message of sent) postMessage(message, '*');
    await heard;
    await painted();
    return performance.now() - from;
  },
  nothing: () => timed(() => undefined),
  sort: (column) => timed(() => document.querySelector(`#grid th[data-sort="${column}"]`).click()),
  search: (text) => timed(() => {
    element('search').value = text;
    element('search').dispatchEvent(new Event('input', { bubbles: true }));
  }),
  /** The longest of as many frames. */
  async scroll(frames) {
    const scroller = element('scroller');
    scroller.scrollTop = 0;
    await frame();
    let longest = 0;
    let before = await frame();
    for (let index = 1; index <= frames; index++) {
      scroller.scrollTop = index * 700;
      const now = await frame();
      longest = Math.max(longest, now - before);
      before = now;
    }
    return longest;
  },
  rows: () => Number(element('grid').getAttribute('aria-rowcount')) - 1,
};
