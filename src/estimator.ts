/** The estimator behind its port. Tables, grammars and published runs are loaded by the first question, not before. */
import type { RunLog } from './domain/runLog.ts';
import type { Estimator } from './ui/estimate/estimator.ts';

export function createEstimator(log: RunLog, now: () => number): Estimator {
  let loading: Promise<Estimator> | undefined;
  const loaded = (): Promise<Estimator> => {
    loading ??= import('./learning.ts').then(({ loadEstimating }) => loadEstimating(log, now));
    // What failed once, a file that could not be read, may work the next time.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  return {
    read: async (files, options) => (await loaded()).read(files, options),
    estimate: async (reading, offers) => (await loaded()).estimate(reading, offers),
    learn: async (reading, measured) => (await loaded()).learn(reading, measured),
  };
}
