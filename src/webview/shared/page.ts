/** What every page does: it keeps its own state while it is hidden, and puts what it is sent in its place. */
import type { Html } from './html.ts';
import { Patcher } from './patch.ts';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

export interface PageKind<View, State extends { readonly scroll: number }> {
  /** What the editor kept may be of another version, or nothing. */
  readonly restored: (kept: unknown) => State;
  /** The view in a message; undefined for anything else that reaches the page. */
  readonly viewIn: (message: unknown) => View | undefined;
  /** Drawn once. */
  readonly frame: (view: View) => Html;
  readonly parts: (view: View, state: State, width: number) => ReadonlyMap<string, string>;
  /** The part that its drawings are as wide as. */
  readonly drawing: string;
}

export interface Page<State, Said extends { readonly type: string }> {
  readonly state: State;
  tell(said: Said): void;
  /** Kept over hiding. */
  keep(change: Partial<State>): void;
  draw(): void;
}

const narrowest = 220;

export function openPage<View, State extends { readonly scroll: number }, Said extends { readonly type: string }>(kind: PageKind<View, State>): Page<State, Said> {
  const { postMessage: tell, getState, setState } = acquireVsCodeApi();
  const root = document.body;
  let state = kind.restored(getState());
  let view: View | undefined;
  let patcher: Patcher | undefined;
  const drawing = (): Element => root.querySelector(`[data-part="${kind.drawing}"]`) ?? root;
  const widths = new ResizeObserver(() => draw());

  function draw(): void {
    if (view === undefined) return;
    const first = patcher === undefined;
    if (patcher === undefined) {
      patcher = new Patcher(root, kind.frame(view));
      widths.observe(drawing());
    }
    patcher.draw(kind.parts(view, state, Math.max(narrowest, Math.floor(drawing().getBoundingClientRect().width))));
    if (first) scrollTo(0, state.scroll);
  }

  function keep(change: Partial<State>): void {
    state = { ...state, ...change };
    setState(state);
  }

  addEventListener('scrollend', () => keep({ scroll: scrollY } as Partial<State>));
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    view = kind.viewIn(data) ?? view;
    draw();
  });
  tell({ type: 'ready' });
  return {
    get state() {
      return state;
    },
    tell,
    keep,
    draw,
  };
}
