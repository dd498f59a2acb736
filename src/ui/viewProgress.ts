import * as vscode from 'vscode';

/** The thin line that moves over a view while it waits for its first rows. */
export function viewProgress(viewId: string): { set(running: boolean): void; dispose(): void } {
  let finish: (() => void) | undefined;
  const stop = (): void => {
    finish?.();
    finish = undefined;
  };
  return {
    set: (running) => {
      if (!running) return stop();
      if (finish) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      finish = resolve;
      void vscode.window.withProgress({ location: { viewId } }, () => promise);
    },
    dispose: stop,
  };
}
