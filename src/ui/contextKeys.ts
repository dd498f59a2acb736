/** What `when` and `enablement` in package.json ask; the manifest test holds both sides together. */
export const contextValues = {
  /** Which of the texts an empty list shows; a list of machines that failed is not empty, it names what failed. */
  'gpuRental.offers': ['loading', 'failed', 'empty', 'some'],
  'gpuRental.instances': ['loading', 'signedOut', 'empty', 'some'],
  'gpuRental.filtered': [true, false],
  'gpuRental.hiddenHosts': [true, false],
  'gpuRental.signedIn': [true, false],
  'gpuRental.practice': [true, false],
} as const;
export type ContextKeys = { readonly [K in keyof typeof contextValues]: (typeof contextValues)[K][number] };
export type ContextKey = keyof ContextKeys;

export type SetContext = <K extends ContextKey>(key: K, value: ContextKeys[K]) => void;

/** `run` is the editor's command runner; a value that has not changed is not sent again. */
export function createContextKeys(run: (command: string, key: string, value: unknown) => void): SetContext {
  const known = new Map<ContextKey, unknown>();
  return (key, value) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    run('setContext', key, value);
  };
}
