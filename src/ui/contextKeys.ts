/** What `when` and `enablement` in package.json ask; the manifest test holds both sides together. */
export interface ContextKeys {
  /** Which of the texts an empty list of offers shows. */
  readonly 'gpuRental.offers': 'loading' | 'failed' | 'empty' | 'some';
  readonly 'gpuRental.instances': 'loading' | 'failed' | 'signedOut' | 'empty' | 'some';
  readonly 'gpuRental.filtered': boolean;
  readonly 'gpuRental.hiddenHosts': boolean;
  readonly 'gpuRental.signedIn': boolean;
  readonly 'gpuRental.practice': boolean;
}
export type ContextKey = keyof ContextKeys;

export const contextKeys: readonly ContextKey[] = [
  'gpuRental.offers',
  'gpuRental.instances',
  'gpuRental.filtered',
  'gpuRental.hiddenHosts',
  'gpuRental.signedIn',
  'gpuRental.practice',
];

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
